#!/usr/bin/env python3
"""`place allot` divides seats as docs/placing.md says, and placing takes the table, on random instances.

    allot.py BAOXUE [--times N] [--seed S]

The reading here shares nothing with the program: exact fractions, whole parts first, then the largest rests.
Ends with 1 at the first difference and keeps the instance.
"""
import argparse
import csv
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
from fractions import Fraction

import yaml

import agree
import reading

BATCH = {"mode": "parallel", "choices_max": 2, "majors_max": 0, "ratio": "1"}


def make(rng, folder):
    """Files of an instance, and what is asked for: {option: value}."""
    schools = rng.sample(["一中", "二中", "三中", "g4", "g10"], rng.randint(1, 4))
    sources = rng.sample(["a", "b10", "b2", "城关", "乡镇", "c"], rng.randint(1, 6))
    allot = {"least": rng.choice(["0.5", "0.333", "1", "0.05"])}
    if rng.random() < 0.4:
        allot["groups"] = rng.sample(schools, rng.randint(1, len(schools)))
    rules = {"batches": [{"key": "general", **BATCH}, {"key": "allotted", "of": "general", "allot": allot, **BATCH}]}
    programmes = [["general", "general", code, "01", rng.randint(0, 40), "", rng.choice(["", "", "620421"])] for code in schools]
    applicants = [[f"{number}", "", rng.choice(["620421", "620421", "620422"]), rng.randint(300, 700), "",
                   rng.choice([*sources, sources[0], ""])] for number in range(rng.randint(1, 60))]
    rng.shuffle(applicants)
    with open(f"{folder}/r.yaml", "w", encoding="utf-8") as file:
        yaml.safe_dump(rules, file, sort_keys=False, allow_unicode=True)
    agree.write(f"{folder}/p.csv", ["batch", "plan", "group", "programme", "quota", "track", "county"], programmes)
    agree.write(f"{folder}/a.csv", ["applicant", "track", "county", "total", "plans", "source"], applicants)
    agree.write(f"{folder}/c.csv", ["applicant", "batch", "rank", "group", "majors", "adjust"], [])
    asked = {"each": rng.choice([0, 0, 1, 2])}
    if rng.random() < 0.5:
        asked["percent"] = rng.randint(math.ceil(Fraction(allot["least"]) * 100), 100)
    there = sorted({row[5] for row in applicants} - {""})
    if there and rng.random() < 0.5:
        weights = [[source, rng.choice([50, 120, 150, 1000])] for source in rng.sample(there, rng.randint(1, len(there)))]
        agree.write(f"{folder}/w.csv", ["source", "weight"], weights)
        asked["weights"] = f"{folder}/w.csv"
    return asked


def divide(folder, asked):
    """{(senior school, junior school): seats}; None where there are too few, or nobody to give them to."""
    with open(f"{folder}/r.yaml", encoding="utf-8") as file:
        allot = yaml.safe_load(file)["batches"][1]["allot"]
    share = Fraction(asked["percent"], 100) if "percent" in asked else Fraction(allot["least"])
    applicants = reading.rows(f"{folder}/a.csv")
    weights = {row["source"]: int(row["weight"]) for row in reading.rows(asked["weights"])} if "weights" in asked else {}
    given = {}
    for group in reading.rows(f"{folder}/p.csv"):
        if group["group"] not in allot.get("groups", [group["group"]]):
            continue
        counts = {}
        for row in applicants:
            if row["source"] and group["county"] in ("", row["county"]):
                counts[row["source"]] = counts.get(row["source"], 0) + 1
        seats = math.ceil(int(group["quota"]) * share)
        if not counts:
            if seats:
                return None
            continue
        if seats < asked["each"] * len(counts):
            return None
        open_seats = seats - asked["each"] * len(counts)
        whole = sum(count * weights.get(source, 100) for source, count in counts.items())
        exact = {source: Fraction(open_seats * count * weights.get(source, 100), whole) for source, count in counts.items()}
        own = {source: math.floor(part) for source, part in exact.items()}
        left = sorted(own, key=lambda source: (own[source] - exact[source], -counts[source], source.encode()))
        for source in left[:open_seats - sum(own.values())]:
            own[source] += 1
        given |= {(group["group"], source): asked["each"] + count for source, count in own.items() if asked["each"] + count}
    return given


def miss(program, folder, asked):
    """What differs, in a sentence; None when nothing does."""
    files = [word for option, name in [("rules", "r.yaml"), ("programmes", "p.csv"), ("applicants", "a.csv")]
             for word in (f"--{option}", f"{folder}/{name}")]
    options = [word for option, value in asked.items() for word in (f"--{option}", str(value))]
    done = subprocess.run([program, "place", "allot", *files, *options, "--out", f"{folder}/q.csv"],
                          capture_output=True, text=True, check=False)
    true = divide(folder, asked)
    if true is None:
        return None if done.returncode == 3 else f"exit {done.returncode} where seats do not suffice"
    if done.returncode != 0:
        return f"exit {done.returncode}: {done.stderr}"
    with open(f"{folder}/q.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    ours = {(row["group"], row["source"]): int(row["seats"]) for row in rows}
    if ours != true or len(rows) != len(ours):
        return f"gives {ours}, not {true}"
    if list(ours) != sorted(ours, key=lambda key: [part.encode() for part in key]):
        return "is not sorted by senior and junior school"
    placed = subprocess.run([program, "place", "run", *agree.files_of(folder), "--out", f"{folder}/o.csv"],
                            capture_output=True, text=True, check=False)
    return None if placed.returncode == 0 else f"placing refuses the table: {placed.stderr}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    divided = refused = 0
    for number in range(options.times):
        with tempfile.TemporaryDirectory() as folder:
            asked = make(random.Random(options.seed * 3000017 + number), folder)
            sentence = miss(options.program, folder, asked)
            if sentence:
                kept = tempfile.mkdtemp(prefix="allot-")
                shutil.copytree(folder, kept, dirs_exist_ok=True)
                sys.exit(f"instance {number} of seed {options.seed}, {asked}: the program {sentence}: {kept}")
            divided += os.path.exists(f"{folder}/o.csv")
            refused += not os.path.exists(f"{folder}/o.csv")
    if divided == 0 or refused == 0:
        sys.exit(f"{divided} divided, {refused} refused: one of them never came")
    print(f"{options.times} instances: {divided} divided alike, {refused} with too few seats refused")


if __name__ == "__main__":
    main()
