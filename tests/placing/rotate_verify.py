#!/usr/bin/env python3
"""`place rotate` and `place rotate-verify` on random tiny exchanges.

    rotate_verify.py BAOXUE [--times N] [--seed S]

Rows in any order give the same bytes; what the exchange writes is in order; and of every other placing the verifier
says that something is wrong exactly where a plain search over all placings finds somebody worse off than with the own
post, a placing that is better for some and worse for none, or a group that would rather trade what it came with.
"""
import argparse
import itertools
import random
import subprocess
import sys
import tempfile

import agree

OWN, NEVER = 50, 99


def make(rng):
    count = rng.randint(1, 5)
    posts = [[f"p{n}", f"s{rng.randrange(3)}", "primary", rng.choice(["maths", "maths", "art"])]
             for n in range(count + rng.randint(0, 6 - count))]
    codes = [post[0] for post in posts]
    owned = rng.sample(codes, count)
    teachers = [[f"t{n}", owned[n], "primary", rng.choice(["maths", "maths;art"]), rng.choice(["no", "no", "yes"]),
                 ";".join(rng.sample(codes, rng.randint(0, len(codes)))), rng.randrange(3)] for n in range(count)]
    return posts, teachers


def ranks(posts, teacher):
    """Where each post stands in a teacher's order: smaller is better."""
    _, own, _, subjects, must, wishes, _ = teacher
    school = {post[0]: post[1] for post in posts}
    fit = {post[0]: post[3] in subjects.split(";") for post in posts}
    away = {code: school[code] != school[own] for code in school}
    order = {code: NEVER for code in school}
    if must == "yes":
        order.update({code: 10 + n for n, code in enumerate(sorted(school)) if fit[code] and away[code]})
    for n, code in enumerate(wishes.split(";") if wishes else []):
        if must != "yes" and code == own:
            break
        if fit[code] and (must != "yes" or away[code]):
            order[code] = n
    order[own] = OWN
    return order


def wrong(posts, teachers, placing):
    orders = [ranks(posts, teacher) for teacher in teachers]
    had = [order[code] for order, code in zip(orders, placing)]
    if max(had) > OWN:
        return True
    for other in itertools.permutations([post[0] for post in posts], len(teachers)):
        new = [order[code] for order, code in zip(orders, other)]
        if new != had and all(a <= b for a, b in zip(new, had)):
            return True
    everybody = range(len(teachers))
    for size in range(1, len(teachers) + 1):
        for group in itertools.combinations(everybody, size):
            for given in itertools.permutations(group):
                if all(orders[a][teachers[b][1]] < had[a] for a, b in zip(group, given)):
                    return True
    return False


def write(folder, posts, teachers):
    agree.write(f"{folder}/p.csv", ["post", "school", "stage", "subject"], posts)
    agree.write(f"{folder}/t.csv", ["teacher", "post", "stage", "subject", "must_move", "wishes", "points"], teachers)


def run(program, folder, command, *more):
    return subprocess.run([program, "place", command, "--quiet", "--teachers", f"{folder}/t.csv", "--posts",
                           f"{folder}/p.csv", *more], capture_output=True, text=True, check=False)


def exchange(program, folder):
    done = run(program, folder, "rotate", "--out", f"{folder}/o.csv", "--cycles", f"{folder}/c.csv")
    if done.returncode != 0:
        sys.exit(f"exit {done.returncode}: {done.stderr}")
    with open(f"{folder}/o.csv", encoding="utf-8") as result, open(f"{folder}/c.csv", encoding="utf-8") as cycles:
        return result.read() + cycles.read()


def one(program, folder, rng):
    posts, teachers = make(rng)
    write(folder, posts, teachers)
    first = exchange(program, folder)
    rng.shuffle(posts)
    rng.shuffle(teachers)
    write(folder, posts, teachers)
    if exchange(program, folder) != first:
        return "another order of rows gives other bytes"
    if run(program, folder, "rotate-verify", "--result", f"{folder}/o.csv").returncode != 0:
        return "the verifier objects to the exchange"
    placings = list(itertools.permutations([post[0] for post in posts], len(teachers)))
    for placing in rng.sample(placings, min(6, len(placings))):
        agree.write(f"{folder}/r.csv", ["teacher", "post"], [[t[0], code] for t, code in zip(teachers, placing)])
        done = run(program, folder, "rotate-verify", "--result", f"{folder}/r.csv")
        if done.returncode != wrong(posts, teachers, placing):
            return f"{posts} {teachers} {placing}: the verifier says {done.returncode}: {done.stdout}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for number in range(options.times):
        with tempfile.TemporaryDirectory() as folder:
            said = one(options.program, folder, random.Random(options.seed * 3000017 + number))
            if said:
                sys.exit(f"instance {number} of seed {options.seed}: {said}")
    print(f"{options.times} instances: all agree")


if __name__ == "__main__":
    main()
