#!/usr/bin/env python3
"""How long work lists take over a million children.

    cases.py BAOXUE [--cases 60000] [--times 40] [--most 50]

Makes a workspace of a few children, then multiplies its cases in the database, as many as a province of a million
children would have open (six in a hundred), over all townships of the city, with days and schools of their own.
Each list is asked for through the program with --limit; the time of a list that is empty is taken off, for starting
the program is not the list. Prints the middle and the 95th percentile in milliseconds.
"""
import argparse
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
DIVISIONS = os.path.join(HERE, "..", "policies", "baiyin", "divisions.tsv")
ROLES = (("principal", "school"), ("village_head", "township"), ("township_head", "township"),
         ("county_bureau_head", "county"), ("county_head", "county"), ("class_teacher", "school"))


def villages():
    with open(DIVISIONS, encoding="utf-8") as file:
        codes = [line.split("\t")[0] for line in file if line[:1].isdigit()]
    return [code for code in codes if len(code) == 12]


def multiply(path, count, rng):
    """Rows like those that the engine writes; what happened in them is not needed by a list."""
    db = sqlite3.connect(path)
    places = villages()
    cases, steps = [], []
    for number in range(1000, 1000 + count):
        area, day = rng.choice(places), f"2020-{rng.randrange(9, 13):02d}-{rng.randrange(1, 29):02d}"
        school = f"21620{rng.randrange(20000):05d}"
        cases.append((number, "dropout", number, "", 1, "suspected", "suspected", f"孩子{number}", "620422********0000",
                      "2012-01-01", area, area, "某学校", school, "not_enrolled", "visit", "no_record", str(number), day, day,
                      "", "", 1, 0, 0, 0, day, "contact"))
        for step in ("contact", "home_visit", "report", "verify"):
            for position, role in ROLES:
                steps.append((number, step, position, role, 0, 0, day, day, area, school))
    db.executemany("INSERT INTO case_file (number, procedure, person, unit, version, status, state, name, id_masked, birth, "
                   "area, stated_area, school, school_code, kinds, queue, reason, findings, opened, reopened, outcome, settle, "
                   f"found, unfound, relapses, contacts, due, step) VALUES ({','.join('?' * 28)})", cases)
    db.executemany("INSERT INTO case_step (case_number, step, position, role, level, covers, since, due, area, school_code) "
                   f"VALUES ({','.join('?' * 10)})", steps)
    db.commit()
    db.close()
    return places


def ask(binary, db, *arguments):
    start = time.perf_counter()
    done = subprocess.run([binary, "--db", db, "--quiet", "cases", "--at", "2020-12-31", *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return (time.perf_counter() - start) * 1000, done.stdout.count("\n") - 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("baoxue")
    parser.add_argument("--cases", type=int, default=60000)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--most", type=int, default=50)
    options = parser.parse_args()
    rng = random.Random(7)
    binary = os.path.abspath(options.baoxue)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([binary, "demo", folder, "--children", "300", "--seed", "5", "--quiet"], capture_output=True, check=True)
        db = os.path.join(folder, "baoxue.db")
        places = multiply(db, options.cases, rng)
        empty = sorted(ask(binary, db, "--due", "1900-01-01", "--limit", "1")[0] for _ in range(options.times))
        base = empty[len(empty) // 2]
        kinds = {"all": lambda: [], "county": lambda: ["--area", rng.choice(places)[:6]],
                 "township": lambda: ["--area", rng.choice(places)[:9]], "village": lambda: ["--area", rng.choice(places)],
                 "role, county": lambda: ["--role", "county", "--area", rng.choice(places)[:6]],
                 "role, township": lambda: ["--role", "township", "--area", rng.choice(places)[:9]],
                 "due": lambda: ["--due", f"2020-{rng.randrange(9, 13):02d}-15"]}
        print(f"{options.cases} open cases; starting the program takes {base:.0f} ms and is taken off")
        worst = 0
        for name, arguments in kinds.items():
            times = sorted(max(0.0, ask(binary, db, *arguments(), "--limit", str(options.most))[0] - base)
                           for _ in range(options.times))
            p95 = times[int(len(times) * 0.95) - 1]
            worst = max(worst, p95)
            print(f"{name:16} p50 {times[len(times) // 2]:6.1f} ms   p95 {p95:6.1f} ms")
        print(f"worst p95 {worst:.1f} ms")
    sys.exit(0)


if __name__ == "__main__":
    main()
