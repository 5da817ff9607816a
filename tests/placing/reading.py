#!/usr/bin/env python3
"""An independent reading of "Placing" in the promise to users: applicants to programmes, in plain words.

Shares nothing with the program. Slow and direct on purpose: what the text says, in the order in which
it says it.

    reading.py RULES.yaml P.csv A.csv C.csv O.csv [Q.csv]
"""
import csv
import sys
from fractions import Fraction

import yaml


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def ceiling(number):
    return -((-number.numerator) // number.denominator)


def batches_of(rules):
    """Each batch, followed by its supplementary rounds: (key, settings, lowered, whose groups)."""
    for batch in rules["batches"]:
        home = str(batch.get("of", batch["key"]))
        yield str(batch["key"]), batch, 0, home
        supplement = batch.get("supplement") or {}
        for number in range(1, supplement.get("rounds", 0) + 1):
            yield f"{batch['key']}+{number}", batch, supplement.get("lower", 0), home


def line_of(batch, lowered, track, plan):
    lines = batch.get("lines") or {}
    by_plan = lines.get(track, lines.get("*"))
    if isinstance(by_plan, dict):
        by_plan = by_plan.get(plan, by_plan.get("*"))
    return None if by_plan is None else by_plan - lowered


def has_subjects(applicant, programme):
    own = {word.strip() for word in (applicant.get("subjects") or "").split(";")}
    for wanted in (programme.get("subjects") or "").split(";"):
        if wanted.strip() and not own & {word.strip() for word in wanted.split("|")}:
            return False
    return True


class Run:
    def __init__(self, rules, programmes, applicants, choices, allotments=()):
        self.rules = rules
        self.order = [key for key, *_ in batches_of(rules)]
        # {(batch, group, junior school): seats that are not given yet}
        self.allotted = {(row["batch"], row["group"], row["source"]): int(row["seats"])
                         for row in allotments}
        self.applicants = {row["applicant"]: row for row in applicants}
        self.groups, self.free = {}, {}
        for row in programmes:
            self.groups.setdefault(row["group"], []).append(row)
            self.free[row["group"], row["programme"]] = int(row["quota"])
        for group in self.groups.values():
            group.sort(key=lambda row: row["programme"].encode())
        self.given = dict(self.allotted)
        self.choices = {}
        for row in choices:
            own = self.choices.setdefault((row["batch"], row["applicant"]), {})
            own[int(row["rank"])] = row
        self.placed = {}
        self.before = {}  # {batch or round: (free seats, allotted seats not given, placed) when it began}

    def score(self, applicant):
        row = self.applicants[applicant]
        return [int(row["total"])] + [int(row[tie]) for tie in self.rules.get("ties") or []]

    def held(self, key, group):
        """Seats of a group that a batch leaves to junior schools: their batch is still to come, or what
        it did not use is not open to all, or not yet."""
        sum_of = 0
        for (batch, own, _), seats in self.allotted.items():
            rules = next(rules for rules in self.rules["batches"] if str(rules["key"]) == batch)
            rest = rules["allot"].get("rest")
            opened = rest is not None and self.order.index(key) >= self.order.index(str(rest))
            if own == group and not opened:
                sum_of += seats
        return sum_of

    def general_line(self, group, home):
        """The lowest total that batch `home` itself placed in the group; None: nobody."""
        totals = [int(self.applicants[row[0]]["total"]) for row in self.placed.values()
                  if row[1] == home and row[2] == group]
        return min(totals, default=None)

    def above_floor(self, applicant, group, batch, lowered):
        """The total is not too far below the general line of the group."""
        line = self.general_line(group, str(batch["of"]))
        if "below" not in batch["allot"] or line is None:
            return True
        return int(self.applicants[applicant]["total"]) >= line - batch["allot"]["below"] - lowered

    def may(self, applicant, group, batch, lowered, floors=True):
        own, first = self.applicants[applicant], self.groups[group][0]
        if first["track"] and first["track"] != own["track"]:
            return False
        if first["county"] and first["county"] != own["county"]:
            return False
        if first["plan"] != "general" and first["plan"] not in own["plans"].split(";"):
            return False
        line = line_of(batch, lowered, own["track"], first["plan"])
        if line is not None and int(own["total"]) < line:
            return False
        if "allot" in batch:
            if self.given.get((str(batch["key"]), group, own["source"]), 0) == 0:
                return False
            if floors and not self.above_floor(applicant, group, batch, lowered):
                return False
        return any(has_subjects(own, programme) for programme in self.groups[group])

    def classes(self, key):
        """Those with choices in the batch who are not placed, best first, equals together."""
        going = [name for name in self.applicants
                 if name not in self.placed and (key, name) in self.choices]
        going.sort(key=lambda name: ([-part for part in self.score(name)], name.encode()))
        together = []
        for name in going:
            if together and self.score(together[-1][0]) == self.score(name):
                together[-1].append(name)
            else:
                together.append([name])
        return together

    def step(self, key, batch, lowered, names, rank, sent, room):
        asked = {}
        for name in names:
            choice = self.choices[key, name].get(rank)
            if name in sent or choice is None:
                continue
            taker = self.taker(batch, name, choice["group"])
            if self.may(name, choice["group"], batch, lowered) and room[taker] > 0:
                asked[name] = choice
        for name, choice in asked.items():
            sent[name] = choice
            room[self.taker(batch, name, choice["group"])] -= 1

    def taker(self, batch, applicant, group):
        """Who counts the file: the group, or what it gives to one junior school."""
        return (group, self.applicants[applicant]["source"]) if "allot" in batch else group

    def send(self, key, batch, lowered, home):
        room, sent = {}, {}
        ratio = Fraction(str(batch["ratio"]))
        for code, group in self.groups.items():
            seats = sum(self.free[code, row["programme"]] for row in group) - self.held(key, code)
            fits = group[0]["batch"] == home and "allot" not in batch
            room[code] = ceiling(seats * ratio) if fits else 0
        for (of, code, source), seats in self.allotted.items():
            if of == str(batch["key"]):
                room[code, source] = ceiling(seats * ratio)
        together = self.classes(key)
        ranks = range(1, batch["choices_max"] + 1)
        if batch["mode"] == "parallel":
            for names in together:
                for rank in ranks:
                    self.step(key, batch, lowered, names, rank, sent, room)
        else:
            for rank in ranks:
                for names in together:
                    self.step(key, batch, lowered, names, rank, sent, room)
        return sent

    def admit(self, key, batch, sent):
        def order(name):
            first = int(sent[name]["rank"]) if batch["mode"] == "sequential" else 0
            return (first, [-part for part in self.score(name)], name.encode())
        for name in sorted(sent, key=order):
            choice, own = sent[name], self.applicants[name]
            group = self.groups[choice["group"]]
            by_code = {row["programme"]: row for row in group}
            majors = [major for major in choice["majors"].split(";") if major]
            tries = [(major, f"wish{n}") for n, major in enumerate(majors, 1)]
            if choice["adjust"] == "yes":
                tries += [(row["programme"], "adjusted") for row in group]
            for major, via in tries:
                seat = choice["group"], major
                given = str(batch["key"]), choice["group"], own.get("source")
                left = self.allotted[given] if "allot" in batch else self.free[seat] - self.held(key, seat[0])
                if left > 0 and has_subjects(own, by_code[major]):
                    self.free[seat] -= 1
                    if "allot" in batch:
                        self.allotted[given] -= 1
                    self.placed[name] = [name, key, *seat, choice["rank"], via]
                    break

    def run(self):
        for key, batch, lowered, home in batches_of(self.rules):
            self.before[key] = dict(self.free), dict(self.allotted), dict(self.placed)
            self.admit(key, batch, self.send(key, batch, lowered, home))
        return [self.placed[name] for name in sorted(self.placed, key=str.encode)]


def why(run, applicant, choice):
    """What a run, when it is over, says of one choice: own seats, those reserved, general line and floor, and
    how many were placed in the group by an allotment though they stand behind."""
    key, group, own = choice["batch"], choice["group"], run.applicants[applicant]
    batch, lowered, home = next((b, lowered, home) for k, b, lowered, home in batches_of(run.rules) if k == key)
    said = {"allotted": "allot" in batch, "reserved": 0, "general_line": None, "floor": None}
    then = Run.__new__(Run)
    then.__dict__.update(run.__dict__)
    then.free, then.allotted, then.placed = run.before[key]
    if said["allotted"]:
        said["seats"] = then.allotted.get((str(batch["key"]), group, own["source"]), 0)
        if "below" in batch["allot"] and any(of[:2] == (str(batch["key"]), group) for of in run.given):
            said["general_line"] = then.general_line(group, home)
        if said["general_line"] is not None:
            said["floor"] = said["general_line"] - batch["allot"]["below"] - lowered
    else:
        said["reserved"] = then.held(key, group)
        said["seats"] = sum(then.free[group, row["programme"]] for row in run.groups[group]) - said["reserved"]
    allots = {k for k, b, *_ in batches_of(run.rules) if "allot" in b}
    said["ahead_by_allotment"] = sum(row[1] in allots and row[2] == group and run.score(row[0]) < run.score(applicant)
                                     for row in run.placed.values())
    return said


def place(rules, programmes, applicants, choices, allotments=None):
    with open(rules, encoding="utf-8") as file:
        run = Run(yaml.safe_load(file), rows(programmes), rows(applicants), rows(choices),
                  rows(allotments) if allotments else ())
    return run.run()


def main():
    result = place(*sys.argv[1:5], *sys.argv[6:7])
    with open(sys.argv[5], "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["applicant", "batch", "group", "programme", "choice_rank", "via"])
        out.writerows(result)


if __name__ == "__main__":
    main()
