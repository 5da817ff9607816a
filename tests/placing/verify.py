#!/usr/bin/env python3
"""The verifier passes true results and finds what is planted in them, on the random instances of agree.py.

    verify.py BAOXUE [--times N] [--seed S]

Each kind of plant says which codes may name it. Whatever differs from the true result has to be found, in every
component of groups that it touches. Ends with 1 at the first miss and keeps the instance.
"""
import argparse
import collections
import csv
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

import yaml

import agree
import reading

COLUMNS = ["applicant", "batch", "group", "programme", "choice_rank", "via"]
APPLICANT, BATCH, GROUP, PROGRAMME, RANK, VIA = range(6)
FILES = ["r.yaml", "p.csv", "a.csv", "c.csv", "q.csv"]


class Instance:
    """The files of one instance, its true result, and what plants need to know of it."""

    def __init__(self, folder, rng, true):
        self.folder, self.rng, self.true = folder, rng, true
        with open(f"{folder}/r.yaml", encoding="utf-8") as file:
            rules = yaml.safe_load(file)
        tables = [f"{folder}/{name}" for name in FILES[1:] if os.path.exists(f"{folder}/{name}")]
        self.rules = rules
        self.run = reading.Run(rules, *map(reading.rows, tables))
        for row in true:
            self.run.placed[row[APPLICANT]] = row
        self.batches = {key: (batch, lowered) for key, batch, lowered, _ in reading.batches_of(rules)}
        self.choices = [row for own in self.run.choices.values() for row in own.values()]
        self.placed = {row[APPLICANT] for row in true}
        self.barred = [row for row in self.choices if not self.may(row)]

    def may(self, choice):
        batch, lowered = self.batches[choice["batch"]]
        return self.run.may(choice["applicant"], choice["group"], batch, lowered, floors=False)

    def row_of(self, choice):
        """A row that places by this choice, as plausible as can be."""
        majors = [major for major in choice["majors"].split(";") if major]
        if majors:
            return [choice["applicant"], choice["batch"], choice["group"], majors[0], choice["rank"], "wish1"]
        first = self.run.groups[choice["group"]][0]["programme"]
        return [choice["applicant"], choice["batch"], choice["group"], first, choice["rank"], "adjusted"]

    def components(self, result):
        """{group: the smallest code of those it is tied to}"""
        up = {group: group for group in self.run.groups}

        def root(group):
            while up[group] != group:
                group = up[group]
            return group
        own = collections.defaultdict(list)
        for choice in self.choices:
            if self.may(choice):
                own[choice["applicant"]].append(choice["group"])
        for row in result:
            if row[APPLICANT] in self.run.applicants and row[GROUP] in up and row[BATCH] in self.batches \
                    and any(row[PROGRAMME] == p["programme"] for p in self.run.groups[row[GROUP]]):
                own[row[APPLICANT]].append(row[GROUP])
        for groups in own.values():
            for group in groups[1:]:
                up[root(group)] = root(groups[0])
        names = {}
        for group in sorted(up, key=str.encode):
            names.setdefault(root(group), group)
        return {group: names[root(group)] for group in up}


def in_order(rows):
    return sorted(rows, key=lambda row: row[APPLICANT].encode())


def swap(it):
    """Two of the placed change places, each by an own choice where there is one."""
    if len(it.true) < 2:
        return None
    rows = [list(row) for row in it.true]
    a, b = it.rng.sample(rows, 2)
    a[1:], b[1:] = b[1:], a[1:]
    return rows


def swap_programmes(it):
    """Two of the placed of one group change programmes."""
    rows = [list(row) for row in it.true]
    pairs = [(a, b) for a in rows for b in rows
             if a[GROUP] == b[GROUP] and a[PROGRAMME] < b[PROGRAMME]]
    if not pairs:
        return None
    a, b = it.rng.choice(pairs)
    for row, major in [(a, b[PROGRAMME]), (b, a[PROGRAMME])]:
        row[PROGRAMME] = major
        wishes = it.run.choices[row[BATCH], row[APPLICANT]][int(row[RANK])]["majors"].split(";")
        row[VIA] = f"wish{wishes.index(major) + 1}" if major in wishes else "adjusted"
    return rows


