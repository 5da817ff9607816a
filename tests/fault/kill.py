#!/usr/bin/env python3
"""Kills import and link at random moments and looks at what is left.

    kill.py PROGRAM [--seed S] [--times N] [--children N]

After each kill -9 the workspace opens, every file in it is wholly there or not at all, the audit
trail is whole, and doing the step again gives the same lists as a run that nobody disturbed. The
seed is printed, so that a failure can be had again.
"""
import argparse
import csv
import io
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time


class Kill:
    """One program, one sample city, and what an undisturbed run makes of it."""

    def __init__(self, program, folder, options):
        self.program = os.path.abspath(program)
        self.folder = folder
        self.rng = random.Random(options.seed)
        city = os.path.join(folder, "city")
        self.run(["demo", city, "--children", str(options.children), "--seed", "11"])
        self.files = os.path.join(city, "files")
        self.calm = os.path.join(folder, "calm.db")
        self.import_s = self.timed(self.calm, ["import", self.files])
        self.imported = self.batches(self.calm)
        self.copy(self.calm, "linked.db")
        self.link_s = self.timed(os.path.join(folder, "linked.db"), ["link"])
        self.checked = self.check(os.path.join(folder, "linked.db"))

    def run(self, arguments, database=None, codes=(0,)):
        command = [self.program, "--quiet", *arguments]
        if database:
            command += ["--db", database]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if done.returncode not in codes:
            raise AssertionError(f"{' '.join(command)}: exit {done.returncode}\n"
                                 f"{done.stderr.decode('utf-8', 'replace')}")
        return done.stdout.decode("utf-8")

    def timed(self, database, arguments):
        began = time.monotonic()
        self.run(arguments, database)
        return time.monotonic() - began

    def copy(self, database, name):
        path = os.path.join(self.folder, name)
        for ending in ("", ".key", "-wal", "-shm"):
            if os.path.exists(path + ending):
                os.remove(path + ending)
            if os.path.exists(database + ending):
                shutil.copy(database + ending, path + ending)
        return path

    def batches(self, database):
        """What was imported, by file, without the time."""
        rows = csv.DictReader(io.StringIO(self.run(["import", "list"], database, codes=(0, 4))))
        return {row["file"]: tuple(row[key] for key in ("register", "scope", "at", "rows", "accepted",
                                                        "warned", "rejected")) for row in rows}

    def check(self, database):
        return self.run(["check"], database)

    def kill_after(self, seconds, database, arguments):
        """True when the process was still there to be killed."""
        process = subprocess.Popen([self.program, "--quiet", "--db", database, *arguments],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=seconds)
            return False
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True

    def kill_import(self, number):
        database = os.path.join(self.folder, f"import{number}.db")
        moment = self.rng.uniform(0, self.import_s)
        killed = self.kill_after(moment, database, ["import", self.files])
        left = self.batches(database)
        for name, row in left.items():
            assert self.imported[name] == row, f"{name} is half there: {row} of {self.imported[name]}"
        if left:
            self.run(["audit", "verify"], database)
        self.run(["import", self.files], database)
        assert self.batches(database) == self.imported, "importing again gives other batches"
        assert self.check(database) == self.checked, "importing again gives another list"
        print(f"import killed after {moment:.3f} s ({'running' if killed else 'over'}): "
              f"{len(left)} of {len(self.imported)} files were in")

    def kill_link(self, number):
        database = self.copy(self.calm, f"link{number}.db")
        moment = self.rng.uniform(0, self.link_s)
        killed = self.kill_after(moment, database, ["link"])
        assert self.batches(database) == self.imported, "linking changed what was imported"
        self.run(["audit", "verify"], database)
        self.run(["link"], database)
        assert self.check(database) == self.checked, "linking again gives another list"
        print(f"link killed after {moment:.3f} s ({'running' if killed else 'over'})")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--times", type=int, default=30 if os.environ.get("BAOXUE_TEST_LONG") else 6)
    parser.add_argument("--children", type=int, default=600)
    options = parser.parse_args()
    print(f"seed {options.seed}")
    with tempfile.TemporaryDirectory() as folder:
        kill = Kill(options.program, folder, options)
        for number in range(options.times):
            kill.kill_import(number)
            kill.kill_link(number)
    print(f"[  PASSED  ] {2 * options.times} test(s).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
