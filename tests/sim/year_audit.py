"""Recomputes the cases of a simulated year from its files, its events and the texts, and says what differs.

Shares nothing with the program: the procedure's text is read again, deadlines are counted again, and what a case is
follows from its events by a second reading of docs/cases.md.
"""
import datetime
import os

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
PROCEDURES = os.path.join(HERE, "..", "..", "policies", "national", "procedures")
NAMES = {"村主任": "village_head", "乡镇长": "township_head", "县区教育局长": "county_bureau_head", "县区长": "county_head",
         "县级学籍管理员": "county_roll", "校长": "principal", "班主任": "class_teacher"}
LEVELS = {"village": 12, "township": 9, "county": 6, "city": 4}


def load(name):
    with open(os.path.join(PROCEDURES, name + ".yaml"), encoding="utf-8") as file:
        return yaml.load(file, yaml.BaseLoader)


def day_of(text):
    return datetime.date.fromisoformat(text)


class Text:
    """The texts, and how days are counted by them."""

    def __init__(self):
        self.dropout = load("dropout")
        self.contacts, self.chains = load("contacts"), load("chains")
        self.steps = self.dropout["steps"]
        days = load("workdays")
        self.off = [(day_of(d["from"]), day_of(d["to"])) for d in days["holidays"]]
        self.on = [(day_of(d["from"]), day_of(d["to"])) for d in days["working"]]
        self.positions = list(self.chains["positions"])
        self.chain = self.chains["chains"]["five_in_one"]["positions"]

    def works(self, day):
        if any(a <= day <= b for a, b in self.on):
            return True
        return day.weekday() < 5 and not any(a <= day <= b for a, b in self.off)

    def after(self, day, count, working):
        if not working:
            return day + datetime.timedelta(days=count)
        while count:
            day += datetime.timedelta(days=1)
            count -= self.works(day)
        return day

    def above(self, position):
        line = self.chains["positions"][position]["line"]
        higher = [p for p in self.chain if self.chains["positions"][p]["line"] == line
                  and self.positions.index(p) > self.positions.index(position)]
        if higher:
            return min(higher, key=self.positions.index)
        last = self.chain[-1]
        ranks = ["family", "school", "village", "township", "county", "city"]
        rank = [ranks.index(self.chains["positions"][p]["level"]) for p in (last, position)]
        return last if last != position and rank[0] >= rank[1] else None


class State:
    """What events come to."""

    def __init__(self, text, events):
        self.text, self.status, self.done, self.facts = text, None, {}, {}
        self.opened = self.confirmed = self.returned = self.closed = None
        self.found, self.relapses, self.contacts, self.area, self.outcome = True, 0, 0, "", ""
        for event in events:
            self.take(day_of(event["day"]), event["event"], event["fields"])

    def begin(self, day):
        self.status, self.opened, self.done, self.found = "suspected", day, {}, True
        self.confirmed = self.returned = self.closed = None

    def base(self, step):
        return {"opened": self.opened, "confirmed": self.confirmed, "returned": self.returned}.get(
            step["from"], self.done.get(step["from"]))

    def asked(self, step):
        return "queues" not in step or set(step["queues"]) & set(self.facts.get("queue", "").split(";"))

    def owed(self, step, day=None):
        base = self.base(step)
        return base is not None and (day is None or base <= day) and self.status in step["during"] and self.asked(step) \
            and (step["key"] not in self.done or "again" in step)

    def do(self, day, by):
        for step in self.text.steps:
            if step["done_by"] == by and self.owed(step, day):
                self.done[step["key"]] = max(day, self.done.get(step["key"], day))

    def verdict(self, day, fields):
        self.outcome = fields.get("outcome", self.outcome)
        self.do(day, "verdict")

    def take(self, day, event, fields):
        if event in ("opened", "facts"):
            self.facts.update(fields)
            self.area = fields.get("area", self.area)
            if event == "opened":
                self.begin(day)
        elif event == "found":
            self.found = True
            if self.status == "returned":
                self.relapses += 1
                self.begin(day)
        elif event == "unfound":
            self.found = False
        elif event == "contact":
            self.contact(day, fields)
        elif event == "confirmed":
            self.verdict(day, fields)
            if self.status == "suspected":
                self.status, self.confirmed = "confirmed", day
        elif event == "step":
            if day >= self.opened:
                self.done[fields["step"]] = max(day, self.done.get(fields["step"], day))
        elif event == "returned":
            self.outcome = fields.get("outcome", self.outcome)
            self.status, self.returned = "returned", day
            self.found = self.found and "settle" not in fields
        elif event == "closed":
            self.verdict(day, fields)
            self.status, self.closed = "closed", day
            self.found = self.found and "settle" not in fields
        elif event == "reopened":
            self.relapses += fields.get("cause") == "relapse"
            self.begin(day)
        elif event == "transferred":
            self.area = fields["area"]

    def contact(self, day, fields):
        if self.text.contacts["results"][fields["result"]].get("reached") == "no":
            return
        self.contacts += 1
        self.do(day, "contact")
        if self.text.contacts["ways"][fields["way"]].get("home") == "yes":
            self.do(day, "visit")

    def dues(self):
        """{step: (from when, due)} of what is owed."""
        out = {}
        for step in self.text.steps:
            if not self.owed(step):
                continue
            if step["key"] in self.done:
                base = self.done[step["key"]]
                out[step["key"]] = (base, base + datetime.timedelta(days=int(step["again"])))
            else:
                base = self.base(step)
                out[step["key"]] = (base, self.text.after(base, int(step["days"]), step.get("working") == "yes"))
        return out

    def duties(self, named):
        """{(step, position): (first day, level)}"""
        out = {}
        for step in self.text.steps:
            if step["key"] not in self.dues():
                continue
            since, due = self.dues()[step["key"]]
            for owner in step["owes"]:
                position, level, first = owner, 0, since
                while position is not None:
                    known = out.get((step["key"], position))
                    if known is None or (first, level) < known:
                        out[step["key"], position] = (first, level)
                    if named(position, self):
                        level += 1
                        first = due + datetime.timedelta(days=int(self.text.dropout["escalate"]["days"]) * level)
                    position = self.text.above(position)
        return out


