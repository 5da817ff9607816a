#!/usr/bin/env python3
"""How long a question about one person takes, from what the last check left and by reading everybody.

    person.py [--workspace FOLDER] [--binary BAOXUE] [--times 40] [--whole 3] [--dry]

FOLDER is a folder of `baoxue demo` (made when it is not there); a copy of its workspace is asked. Before each question by
everybody what was kept is thrown away. The answers of both ways have to be the same bytes. Writes its section of
bench/RESULTS.md, unless --dry.
"""
import argparse
import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

import results

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
KEPT = ("near_run", "near_part", "near_kin", "told_run", "told_finding", "fact_run", "fact_part")
QUESTIONS = (("person N", ("person",), ()), ("aid explain N", ("aid", "explain"), ()), ("risk --person N", ("risk", "--person"), ()),
             ("case N --household", ("case",), ("--household",)), ("review", ("review",), None))


class Asked:
    """One run of the program: seconds by the clock and of the processor, megabytes at the most, what it printed."""

    def __init__(self, binary, db, arguments):
        with tempfile.TemporaryFile() as out:
            start = time.perf_counter()
            process = subprocess.Popen([binary, "--db", db, "--quiet", *arguments], stdout=out, stderr=subprocess.PIPE)
            told = process.stderr.read()
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            self.clock = time.perf_counter() - start
            out.seek(0)
            self.answer = process.returncode, out.read()
        if process.returncode not in (0, 4):
            raise SystemExit(f"{' '.join(arguments)}: {told.decode()}")
        self.processor = used.ru_utime + used.ru_stime
        self.megabytes = used.ru_maxrss / 1024


def middle(values):
    return sorted(values)[len(values) // 2]


def late(values):
    return sorted(values)[max(0, int(len(values) * 0.95) - 1)]


def forget(db):
    with contextlib.closing(sqlite3.connect(db)) as store, store:
        for table in KEPT:
            store.execute(f"DELETE FROM {table}")


def numbers(db):
    """Of pupils, and of cases of children."""
    with contextlib.closing(sqlite3.connect(db)) as store:
        pupils = store.execute("SELECT DISTINCT person FROM person_record WHERE gone_run IS NULL AND record >> 46 = "
                               "(SELECT number FROM link_register WHERE key = 'roll') ORDER BY person").fetchall()
        cases = store.execute("SELECT number FROM case_file WHERE person > 0 ORDER BY number").fetchall()
        return [row[0] for row in pupils], [row[0] for row in cases]


def arguments_of(question, pupils, cases, rng):
    _, before, behind = question
    if behind is None:
        return list(before)
    return [*before, str(rng.choice(cases if before[0] == "case" else pupils)), *behind]


def measure(binary, db, options, rng):
    """All of one from one check; then by everybody, with nothing kept."""
    pupils, cases = numbers(db)
    asked = {question[0]: [arguments_of(question, pupils, cases, rng) for _ in range(options.times)] for question in QUESTIONS}
    Asked(binary, db, ["check"])
    few = {name: [Asked(binary, db, arguments) for arguments in each] for name, each in asked.items()}
    everybody = {name: [] for name in asked}
    for name, each in asked.items():
        for arguments, one in zip(each[:options.whole], few[name]):
            forget(db)
            everybody[name].append(Asked(binary, db, arguments))
            if everybody[name][-1].answer != one.answer:
                raise SystemExit(f"{' '.join(arguments)}: another answer by everybody")
    return few, everybody


def line(name, few, everybody):
    ms = [1000 * one.clock for one in few]
    return (f"| `{name}` | {middle(ms):.0f} | {late(ms):.0f} | {1000 * middle([one.processor for one in few]):.0f} "
            f"| {max(one.megabytes for one in few):.0f} | {middle([one.clock for one in everybody]):.1f} "
            f"| {middle([one.processor for one in everybody]):.1f} | {max(one.megabytes for one in everybody):.0f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--workspace", default=os.path.join(HERE, "out", "city"))
    parser.add_argument("--binary", default=os.path.join(ROOT, "build", "baoxue"))
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--whole", type=int, default=3)
    parser.add_argument("--dry", action="store_true", help="print, and leave RESULTS.md alone")
    options = parser.parse_args()
    if options.whole > options.times:
        parser.error("--whole may not be more than --times")
    binary, rng = os.path.abspath(options.binary), random.Random(11)
    if not os.path.exists(os.path.join(options.workspace, "baoxue.db")):
        subprocess.run([binary, "demo", options.workspace, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("baoxue.db", "baoxue.db.key"):
            shutil.copy(os.path.join(options.workspace, name), folder)
        db = os.path.join(folder, "baoxue.db")
        few, everybody = measure(binary, db, options, rng)
        rows = [line(name, few[name], everybody[name]) for name in few]
        with contextlib.closing(sqlite3.connect(db)) as store:
            records = store.execute("SELECT count(*) FROM person_record WHERE gone_run IS NULL").fetchone()[0]
    lines = ["## Questions about one person", "",
             f"One command a question, started anew, over a sample city of {records:,} linked records: answered from what the last "
             f"check left ({options.times} pupils or cases by chance), and by everybody, when that is gone ({options.whole} of the same). "
             "For `person` everybody is checked too, and what is found is kept. Both ways printed the same bytes, or this would stop. "
             "Starting the program and reading its texts is a part of all of them.", "",
             "| | of one: ms, middle | 95th of 100 | processor ms | MB | of all: s | processor s | MB |",
             "|---|---|---|---|---|---|---|---|", *rows]
    print("\n".join(lines))
    if not options.dry:
        results.put("person", "make bench-person", lines)


if __name__ == "__main__":
    sys.exit(main())
