#!/usr/bin/env python3
"""Reads articles whose claims are marked, and says what `figures check` finds and what it does not.

    run.py BAOXUE [FILE…] [--show]

A file holds articles after lines "--- name". Behind each claim stands what it is, in braces: value, unit and, where
they are not "exact" and of some, exactness, "all" or "goal": "7万余人次{70000 person_times more}"; "{}" would say that
none stands here. "=sum 6420=216+4450" is a sum that the article states, with " !" behind one that does not hold.
Without the marks the article is what the program reads. Exit code 1 below 97 % found or right, or when a sum is
judged wrongly.
"""
import argparse
import collections
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
BOUND = 0.97


def articles(path):
    name, lines = None, []
    with open(path, encoding="utf-8") as source:
        for line in source:
            if line.startswith("--- "):
                if name:
                    yield name, lines
                name, lines = line[4:].strip(), []
            else:
                lines.append(line)
    yield name, lines


def marked(lines):
    """The article's text, its claims and its sums."""
    sums = [line[5:].strip() for line in lines if line.startswith("=sum ")]
    text = "".join(line for line in lines if not line.startswith("=sum "))
    claims = [mark.split() for mark in re.findall(r"\{([^}]*)\}", text) if mark]
    wanted = [(mark[0], mark[1], ([word for word in mark[2:] if word not in ("all", "goal")] or ["exact"])[0],
               "all" in mark, "goal" in mark) for mark in claims]
    return re.sub(r"\{[^}]*\}", "", text), wanted, sums


def found(program, path):
    """The claims and sums that the program tells of a file; None when it could not read it."""
    run = subprocess.run([program, "figures", "check", path, "--json"], capture_output=True, check=False)
    if run.returncode not in (0, 1):
        return None
    answer = json.loads(run.stdout)
    claims = [(str(claim["value"]), claim["unit"], claim["exactness"], claim["everyone"], claim["goal"], claim["text"])
              for claim in answer["claims"]]
    sums = ["%s=%s%s" % (one["total"], "+".join(map(str, one["parts"])), "" if one["holds"] else " !")
            for one in answer["sums"]]
    return claims, sums


def count_claims(counts, name, wanted, claims, show):
    """Adds how many are wanted, found and right; a claim that is told twice is right once."""
    left = collections.Counter(wanted)
    counts["wanted"] += len(wanted)
    counts["found"] += len(claims)
    for claim in claims:
        if left[claim[:5]] > 0:
            left[claim[:5]] -= 1
            counts["right"] += 1
        elif show:
            print(f"{name}: not wanted: {claim}")
    for claim in left.elements() if show else []:
        print(f"{name}: missing: {claim}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("files", nargs="*")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    counts = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        for path in options.files or sorted(glob.glob(os.path.join(HERE, "*.txt"))):
            for name, lines in articles(path):
                text, wanted, sums = marked(lines)
                article = os.path.join(folder, "article.txt")
                with open(article, "w", encoding="utf-8") as out:
                    out.write(text)
                told = found(options.program, article)
                if told is None:
                    raise SystemExit(f"{path}: {name}: cannot be read")
                claims, got_sums = told
                counts["articles"] += 1
                count_claims(counts, name, wanted, claims, options.show)
                counts["sums"] += len(sums)
                counts["sums wrong"] += len(set(sums) ^ set(got_sums))
                if set(sums) != set(got_sums) and options.show:
                    print(f"{name}: sums {got_sums}, wanted {sums}")
    recall, precision = counts["right"] / counts["wanted"], counts["right"] / counts["found"]
    print(f"{counts['articles']} articles, {counts['wanted']} claims: {recall:.1%} found, {precision:.1%} right; "
          f"{counts['sums']} sums, {counts['sums wrong']} judged wrongly")
    return 1 if recall < BOUND or precision < BOUND or counts["sums wrong"] > 0 else 0


if __name__ == "__main__":
    sys.exit(main())
