#!/usr/bin/env python3
"""Whether the cases of the packs that are shipped notice a change of their rules: each pack alone, and all together.

    mutation.py BAOXUE

Prints the score of each. A pack must reach LEAST percent; what no case noticed is printed. All together are tried in
the long run only (BAOXUE_TEST_LONG).
"""
import os
import subprocess
import sys

LEAST = 98


def main():
    baoxue = sys.argv[1]
    runs = [["national"], ["gansu"], ["baiyin"]]
    if os.environ.get("BAOXUE_TEST_LONG"):
        runs.append([])
    failed = 0
    for packs in runs:
        done = subprocess.run([baoxue, "policy", "test", *packs, "--mutate", "--least", str(LEAST), "--lang", "en"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        print(done.stderr, end="")
        if done.returncode != 0:
            failed += 1
            print(done.stdout, end="")
    print(f"{len(runs) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
