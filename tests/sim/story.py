#!/usr/bin/env python3
"""The sample city's story comes out: whoever was missing in September is accounted for in November.

Small cities (the first seed is an option) are made and worked by `baoxue demo`; then every open question of the
dropout procedure has an answer, nobody is out of school, and the claim that nobody is holds, for all expected are
verified. What was due and not paid is paid then: the bank refused whom the truth beside the files says, the statement
agrees, and each fund's money is all there. With BAOXUE_TEST_LONG set: larger cities.
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


def table(path, encoding):
    with open(path, encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def look_at_bank(folder, batches):
    """What the bank did against its own book of accounts, line by line; and the statement's sums."""
    wrong, paid, refused = [], 0, 0
    book = {}
    for row in table(os.path.join(folder, "truth", "accounts.csv"), "utf-8"):
        stopped = book.get(row["account"], ("", False))[1] or row["kind"] in ("closed", "stopped")
        book[row["account"]] = (row["holder"], stopped)
    for batch in (batch for batch in batches if batch["batch"]):
        order = table(os.path.join(folder, "pay", f"代发{batch['batch']}.csv"), "gb18030")
        answer = table(os.path.join(folder, "pay", f"回执{batch['batch']}.csv"), "gb18030")
        if [row["业务编号"] for row in order] != [row["业务编号"] for row in answer]:
            wrong.append(f"batch {batch['batch']}: the answer is of other payments")
        for row in order:
            holder, stopped = book.get(row["账号"], (None, False))
            good = holder == row["户名"] and not stopped
            paid, refused = paid + good, refused + (not good)
    said = (sum(batch["paid"] for batch in batches), sum(batch["refused"] for batch in batches))
    if said != (paid, refused):
        wrong.append(f"paid and refused: {said}, by the bank's book {paid, refused}")
    lines = table(os.path.join(folder, "pay", "对账单.csv"), "gb18030")
    out = sum(round(float(row["借方"] or 0) * 100) for row in lines)
    if out != sum(batch["paid_fen"] for batch in batches):
        wrong.append(f"{out} fen went out by the statement")
    return wrong


def look_at_payments(program, city, db, folder):
    """Nobody is owed anything but whom the bank or the list of accounts kept from it, and every yuan is there."""
    pay = city["pay"]
    batches, funds = pay["batches"], pay["funds"]
    wrong = look_at_bank(folder, batches)
    if not pay["clean"]:
        wrong.append("the statement does not agree with the books")
    for fund in funds:
        parts = sum(fund[f"{part}_fen"] for part in ("paid", "returned", "pending", "allotted", "unspent"))
        if not fund["holds"] or fund["received_fen"] != parts:
            wrong.append(f"the proof of {fund['fund']}: {fund}")
    if sum(batch["paid"] for batch in batches) == 0:
        wrong.append("nobody was paid")
    for batch in batches:
        outcomes = batch["outcomes"]
        if sum(outcomes.values()) != batch["due"] or outcomes["proposed"] != batch["paid"] + batch["refused"]:
            wrong.append(f"batch {batch['batch']}: {batch}")
        again = rows(program, "--db", db, "pay", "propose", "--scheme", batch["scheme"], "--dry-run", "--all")
        now = sum(row["outcome"] == "proposed" for row in again)
        if now != 0:
            wrong.append(f"{batch['scheme']}: {now} could be proposed again")
    return wrong


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
    wrong += look_at_payments(program, city, db, folder)
    article = os.path.join(folder, "article.txt")
    with open(article, "w", encoding="utf-8") as out:
        out.write(ARTICLE)
    claims = rows(program, "--db", db, "figures", "check", article)
    if [claim["verdict"] for claim in claims] != ["agrees"]:
        wrong.append(f"the claim: {claims}")
    print(f"seed {seed}: {city['checks'][0]['truly_missing']} missing, pairs {first['decided']} of {first['pairs']}, "
          f"contacts {first['contacts']} and {last['contacts']}, closed {first['closed']} and {last['closed']}, "
          f"paid {sum(batch['paid'] for batch in city['pay']['batches'])}")
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
