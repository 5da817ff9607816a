#!/usr/bin/env python3
"""Runs the commands that documents show, and holds what they print against what they say is printed.

    run.py BAOXUE ROOT [--write]

A block that begins with ```console is a session: lines "$ …" are run by sh, one after another, in a folder of the
document; the lines under them are what must come, on either stream. "[..]" stands for any text in a line. A block that
begins with ```policy FILE is the content of that file. The folder of docs/linking.md has the files of the shared data
and bench/ as in the project; without the data it is left out, and the exit code is 77. --write puts what was printed in
the place of what should have been.
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


def put_file(folder, name, lines):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def run_document(path, baoxue, links, write):
    """How many sessions it has, and how many of their commands print something else."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    out, wrong, sessions, at = [], [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for target in links:
            os.symlink(target, os.path.join(folder, os.path.basename(target)))
        os.mkdir(os.path.join(folder, "bin"))
        os.symlink(baoxue, os.path.join(folder, "bin", "baoxue"))
        env = dict(os.environ, PATH=os.path.join(folder, "bin") + ":" + os.environ["PATH"], LC_ALL="en_US.UTF-8")
        while at < len(lines):
            out.append(lines[at])
            at += 1
            kind, _, name = out[-1].partition(" ")
            is_file = kind == "```policy" and name != ""
            if out[-1] != "```console" and not is_file:
                continue
            end = lines.index("```", at)
            if is_file:
                put_file(folder, name, lines[at:end])
                out += lines[at:end]
            else:
                block, differs = run_block(lines[at:end], folder, env)
                out += block
                wrong += differs
                sessions += 1
            at = end
    if write and wrong:
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(out))
    for command, expected, printed in wrong:
        print(command)
        print("\n".join("  expected: " + line for line in expected))
        print("\n".join("  got:      " + line for line in printed))
    print(f"{sessions} sessions of {path}, {len(wrong)} commands differ")
    return sessions, len(wrong)


def main():
    baoxue, root = (os.path.abspath(path) for path in sys.argv[1:3])
    data = os.path.join(os.environ.get("BAOXUE_DATA", os.path.join(root, "..", "shared", "data")), "linkage")
    documents = [("docs/policy.md", [])]
    if os.path.isdir(data):
        links = [os.path.join(os.path.abspath(data), name) for name in os.listdir(data)]
        documents.append(("docs/linking.md", links + [os.path.join(root, "bench")]))
    else:
        print(f"there is no {data}")
    bad = 0
    for name, links in documents:
        sessions, wrong = run_document(os.path.join(root, name), baoxue, links, "--write" in sys.argv)
        bad += wrong + (sessions == 0)
    return 1 if bad else 0 if len(documents) == 2 else 77


if __name__ == "__main__":
    sys.exit(main())
