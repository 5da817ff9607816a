#!/usr/bin/env python3
"""Compares `baoxue aid decide` with the second reading of the aid rules (reading.py), row by row and fen for fen.

    agree.py BAOXUE [--rows 150] [--seed 1] [--days DAY,DAY…] [--differences 10]

Random files of students, one a day, on each day from 2010 to 2026 on which a rule changes, the day before, the day
after, and some days between; every combination of the inputs that a stage's schemes ask about, on some of these days;
each scheme alone; files that must be refused. All columns but `cites` are compared; `cites` names something for each
`yes`. With BAOXUE_TEST_LONG set: more rows, more days, and every combination on every day. Exit code 1 on any difference.
"""
import argparse
import csv
import datetime
import itertools
import os
import random
import re
import subprocess
import sys
import tempfile

import reading
from words import Layout

FIRST, LAST = datetime.date(2010, 1, 1), datetime.date(2026, 12, 31)
COUNTIES = ["620421", "620422", "620423", "620402", "620403", "620401", "620400", "620102", "110101"]
FEES = ["0", "1", "2", "3", "50000", "65001", "123456", "99999999"]
GRADES = [str(n) for n in range(1, 7)]
ODD_GRADES = ["7", "8", "9", "10", "11", "12"]


def days(rng, between):
    """Each day of change with its neighbours, the ends of terms and February, and some days between."""
    found = {FIRST, LAST, datetime.date(2012, 2, 29), datetime.date(2024, 2, 29), datetime.date(2025, 1, 1),
             datetime.date(2025, 2, 28), datetime.date(2026, 2, 28), datetime.date(2026, 8, 31)}
    for text in reading.CHANGES:
        found |= {reading.day(text) + datetime.timedelta(n) for n in (-1, 0, 1)}
    found |= {FIRST + datetime.timedelta(rng.randrange((LAST - FIRST).days)) for _ in range(between)}
    return sorted(d for d in found if FIRST <= d <= LAST)


# ---- students --------------------------------------------------------------------------------------------------


def some_categories(rng):
    kind = rng.randrange(10)
    if kind < 2:
        return "none"
    if kind < 7:
        return rng.choice(reading.CATEGORIES)
    words = rng.sample(reading.CATEGORIES, 2 if kind < 9 else rng.randrange(3, 11))
    return ";".join(words)


def some_id(rng, number):
    return rng.choice([str(number), f"{number:06d}", f"s{number}", f"S{number}", f"学生{number}", f"x-{number}_{number % 7}"])


def random_student(rng, number, empty):
    """Every column is drawn, also those that no scheme of the stage asks about."""
    values = {
        "grade": rng.choice(GRADES if rng.random() < 0.9 else ODD_GRADES), "boarding": rng.choice(["yes", "no"]),
        "categories": some_categories(rng), "school_county": rng.choice(COUNTIES), "home_county": rng.choice(COUNTIES),
        "school_rural": rng.choice(["yes", "no"]), "home_rural": rng.choice(["yes", "no"]),
        "major_class": rng.choice(reading.MAJORS),
        "fee_fen": rng.choice(FEES) if rng.random() < 0.5 else str(rng.randrange(1_000_000))}
    return {"id": some_id(rng, number), "stage": rng.choice(reading.STAGES)} | {
        name: "" if rng.random() < empty else value for name, value in values.items()}


def random_students(rng, count):
    empty = rng.choice([0, 0.1, 0.3, 0.6])
    students = [random_student(rng, n, empty) for n in range(count)]
    rng.shuffle(students)
    return list({s["id"]: s for s in students}.values())


