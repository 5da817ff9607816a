#!/usr/bin/env python3
"""Measures the books and writes the section "The books" of bench/RESULTS.md.

    ledger.py [--transfers 1000000] [--runs 3] [--seconds 900] [--dry]

Batches of transfers (chain, unique ids, balances, each batch durable) take turns with a bare loop of a prepared insert of
the same rows under the same indexes and keys into a second file: tests/bench/ledger_bench.c. Then all balances are derived
anew from the journal, by a sum and by the whole proof of `ledger verify`, and hledger and ledger report the balances of
the same journal; a program that needs more than --seconds is stopped, and counts as that. A program that is not
installed is left out, and said to be.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import results

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


def measure(program, transfers):
    """What ledger_bench says, and the journal that it left."""
    folder = tempfile.mkdtemp(prefix="ledger_bench")
    try:
        said = subprocess.run([program, folder, str(transfers)], capture_output=True, text=True, check=True).stdout
        shutil.move(os.path.join(folder, "books.journal"), program + ".journal")
        return json.loads(said)
    finally:
        shutil.rmtree(folder)


def peer(command, seconds):
    """(seconds, whether it came to an end)"""
    start = time.monotonic()
    try:
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=seconds, check=True)
        return time.monotonic() - start, True
    except subprocess.TimeoutExpired:
        return float(seconds), False
    except subprocess.CalledProcessError:
        return time.monotonic() - start, False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default=os.path.join(ROOT, "build", "ledger_bench"))
    parser.add_argument("--transfers", type=int, default=1000000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=900)
    parser.add_argument("--dry", action="store_true", help="print, and leave RESULTS.md alone")
    options = parser.parse_args()
    runs = [measure(options.program, options.transfers) for _ in range(options.runs)]
    now = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    ratio = statistics.median(run["bare_us"] / run["ours_us"] for run in runs)
    lines = ["## The books", "",
             f"{options.transfers:,} transfers in batches of 8,192, each batch durable; medians of {options.runs} runs. The bare loop "
             "writes the same rows, hashes included, with the same keys and indexes, in turns with ours.", "",
             "| what | transfers/s | of the bare loop |", "|---|---|---|",
             f"| books: ids, limits, balances, SM3 chain | {options.transfers / now['ours_us'] * 1e6:,.0f} | **{ratio:.0%}** |",
             f"| bare loop of prepared inserts | {options.transfers / now['bare_us'] * 1e6:,.0f} | 100% |", "",
             "| balances of the same journal | seconds | beside the sum |", "|---|---|---|",
             f"| sum over the journal | {now['sum_us'] / 1e6:.2f} | 1× |",
             f"| `ledger verify`: chain, balances, limits, all of it | {now['verify_us'] / 1e6:.2f} | "
             f"{now['verify_us'] / now['sum_us']:.1f}× |"]
    journal = options.program + ".journal"
    for name, command in (("hledger", ["hledger", "-f", journal, "balance"]), ("ledger", ["ledger", "-f", journal, "balance"])):
        if shutil.which(name) is None:
            lines.append(f"| {name} | not installed | |")
            continue
        spent, ended = peer(command, options.seconds)
        lines.append(f"| {name} | {'' if ended else 'stopped after '}{spent:.1f} | {'' if ended else 'more than '}"
                     f"{spent / now['sum_us'] * 1e6:.0f}× |")
    os.unlink(journal)
    print("\n".join(lines))
    if not options.dry:
        results.put("ledger", "make bench-ledger", lines)


if __name__ == "__main__":
    sys.exit(main())
