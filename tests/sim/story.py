#!/usr/bin/env python3
"""The sample city's story comes out: whoever was missing in September is accounted for in November.

Small cities (the first seed is an option) are made and worked by `baoxue demo`; then every open question of the
dropout procedure has an answer, nobody is out of school, and the claim that nobody is holds, for all expected are
verified. With BAOXUE_TEST_LONG set: larger cities.
"""
import argparse
import csv
import io
import json
import os
import subprocess
import sys
import tempfile

ARTICLE = "全市义务教育阶段适龄儿童少年无一名失学辍学。\n"


def run(program, *words):
    """What a command writes; whatever it ends with."""
    done = subprocess.run([program, *words], check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(words)}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def rows(program, *words):
    return list(csv.DictReader(io.StringIO(run(program, *words))))


def look_at(program, seed, children, folder):
    """The sentences about what is wrong in one city."""
    wrong = []
    city = json.loads(run(program, "demo", folder, "--children", str(children), "--seed", str(seed), "--json"))
    db = os.path.join(folder, "baoxue.db")
    first, last = city["work"]
    if first["decided"] < first["pairs"] * 0.95:
        wrong.append(f"of {first['pairs']} doubtful pairs {first['decided']} were decided")
    if first["contacts"] < first["cases"] * 0.95 or first["confirmed"] == 0:
        wrong.append(f"of {first['cases']} cases {first['contacts']} were visited, {first['confirmed']} confirmed")
    open_cases = [row for row in rows(program, "--db", db, "cases", "--procedure", "dropout")
                  if row["status"] in ("suspected", "confirmed")]
    if open_cases:
        wrong.append(f"{len(open_cases)} cases are open at the end")
    article = os.path.join(folder, "article.txt")
    with open(article, "w", encoding="utf-8") as out:
        out.write(ARTICLE)
    claims = rows(program, "--db", db, "figures", "check", article)
    if [claim["verdict"] for claim in claims] != ["agrees"]:
        wrong.append(f"the claim: {claims}")
    print(f"seed {seed}: {city['checks'][0]['truly_missing']} missing, pairs {first['decided']} of {first['pairs']}, "
          f"contacts {first['contacts']} and {last['contacts']}, closed {first['closed']} and {last['closed']}")
    return [f"seed {seed}: {sentence}" for sentence in wrong]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("baoxue")
    thorough = bool(os.environ.get("BAOXUE_TEST_LONG"))
    parser.add_argument("--cities", type=int, default=4 if thorough else 2)
    parser.add_argument("--children", type=int, default=30000 if thorough else 4000)
    parser.add_argument("--first-seed", type=int, default=11)
    options = parser.parse_args()
    wrong = []
    for seed in range(options.first_seed, options.first_seed + options.cities):
        with tempfile.TemporaryDirectory(prefix="baoxue_story_") as folder:
            wrong += look_at(options.baoxue, seed, options.children, os.path.join(folder, "city"))
    print("\n".join(wrong) if wrong else f"{options.cities} cities, all accounted for")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