class Auditor:
    def __init__(self, town, offices, work):
        self.town, self.offices, self.work, self.text = town, offices, work, Text()
        self.files = {}
        self.wrong, self.counts = [], {"months": 0, "visible": 0, "hidden": 0, "closed": 0, "duties": 0, "late": 0, "relapses": 0}

    def say(self, day, sentence):
        self.wrong.append(f"{day}: {sentence}")

    # -- what the files say -----------------------------------------------------------------------
    def present(self, child):
        return any(child in pupils for pupils in self.offices.attending.values())

    def on_roll(self, child):
        return any(child in pupils for pupils in self.offices.roll.values())

    def explained(self, child):
        return child in self.offices.told

    def visible(self, child):
        """By the newest lists the child is missed."""
        return not self.explained(child) and not self.present(child)

    def named(self):
        rows = []
        for name in ("责任人.csv", "责任人春.csv"):
            path = os.path.join(self.offices.folder, name)
            if not os.path.exists(path):
                continue
            with open(path, encoding="utf-8") as file:
                fresh = [line.rstrip("\r\n").split(",") for line in file][1:]
            # A list speaks for the areas that it names; of the others the one before holds.
            areas = {row[0] for row in fresh}
            rows = [row for row in rows if row[0] not in areas] + fresh
        names = {}
        for area, _, code, position, holder, _ in rows:
            key = NAMES[position]
            level = self.text.chains["positions"][key]["level"]
            names[key, code if level == "school" else area[:LEVELS[level]]] = holder
        self.names = names

        def is_named(position, state):
            level = self.text.chains["positions"][position]["level"]
            if level == "family":
                return True
            unit = state.facts.get("school_code", "") if level == "school" else state.area[:LEVELS[level]] \
                if len(state.area) >= LEVELS[level] else ""
            return (position, unit) in names
        return is_named

    # -- the audit of a month ---------------------------------------------------------------------
    def read_cases(self, day):
        cases = {}
        for row in self.work.cases(day, "--status", "all"):
            if row["procedure"] != "dropout":
                continue
            if row["name"] in cases:
                self.say(day, f"{row['name']} has two cases")
            cases[row["name"]] = row
        return cases

    def month(self, day):
        self.counts["months"] += 1
        before = self.work.cases(day, "--status", "all")
        first = self.work.run("check", "--at", str(day))
        cases = self.read_cases(day)
        if self.work.cases(day, "--status", "all") != before:
            self.say(day, "running again changed the cases")
        if self.work.run("check", "--at", str(day)) != first:
            self.say(day, "running again gave other findings")
        files = {}
        for name, row in cases.items():
            # What has not changed since it was looked at is not read again, but for new names in spring.
            known = self.files.get(name)
            if known is None or known["version"] != row["version"] or day.month == 3:
                known = self.work.case(row["case"], day)
                self.audit_case(day, row, known)
            files[name] = self.files[name] = known
        for child in self.town.children:
            self.audit_child(day, child, cases.get(child.name), files.get(child.name))
        self.audit_late(day, first, cases)

    def audit_child(self, day, child, row, file):
        """Every child who is truly missing, and is missed by the lists, is in an open case or lawfully closed."""
        if self.visible(child):
            self.counts["visible"] += child.state == "missing"
            if row is None:
                self.say(day, f"{child.name} ({child.state}) is in no case")
            elif row["status"] == "closed" and not self.holds(day, file):
                self.say(day, f"{child.name} ({child.state}): case {row['case']} is closed, and nothing explains it")
        elif child.state == "missing":
            self.counts["hidden"] += 1

    def holds(self, day, file):
        last = [e for e in self.events(file) if e["event"] == "closed"][-1]
        if "settle" in last["fields"]:
            return last["day"] == str(day) and False
        outcome = self.text.dropout["outcomes"][last["fields"]["outcome"]]
        if outcome["holds"] == "ever":
            return True
        return day <= day_of(last["day"]) + datetime.timedelta(days=int(outcome["holds"]))

    def events(self, file):
        out = []
        for event in file["events"]:
            fields = {}
            for part in event["text"].split("; "):
                key, _, value = part.partition("=")
                fields[key] = value
            fields.pop("", None)
            out.append({"day": event["day"], "event": event["event"], "fields": fields, "version": event["version"]})
        return out

    def audit_case(self, day, row, file):
        events = self.events(file)
        case = f"case {row['case']}"
        if [e["version"] for e in events] != list(range(1, len(events) + 1)):
            self.say(day, f"{case}: versions {[e['version'] for e in events]}")
        state = State(self.text, events)
        self.counts["relapses"] = max(self.counts["relapses"], state.relapses)
        for key, mine, theirs in (("status", state.status, row["status"]), ("area", state.area, row["area"]),
                                  ("contacts", state.contacts, row["contacts"]), ("relapses", state.relapses, row["relapses"]),
                                  ("outcome", state.outcome, row["outcome"]), ("status shown", state.status, file["status"])):
            if mine != theirs:
                self.say(day, f"{case}: {key} is {theirs}, and the events come to {mine}")
        self.audit_proofs(day, case, events)
        if state.status != "closed":
            self.audit_deadlines(day, case, row, file, state)

    def audit_proofs(self, day, case, events):
        """What closed this month by the registers is proved by the files of the month."""
        for event in events:
            if event["event"] != "closed":
                continue
            self.counts["closed"] += 1
            fields = event["fields"]
            outcome = self.text.dropout["outcomes"].get(fields.get("outcome"), {})
            if outcome.get("closes") != "yes":
                self.say(day, f"{case}: closed under {fields.get('outcome')}, which does not close")
            if "settle" not in fields and not fields.get("evidence") and not fields.get("file"):
                self.say(day, f"{case}: closed without evidence")
            if "settle" in fields and event["day"] == str(day) and fields["settle"] != "over_age":
                name = events[0]["fields"]["name"]
                child = next(c for c in self.town.children if c.name == name)
                proved = {"present": self.present, "on_roll": self.on_roll, "lawful": self.explained}[fields["settle"]](child)
                if not proved:
                    self.say(day, f"{case}: closed by {fields['settle']}, which no file shows")

    def audit_deadlines(self, day, case, row, file, state):
        dues = state.dues()
        theirs = {s["step"]: s["due"] for s in file["steps"] if s["standing"] == "owed"}
        mine = {key: str(due) for key, (_, due) in dues.items()}
        if mine != theirs:
            self.say(day, f"{case}: owed {theirs}, by the text {mine}")
        earliest = min(mine.values(), default="")
        if row["due"] != earliest:
            self.say(day, f"{case}: due {row['due']}, by the text {earliest}")
        duties = {(d["step"], d["position"]): (day_of(d["since"]), d["level"]) for d in file["duties"]}
        expected = state.duties(self.named())
        self.counts["duties"] += len(expected)
        if duties != expected:
            differ = sorted(set(duties.items()) ^ set(expected.items()), key=str)[:4]
            self.say(day, f"{case}: duties differ: {differ}")
        for duty in file["duties"]:
            level = self.text.chains["positions"][duty["position"]]["level"]
            unit = state.facts.get("school_code", "") if level == "school" else state.area[:LEVELS.get(level, 0)]
            if duty["holder"] != self.names.get((duty["position"], unit), ""):
                self.say(day, f"{case}: {duty['position']} is {duty['holder']}")

    def audit_late(self, day, findings, cases):
        """Each case with something overdue is one finding of the run, and no other is."""
        late = {line.split(",")[11].split(";")[1] for line in findings.splitlines()[1:] if ",duty_late," in line
                and "step=dropout." in line}
        expected = {f"case={row['case']}" for row in cases.values()
                    if row["status"] != "closed" and row["due"] and row["due"] < str(day)}
        self.counts["late"] += len(expected)
        if late != expected:
            self.say(day, f"overdue {sorted(late)}, by the dues {sorted(expected)}")

    def end(self, day):
        """What lies with each role half a month on, and lists of parts together are the whole."""
        later = day + datetime.timedelta(days=17)
        named = self.named()
        expected = {role: set() for role in ("school", "township", "county", "city")}
        for row in self.work.cases(later, "--status", "open", "--procedure", "dropout"):
            state = State(self.text, self.events(self.work.case(row["case"], later)))
            for (_, position), (since, _) in state.duties(named).items():
                role = self.text.chains["positions"][position].get("role")
                if role and since <= later:
                    expected[role].add(row["case"])
        for role, mine in expected.items():
            theirs = {row["case"] for row in self.work.cases(later, "--role", role, "--procedure", "dropout")}
            if mine != theirs:
                self.say(later, f"with the {role} lie {sorted(theirs ^ mine)[:5]} otherwise")
        whole = [row["case"] for row in self.work.cases(later)]
        parts = [row["case"] for area in ("620422101", "620422102", "620422103")
                 for row in self.work.cases(later, "--area", area)]
        if sorted(whole) != sorted(parts):
            self.say(later, "the areas together are not the whole")

    def summary(self):
        return ", ".join(f"{key} {value}" for key, value in self.counts.items())