def overfill(it):
    """One more than there are seats, in a programme that is full."""
    count = collections.Counter((row[GROUP], row[PROGRAMME]) for row in it.true)
    full = [seat for seat, rows in enumerate_seats(it) if count[seat] == rows]
    more = [choice for choice in it.choices if choice["applicant"] not in it.placed
            and (choice["group"], it.row_of(choice)[PROGRAMME]) in full]
    return in_order(it.true + [it.row_of(it.rng.choice(more))]) if more else None


def enumerate_seats(it):
    return [((code, row["programme"]), int(row["quota"])) for code, rows in it.run.groups.items() for row in rows]


def ineligible(it):
    more = [choice for choice in it.barred if choice["applicant"] not in it.placed]
    return in_order(it.true + [it.row_of(it.rng.choice(more))]) if more else None


def skipped(it):
    """One who is placed gives the seat to one who is not and chose that group."""
    pairs = [(row, choice) for row in it.true for choice in it.choices
             if choice["applicant"] not in it.placed
             and (choice["batch"], choice["group"]) == (row[BATCH], row[GROUP])]
    if not pairs:
        return None
    row, choice = it.rng.choice(pairs)
    return in_order([r for r in it.true if r is not row] + [it.row_of(choice)])


def missing(it):
    kept = list(it.true)
    return kept if kept and kept.pop(it.rng.randrange(len(kept))) else None


def change(column, value):
    """A plant that writes value(row) into a column of one row."""
    def plant(it):
        rows = [list(row) for row in it.true]
        if not rows:
            return None
        row = it.rng.choice(rows)
        row[column] = value(it, row)
        return in_order(rows)
    return plant


def unsorted(it):
    rows = list(it.true)
    if len(rows) < 2:
        return None
    at = it.rng.randrange(len(rows) - 1)
    rows[at], rows[at + 1] = rows[at + 1], rows[at]
    return rows


def twice(it):
    return in_order(it.true + [it.rng.choice(it.true)]) if it.true else None


def waiting(it, fits):
    """A row for one who is not placed, by a choice that `fits`, where the programme has a seat left."""
    count = collections.Counter((row[GROUP], row[PROGRAMME]) for row in it.true)
    left = {seat for seat, seats in enumerate_seats(it) if count[seat] < seats}
    more = [choice for choice in it.choices if choice["applicant"] not in it.placed and fits(choice)
            and (choice["group"], it.row_of(choice)[PROGRAMME]) in left]
    return in_order(it.true + [it.row_of(it.rng.choice(more))]) if more else None


def allots(it, choice):
    return "allot" in it.batches[choice["batch"]][0]


def other_school(it):
    """One whose junior school has no seats there is placed by an allotment."""
    return waiting(it, lambda choice: allots(it, choice) and it.run.given.get(
        (it.batches[choice["batch"]][0]["key"], choice["group"],
         it.run.applicants[choice["applicant"]]["source"]), 0) == 0)


def below_floor(it):
    """One is placed by an allotment who is too far below the general line."""
    def fits(choice):
        batch, lowered = it.batches[choice["batch"]]
        return allots(it, choice) and it.may(choice) \
            and not it.run.above_floor(choice["applicant"], choice["group"], batch, lowered)
    return waiting(it, fits)


def given_twice(it):
    """A seat that another junior school left is given to one whose own has used up its seats."""
    used = collections.Counter((it.batches[row[BATCH]][0]["key"], row[GROUP],
                                it.run.applicants[row[APPLICANT]]["source"]) for row in it.true
                               if "allot" in it.batches[row[BATCH]][0])

    def fits(choice):
        own = (it.batches[choice["batch"]][0]["key"], choice["group"],
               it.run.applicants[choice["applicant"]].get("source"))
        return allots(it, choice) and it.may(choice) and used[own] == it.run.given[own]
    return waiting(it, fits)