def all_combinations():
    """Each stage with every value, and none, of each input that its schemes ask about."""
    yes_no, category = ["", "yes", "no"], ["", "none", *reading.CATEGORIES, "orphan;monitored", "dibao_urban;disabled"]
    asked = {
        "preschool": {"grade": ["", "1", "2", "3", "4"], "fee_fen": ["", "0", "65001"]},
        "primary": {"boarding": yes_no, "categories": category, "school_rural": yes_no,
                    "school_county": ["", "620421", "620402", "620401"]},
        "senior": {"categories": category, "fee_fen": ["", "0", "65001"]},
        "vocational": {"grade": ["", "1", "2", "3", "4"], "categories": category, "home_rural": yes_no,
                       "home_county": ["", "620423", "620403"], "major_class": ["", *reading.MAJORS]},
        "college": {"categories": category},
    }
    asked |= {"junior": asked["primary"], "undergraduate": asked["college"], "postgraduate": asked["college"]}
    students = []
    for stage, inputs in asked.items():
        for values in itertools.product(*inputs.values()):
            students.append(reading.blank() | {"id": f"{len(students):05d}", "stage": stage} | dict(zip(inputs, values)))
    return students


# ---- comparing -------------------------------------------------------------------------------------------------


class Judge:
    def __init__(self, binary, folder, most):
        self.binary, self.folder, self.most = os.path.abspath(binary), folder, most
        self.rows = self.wrong = 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def differs(self, sentence):
        self.wrong += 1
        if self.wrong <= self.most:
            print("DIFFERS:", sentence, flush=True)

    def run(self, content, at, *more):
        """The command on a file of these bytes; OUT.csv is there afterwards only when this run wrote it."""
        with open(self.path("students.csv"), "wb") as file:
            file.write(content)
        if os.path.exists(self.path("out.csv")):
            os.remove(self.path("out.csv"))
        return subprocess.run(
            [self.binary, "aid", "decide", "--students", "students.csv", "--at", str(at), "--out", "out.csv", *more],
            cwd=self.folder, capture_output=True, text=True, check=False)

    def answer(self):
        with open(self.path("out.csv"), encoding="utf-8", newline="") as file:
            return [tuple(row) for row in csv.reader(file)]

    def agree(self, students, content, at, what, scheme=None):
        """Compares one file's answers with the reading of it."""
        done = self.run(content, at, *(["--scheme", scheme] if scheme else []))
        if done.returncode != 0:
            self.differs(f"{what} at {at}: exit code {done.returncode}: {done.stderr.strip()[-500:]}")
            return
        if not os.path.exists(self.path("out.csv")):
            self.differs(f"{what} at {at}: exit code 0, and no out.csv")
            return
        wanted = []
        for student in sorted(students, key=lambda s: s["id"].encode()):
            wanted += [row for row in reading.decide(student, at) if scheme in (None, row[1])]
        got = self.answer()
        if got[:1] != [(*reading.RESULT, "cites")]:
            self.differs(f"{what} at {at}: the header is {got[:1]}")
            return
        self.rows += len(wanted)
        by_id = {s["id"]: s for s in students}
        for row in got[1:]:
            if row[2] == "yes" and not all(row[6].split(";")):
                self.differs(f"{what} at {at}: yes without a citation: {row}")
        bare = [row[:6] for row in got[1:]]
        if bare == wanted:
            return
        if sorted(bare) == sorted(wanted):
            place = [a == b for a, b in zip(bare, wanted)].index(False)
            self.differs(f"{what} at {at}: sorted otherwise from row {place + 2}: {bare[place]}, not {wanted[place]}")
            return
        self.explain(bare, wanted, by_id, f"{what} at {at}")

    def explain(self, bare, wanted, by_id, where):
        """Says row by row what differs."""
        ours, theirs = {row[:2]: row for row in wanted}, {row[:2]: row for row in bare}
        if len(theirs) != len(bare):
            self.differs(f"{where}: a student has a scheme twice")
        for key in sorted(set(ours) | set(theirs)):
            if ours.get(key) != theirs.get(key):
                inputs = " ".join(f"{n}={v}" for n, v in by_id.get(key[0], {}).items() if v)
                self.differs(f"{where}: {inputs}\n    the reading: {ours.get(key)}\n    the program: {theirs.get(key)}")

    def refused(self, name, content, line):
        """Exit code 3, the line named in both languages, nothing written."""
        for lang in ("zh", "en"):
            done = self.run(content, "2025-09-01", "--lang", lang)
            if done.returncode != 3:
                self.differs(f"{name}: exit code {done.returncode}, not 3: {done.stderr.strip()[-300:]}")
            if line and not re.search(rf"(?<!\d){line}(?!\d)", done.stderr):
                self.differs(f"{name}: line {line} is not named: {done.stderr.strip()[-300:]}")
            if not done.stderr.strip():
                self.differs(f"{name}: refused without a word")
            if os.path.exists(self.path("out.csv")):
                self.differs(f"{name}: refused, and out.csv was written")
            self.rows += 1


