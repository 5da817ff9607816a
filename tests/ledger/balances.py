#!/usr/bin/env python3
"""The exported journal gives the same balances in hledger and beancount as in our own books.

    balances.py BAOXUE

The commands of tests/cases/pay.case, from the first file to the last command, make the books; further vouchers at random
make them longer. Exits 77 where neither program is installed.
"""
import csv
import io
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cases"))
import run as cases  # noqa: E402


def make_books(folder, environment):
    """Runs the case in the folder, whatever each command says."""
    with open(os.path.join(HERE, "..", "cases", "pay.case"), encoding="utf-8") as file:
        files, steps = cases.parse(file.read())
    for number, step in enumerate(steps):
        for before, head, lines in files:
            if before == number:
                cases.write_file(folder, head, lines)
        subprocess.run(["sh", "-c", step.command], cwd=folder, env=environment, check=False, capture_output=True)


def ask(words, folder, environment):
    done = subprocess.run(words, cwd=folder, env=environment, check=True, capture_output=True)
    return done.stdout.decode()


def own_balances(path):
    """{account code: fen}, debits less credits, of accounts that are not at zero."""
    with sqlite3.connect(path) as store:
        rows = store.execute("SELECT number, code, debits_posted - credits_posted FROM book_account JOIN book_balance "
                             "ON account = number").fetchall()
    return {(number, code): fen for number, code, fen in rows if fen != 0}


def fen(text):
    whole, _, decimals = text.replace(",", "").split()[0].partition(".")
    sign = -1 if whole.startswith("-") else 1
    return sign * (abs(int(whole)) * 100 + int((decimals + "00")[:2]))


def of_hledger(folder, environment):
    said = ask(["hledger", "-f", "books.journal", "balance", "--flat", "--no-total", "-N", "-O", "csv"], folder, environment)
    rows = list(csv.reader(io.StringIO(said)))[1:]
    return {row[0].replace(":", "/"): fen(row[1]) for row in rows if row[0] not in ("total", "Total:")}


def of_beancount(folder, environment):
    ask(["bean-check", "books.beancount"], folder, environment)
    said = ask(["bean-query", "-f", "csv", "-q", "books.beancount",
                "SELECT account, sum(number) AS total GROUP BY account"], folder, environment)
    rows = list(csv.reader(io.StringIO(said)))[1:]
    return {int(row[0].strip().rsplit(":A", 1)[1].split("-")[0]): fen(row[1].strip()) for row in rows}


def compare(name, ours, theirs):
    theirs = {key: value for key, value in theirs.items() if value != 0}
    if ours == theirs:
        print(f"{name}: {len(ours)} balances agree")
        return True
    for key in sorted(set(ours) | set(theirs), key=str):
        if ours.get(key) != theirs.get(key):
            print(f"{name}: {key}: ours {ours.get(key)}, theirs {theirs.get(key)}")
    return False


def main():
    have = [name for name in ("hledger", "bean-check") if shutil.which(name)]
    if not have:
        print("neither hledger nor beancount is installed")
        return 77
    good = True
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.abspath(sys.argv[1]), os.path.join(folder, "baoxue"))
        environment = dict(os.environ, PATH=folder + os.pathsep + os.environ["PATH"], HOME=folder, LANG="C.UTF-8",
                           CASES=os.path.join(HERE, "..", "cases"))
        make_books(folder, environment)
        chance = random.Random(20201125)
        for number in range(12):
            words = ["baoxue", "fund", "receive" if number % 4 else "hand-back", "2020-生活补助", "--level",
                     chance.choice(["central", "province", "city", "county"]), "--yuan",
                     f"{chance.randrange(1, 9999)}.{chance.randrange(100):02d}", "--voucher", f"测-{number}"]
            subprocess.run(words, cwd=folder, env=environment, check=False, capture_output=True)
        for form in ("hledger", "beancount"):
            ending = "journal" if form == "hledger" else form
            ask(["baoxue", "ledger", "export", "--format", form, "--out", f"books.{ending}"], folder, environment)
        ours = own_balances(os.path.join(folder, "baoxue.db"))
        if len(ours) < 5:
            print(f"the case left only {len(ours)} balances")
            return 1
        if "hledger" in have:
            good &= compare("hledger", {code: value for (_, code), value in ours.items()}, of_hledger(folder, environment))
        if "bean-check" in have:
            good &= compare("beancount", {number: value for (number, _), value in ours.items()},
                            of_beancount(folder, environment))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