def reserved(it):
    """A seat that is kept for junior schools is given in a batch open to all."""
    order = it.run.order

    def fits(choice):
        if allots(it, choice) or not it.may(choice):
            return False
        free, held = 0, 0
        for key in order[:order.index(choice["batch"])]:
            free -= sum(row[BATCH] == key and row[GROUP] == choice["group"] for row in it.true)
        free += sum(int(row["quota"]) for row in it.run.groups[choice["group"]])
        left = dict(it.run.given)
        for row in it.true:
            own = (it.batches[row[BATCH]][0]["key"], row[GROUP], it.run.applicants[row[APPLICANT]].get("source"))
            if order.index(row[BATCH]) < order.index(choice["batch"]) and own in left and "allot" in it.batches[row[BATCH]][0]:
                left[own] -= 1
        for (batch, group, _), seats in left.items():
            rest = it.batches[batch][0]["allot"].get("rest")
            if group == choice["group"] and (rest is None or order.index(choice["batch"]) < order.index(rest)):
                held += seats
        given = sum(row[BATCH] == choice["batch"] and row[GROUP] == choice["group"] for row in it.true)
        return held > 0 and given == free - held
    return waiting(it, fits)


def anything(it):
    """A choice of anybody, placed or not, in the place of whatever that applicant has."""
    if not it.choices:
        return None
    row = it.row_of(it.rng.choice(it.choices))
    return in_order([r for r in it.true if r[APPLICANT] != row[APPLICANT]] + [row])


PLANTS = {  # the plant, and codes of which one has to be found (none: any)
    "swap": (swap, []),
    "swap_programmes": (swap_programmes, []),
    "overfill": (overfill, ["overfilled"]),
    "ineligible": (ineligible, ["barred", "not_allotted"]),
    "other_school": (other_school, ["not_allotted", "barred"]),
    "below_floor": (below_floor, ["below_floor"]),
    "given_twice": (given_twice, ["allotment_overfilled"]),
    "reserved": (reserved, ["reserved_taken"]),
    "skipped": (skipped, ["passed_over"]),
    "missing": (missing, ["passed_over"]),
    "via": (change(VIA, lambda it, row: it.rng.choice(["wish9", "wish0", "", "Adjusted", "wish01"])), ["wrong_via"]),
    "rank": (change(RANK, lambda it, row: str(int(row[RANK]) + it.rng.choice([1, -1]))), ["wrong_rank"]),
    "rank_text": (change(RANK, lambda it, row: "0" + row[RANK]), ["wrong_rank"]),
    "applicant": (change(APPLICANT, lambda it, row: "nobody"), ["unknown_applicant"]),
    "batch": (change(BATCH, lambda it, row: "b9"), ["unknown_batch"]),
    "group": (change(GROUP, lambda it, row: "nowhere"), ["unknown_group"]),
    "programme": (change(PROGRAMME, lambda it, row: "nothing"), ["unknown_programme"]),
    "other_group": (change(GROUP, lambda it, row: it.rng.choice(list(it.run.groups))), []),
    "other_programme": (change(PROGRAMME, lambda it, row: it.rng.choice(it.run.groups[row[GROUP]])["programme"]), []),
    "other_batch": (change(BATCH, lambda it, row: it.rng.choice(list(it.batches))), []),
    "unsorted": (unsorted, ["unsorted"]),
    "twice": (twice, ["placed_twice"]),
    "anything": (anything, []),
}


def verify(program, folder, result):
    agree.write(f"{folder}/planted.csv", COLUMNS, result)
    command = [program, "place", "verify", "--json", *agree.files_of(folder), "--result", f"{folder}/planted.csv"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"exit {done.returncode}: {done.stderr}")
    found = json.loads(done.stdout)
    if (done.returncode == 0) != found["in_order"] or found["in_order"] != (found["violations"] == []):
        raise SystemExit(f"exit {done.returncode} does not fit {done.stdout}")
    return found