# ---- files to be refused ---------------------------------------------------------------------------------------

BAD_LINE = 37  # a number that nothing else in the message is

REFUSALS = [
    ("a stage that is no word", {"stage": "kindergarden"}), ("an empty stage", {"stage": ""}),
    ("two stages", {"stage": "primary;junior"}), ("a category that is no word", {"categories": "orphan;poor"}),
    ("a category misspelt", {"categories": "dibao-rural"}), ("a Chinese category that is no word", {"categories": "低保孤儿户"}),
    ("boarding that is no word", {"boarding": "maybe"}), ("rural that is no word", {"school_rural": "perhaps"}),
    ("rural household that is no word", {"home_rural": "unknown"}), ("a major class that is no word", {"major_class": "law"}),
    ("a grade that is no number", {"grade": "third"}), ("a grade below one", {"grade": "-1"}),
    ("a fee that is no number", {"fee_fen": "free"}), ("a fee below nothing", {"fee_fen": "-500"}),
    ("a fee beyond all numbers", {"fee_fen": "9" * 30}), ("a county that is no code", {"school_county": "Huining"}),
    ("a county of five digits", {"home_county": "62042"}), ("a repeated id", {"id": "n10"}), ("an empty id", {"id": ""}),
]


def plain(students, columns=reading.COLUMNS):
    lines = [",".join(columns)] + [",".join(s[c] for c in columns) for s in students]
    return ("\n".join(lines) + "\n").encode()


def refusals(judge):
    good = [reading.blank() | {"id": f"n{n}", "stage": "primary", "categories": "none"} for n in range(60)]
    for name, change in REFUSALS:
        students = [dict(s) for s in good]
        students[BAD_LINE - 2] |= change  # the header is line 1
        judge.refused(name, plain(students), BAD_LINE)
    judge.refused("no stage column", plain(good, [c for c in reading.COLUMNS if c != "stage"]), None)
    judge.refused("no id column", plain(good, [c for c in reading.COLUMNS if c != "id"]), None)
    judge.refused("an empty file", b"", None)
    judge.agree(good, plain(good), datetime.date(2025, 9, 1), "the good rows of the refused files")
    judge.agree([], plain([]), datetime.date(2025, 9, 1), "a header and no student")


def main():
    thorough = bool(os.environ.get("BAOXUE_TEST_LONG"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("baoxue")
    parser.add_argument("--rows", type=int, default=2000 if thorough else 150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", help="these days only, comma-separated")
    parser.add_argument("--differences", type=int, default=10, help="how many are printed")
    options = parser.parse_args()
    reading.check()
    rng = random.Random(options.seed)
    asked = [reading.day(d) for d in options.days.split(",")] if options.days else days(rng, 300 if thorough else 12)
    combinations = all_combinations()
    in_full = asked if thorough or options.days else rng.sample(asked, 6)
    with tempfile.TemporaryDirectory() as folder:
        judge = Judge(options.baoxue, folder, options.differences)
        for at in asked:
            students, layout = random_students(rng, options.rows), Layout(rng)
            layout.drop(students)
            judge.agree(students, layout.bytes(students), at, f"random students ({layout.encoding})")
            if at in in_full:
                judge.agree(combinations, plain(combinations), at, "all combinations")
        for scheme in reading.SCHEMES:
            students = random_students(rng, options.rows)
            judge.agree(students, plain(students), rng.choice(asked), f"--scheme {scheme}", scheme)
        refusals(judge)
    print(f"{len(asked)} days, {judge.rows} rows, {judge.wrong} differences")
    sys.exit(1 if judge.wrong else 0)


if __name__ == "__main__":
    main()
