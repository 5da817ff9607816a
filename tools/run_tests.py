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


def run_suite(build, options):
    """Builds and tests one configuration; gives (passed, failed, skipped)."""
    folder = os.path.join(ROOT, build)
    if not os.path.exists(os.path.join(folder, "build.ninja")):
        subprocess.run(["meson", "setup", folder, ROOT] + options, check=True,
                       stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", folder], check=True)
    subprocess.run(["meson", "test", "-C", folder, "--no-rebuild", "--print-errorlogs"])
    passed = failed = skipped = 0
    with open(os.path.join(folder, "meson-logs", "testlog.json"), encoding="utf-8") as log:
        for line in log:
            test = json.loads(line)
            output = test.get("stdout", "") + test.get("stderr", "")
            cases_passed = sum(int(n) for n in re.findall(r"\[  PASSED  \] (\d+) test", output))
            cases_failed = sum(int(n) for n in re.findall(r"\[  FAILED  \] (\d+) test", output))
            if test["result"] == "SKIP":
                skipped += 1
            elif test["result"] == "OK":
                passed += max(cases_passed, 1)
            else:
                passed += cases_passed
                failed += max(cases_failed, 1)
    return passed, failed, skipped


def main():
    suites = [("build", [])]
    if "--sanitize" in sys.argv:
        suites.append(("build-asan", ["-Db_sanitize=address,undefined", "-Dbuildtype=debug"]))
    totals = [0, 0, 0]
    for build, options in suites:
        for i, count in enumerate(run_suite(build, options)):
            totals[i] += count
    sys.stdout.flush()
    line = f"{totals[0]} passed, {totals[1]} failed"
    print(line + (f", {totals[2]} skipped" if totals[2] else ""))
    return 1 if totals[1] or not totals[0] else 0


if __name__ == "__main__":
    sys.exit(main())
