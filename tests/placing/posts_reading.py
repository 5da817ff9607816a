#!/usr/bin/env python3
"""An independent reading of `place posts`, and its agreement with the program on random instances.

    posts_reading.py BAOXUE [--times N] [--seed S]

A post takes only a recruit of its stage and subject; recruits go by score and ties (then by number), each to the
first wish with a free seat. Rows are shuffled for the program. Ends with 1 at the first difference.
"""
import argparse
import json
import random
import subprocess
import sys
import tempfile

import agree
from reading import rows

STAGES = ["primary", "junior"]
SUBJECTS = ["chinese", "maths", "english"]


def place(posts, recruits, wishes):
    free = {post["post"]: int(post["seats"]) for post in posts}
    kind = {post["post"]: (post["stage"], post["subject"]) for post in posts}
    ties = [name for name in (recruits[0] if recruits else {}) if name.startswith("tie")]
    ties.sort(key=lambda name: int(name[3:]))

    def order(recruit):
        return [-int(recruit[column]) for column in ["score"] + ties], recruit["recruit"].encode()
    placed = []
    for recruit in sorted(recruits, key=order):
        own = [wish for wish in wishes if wish["recruit"] == recruit["recruit"]]
        for wish in sorted(own, key=lambda wish: int(wish["rank"])):
            if kind[wish["post"]] == (recruit["stage"], recruit["subject"]) and free[wish["post"]] > 0:
                free[wish["post"]] -= 1
                placed.append([recruit["recruit"], wish["post"], wish["rank"]])
                break
    return sorted(placed, key=lambda row: row[0].encode())


def make(rng, folder):
    posts = [[f"p{n}", rng.choice(agree.COUNTIES), f"s{rng.randrange(4)}", rng.choice(STAGES),
              rng.choice(SUBJECTS), rng.randint(0, 3)] for n in rng.sample(range(30), rng.randint(1, 12))]
    ties = [f"tie{n}" for n in range(1, rng.randint(0, 3) + 1)]
    spread = rng.choice([1, 5, 50])
    recruits, wishes = [], []
    for number in rng.sample(range(1000), rng.randint(0, 40)):
        recruits.append([number, rng.choice(STAGES), rng.choice(SUBJECTS), rng.randint(-1, spread)]
                        + [rng.randint(0, 1) for _ in ties])
        own = rng.sample([post[0] for post in posts], rng.randint(0, min(6, len(posts))))
        wishes += [[number, rank, post] for rank, post in zip(sorted(rng.sample(range(1, 20), len(own))), own)]
    for table in (posts, recruits, wishes):
        rng.shuffle(table)
    agree.write(f"{folder}/p.csv", ["post", "county", "school", "stage", "subject", "seats"], posts)
    agree.write(f"{folder}/r.csv", ["recruit", "stage", "subject", "score"] + ties, recruits)
    agree.write(f"{folder}/w.csv", ["recruit", "rank", "post"], wishes)


def run(program, folder, *more):
    command = [program, "place", "posts", "--quiet", "--posts", f"{folder}/p.csv", "--recruits", f"{folder}/r.csv",
               "--wishes", f"{folder}/w.csv", *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"exit {done.returncode}: {done.stderr}")
    return done.stdout


def explained(program, folder, placed, recruit):
    """Whether what is said of one recruit's wishes fits the result."""
    said = json.loads(run(program, folder, "--explain", recruit, "--json"))["wishes"]
    got = [[recruit, wish["post"], str(wish["rank"])] for wish in said if wish["outcome"] == "placed"]
    return got == [row for row in placed if row[0] == recruit]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    count = 0
    for number in range(options.times):
        with tempfile.TemporaryDirectory() as folder:
            rng = random.Random(options.seed * 3000017 + number)
            make(rng, folder)
            run(options.program, folder, "--out", f"{folder}/o.csv")
            ours = [list(row.values()) for row in rows(f"{folder}/o.csv")]
            recruits = rows(f"{folder}/r.csv")
            theirs = place(rows(f"{folder}/p.csv"), recruits, rows(f"{folder}/w.csv"))
            count += len(theirs)
            if ours != theirs:
                sys.exit(f"instance {number} of seed {options.seed}: the program {ours}, the reading {theirs}")
            if recruits and not explained(options.program, folder, ours, rng.choice(recruits)["recruit"]):
                sys.exit(f"instance {number} of seed {options.seed}: the explanation is another than the result")
    print(f"{options.times} instances, {count} placed: all agree")


if __name__ == "__main__":
    main()