def miss(it, planted, found, codes):
    """What the verifier should have said of a planted result; None when all is well."""
    if [list(row) for row in planted] == [list(row) for row in it.true]:
        return None if found["in_order"] else "finds fault with the true result"
    if found["in_order"]:
        return "finds nothing"
    named = {violation["code"] for violation in found["violations"]}
    if codes and not named & set(codes):
        return f"names {sorted(named)}, not {codes}"
    components = it.components(planted)
    touched = {part["component"] for part in found["touched"]}
    differ = set(map(tuple, planted)) ^ set(map(tuple, it.true))
    for row in differ:
        if row[GROUP] in components and components[row[GROUP]] not in touched:
            return f"does not name component {components[row[GROUP]]} of {row}"
    if found["components"] != len(set(components.values())):
        return f"counts {found['components']} components, not {len(set(components.values()))}"
    return None


def miss_share(program, it):
    """Rules that ask for every seat to be allotted: placing refuses, the verifier names each group."""
    allotting = [batch for batch in it.rules["batches"] if "allot" in batch]
    if not allotting or not it.run.given:
        return None, 0
    few = set()
    for batch in allotting:
        batch["allot"]["least"] = "1"
        given = collections.Counter()
        for (key, group, _), seats in it.run.given.items():
            given[group] += seats if key == batch["key"] else 0
            if key == batch["key"]:
                few.add((key, group))
        few -= {(batch["key"], group) for group, seats in given.items()
                if seats >= sum(int(row["quota"]) for row in it.run.groups[group])}
    with open(f"{it.folder}/r.yaml", "w", encoding="utf-8") as file:
        yaml.safe_dump(it.rules, file, sort_keys=False)
    found = verify(program, it.folder, it.true)
    named = {(violation["batch"], violation["group"]) for violation in found["violations"]}
    if named != few or any(violation["code"] != "share" for violation in found["violations"]):
        return f"names the shares of {sorted(named)}, not {sorted(few)}", 0
    done = subprocess.run([program, "place", "run", *agree.files_of(it.folder), "--out", f"{it.folder}/o2.csv"],
                          capture_output=True, text=True, check=False)
    if done.returncode != (3 if few else 0) or (few and "q.csv" not in done.stderr):
        return f"place run exits {done.returncode}: {done.stderr}", 0
    return None, len(few)


def keep(folder, name, sentence, number, seed):
    kept = tempfile.mkdtemp(prefix="verify-")
    for file in os.listdir(folder):
        shutil.copy(os.path.join(folder, file), kept)
    sys.exit(f"instance {number} of seed {seed}, {name}: the verifier {sentence}: {kept}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    counts = collections.Counter()
    for number in range(options.times):
        with tempfile.TemporaryDirectory() as folder:
            rng = random.Random(options.seed * 7000003 + number)
            agree.make(rng, folder, allotted=0.8)
            it = Instance(folder, rng, agree.run(options.program, folder))
            plants = {"nothing": (lambda it: it.true, [])} | PLANTS
            for name, (plant, codes) in plants.items():
                planted = plant(it)
                if planted is None:
                    continue
                found = verify(options.program, folder, planted)
                sentence = miss(it, planted, found, codes)
                if sentence:
                    keep(folder, name, sentence, number, options.seed)
                counts[name] += not found["in_order"]
            sentence, shares = miss_share(options.program, it)
            if sentence:
                keep(folder, "share", sentence, number, options.seed)
            counts["share"] += shares
    never = [name for name in [*PLANTS, "share"] if counts[name] == 0]
    if never:
        sys.exit(f"never planted: {never}")
    print(f"{options.times} instances pass; found: " + ", ".join(f"{n} {c}" for n, c in counts.items() if c))


if __name__ == "__main__":
    main()
