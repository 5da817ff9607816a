#!/usr/bin/env python3
"""Builds, runs every test and closes with one line: N passed, N failed[, N skipped].

Each case of a cmocka program counts (read from its own closing lines); a test that speaks no
cmocka counts as one. Exit code 1 when anything failed.
"""
import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Suite:
    """A configuration: its build folder, Meson's options, the compiler, which test suites run (none: only built), and
    which do not."""

    def __init__(self, build, options=(), compiler=None, suites=("all",), without=(), patience=2):
        self.build, self.options, self.compiler = build, list(options), compiler
        self.suites, self.without, self.patience = suites, without, patience


LONG = "BAOXUE_TEST_LONG" in os.environ
SUITES = [
    Suite("build"),
    # Every warning of the other compiler is an error too.
    Suite("build-clang", ["-Dbuildtype=debug"], compiler="clang", suites=()),
    # Some optimisation: the tests gain more by it than compiling loses; it warns of what the sanitizers put in.
    Suite("build-asan", ["-Db_sanitize=address,undefined", "-Dbuildtype=debug", "-Doptimization=1", "-Dwerror=false"],
          without=() if LONG else ("judged", "house", "docs"), patience=4),
    # Where threads hand over to each other; Meson builds what these suites need. What is read and stored around that
    # (`stored`) is one thread's work.
    Suite("build-tsan", ["-Db_sanitize=thread", "-Db_lundef=false"], suites=("base", "link", "threads"),
          without=("fault",) if LONG else ("fault", "stored"), patience=4),
]


def run_suite(suite):
    """Builds and tests one configuration; gives (passed, failed, skipped)."""
    build, options = suite.build, suite.options
    folder = os.path.join(ROOT, build)
    if not os.path.exists(os.path.join(folder, "build.ninja")):
        environment = dict(os.environ, CC=suite.compiler) if suite.compiler else None
        subprocess.run(["meson", "setup", folder, ROOT] + options, check=True, env=environment,
                       stdout=subprocess.DEVNULL)
    every = suite.suites == ("all",)
    if not suite.suites or every:
        subprocess.run(["ninja", "-C", folder], check=True)
    if not suite.suites:
        return 1, 0, 0
    chosen = ["--no-rebuild"] if every else [f"--suite={name}" for name in suite.suites]
    chosen += [f"--no-suite={name}" for name in suite.without]
    results = os.path.join(folder, "meson-logs", "testlog.json")
    if os.path.exists(results):
        os.remove(results)
    subprocess.run(["meson", "test", "-C", folder, "--print-errorlogs", "-t", str(suite.patience)] + chosen)
    passed = failed = skipped = 0
    if not os.path.exists(results):  # it could not be built
        return 0, 1, 0
    with open(results, encoding="utf-8") as log:
        for line in log:
            test = json.loads(line)
            output = test.get("stdout", "") + test.get("stderr", "")
            cases_passed = sum(int(n) for n in re.findall(r"\[  PASSED  \] (\d+) test", output))
            cases_failed = sum(int(n) for n in re.findall(r"\[  FAILED  \] (\d+) test", output))
            if test["result"] == "SKIP":
                skipped += 1
            elif test["result"] in ("OK", "EXPECTEDFAIL"):
                passed += max(cases_passed, 1)
            else:
                passed += cases_passed
                failed += max(cases_failed, 1)
    return passed, failed, skipped


def main():
    suites = SUITES if "--sanitize" in sys.argv else SUITES[:1]
    totals = [0, 0, 0]
    for suite in suites:
        for i, count in enumerate(run_suite(suite)):
            totals[i] += count
    sys.stdout.flush()
    line = f"{totals[0]} passed, {totals[1]} failed"
    print(line + (f", {totals[2]} skipped" if totals[2] else ""))
    return 1 if totals[1] or not totals[0] else 0


if __name__ == "__main__":
    sys.exit(main())
