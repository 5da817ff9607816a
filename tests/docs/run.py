#!/usr/bin/env python3
"""Runs the commands that docs/linking.md shows, and holds what they print against what it says they print.

    run.py BAOXUE ROOT [--write]

A block that begins with ```console is a session: lines "$ …" are run by sh, one after another, in a folder with the
files of the shared data and with bench/ as in the project; the lines under them are what must come, on either stream.
"[..]" stands for any text in a line. --write puts what was printed in their place. Exits 77 without the data.
"""
import os
import re
import subprocess
import sys
import tempfile


def matches(pattern, line):
    return re.fullmatch(".*".join(re.escape(piece) for piece in pattern.split("[..]")), line) is not None


def run_block(block, folder, env):
    """The block as it came out, and the lines that differ."""
    out, wrong, expected, printed = [], [], [], []

    def settle():
        good = len(expected) == len(printed) and all(map(matches, expected, printed))
        if not good:
            wrong.append((out[-1] if out else "", list(expected), list(printed)))
        out.extend(expected if good else printed)
        expected.clear()

    for line in block:
        if not line.startswith("$ "):
            expected.append(line)
            continue
        settle()
        out.append(line)
        done = subprocess.run(["sh", "-c", line[2:]], cwd=folder, env=env, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, encoding="utf-8")
        printed = done.stdout.splitlines()
        if done.returncode != 0:
            printed.append(f"exit {done.returncode}")
    settle()
    return out, wrong


def main():
    baoxue, root = (os.path.abspath(path) for path in sys.argv[1:3])
    data = os.path.join(os.environ.get("BAOXUE_DATA", os.path.join(root, "..", "shared", "data")), "linkage")
    if not os.path.isdir(data):
        print(f"there is no {data}")
        return 77
    path = os.path.join(root, "docs/linking.md")
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    out, wrong, sessions, at = [], [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for name in os.listdir(data):
            os.symlink(os.path.join(os.path.abspath(data), name), os.path.join(folder, name))
        os.symlink(os.path.join(root, "bench"), os.path.join(folder, "bench"))
        os.mkdir(os.path.join(folder, "bin"))
        os.symlink(baoxue, os.path.join(folder, "bin", "baoxue"))
        env = dict(os.environ, PATH=os.path.join(folder, "bin") + ":" + os.environ["PATH"], LC_ALL="en_US.UTF-8")
        while at < len(lines):
            out.append(lines[at])
            at += 1
            if out[-1] != "```console":
                continue
            end = lines.index("```", at)
            block, differs = run_block(lines[at:end], folder, env)
            out += block
            wrong += differs
            sessions += 1
            at = end
    if "--write" in sys.argv and wrong:
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(out))
    for command, expected, printed in wrong:
        print(command)
        print("\n".join("  expected: " + line for line in expected))
        print("\n".join("  got:      " + line for line in printed))
    print(f"{sessions} sessions of docs/linking.md, {len(wrong)} commands differ")
    return 1 if wrong or sessions == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
