#!/usr/bin/env python3
"""Links the FEBRL and historical files with the program and prints one row of a table for each.

    match.py [--runs N] [--check] [--binary PROGRAM] [NAME …]

F1 is over all true pairs, at the best threshold and inside clusters, as `baoxue match evaluate` counts them:
a pair lost in blocking is missed. Times are medians of N whole processes, memory the largest resident size.
With --check each is held against what is promised (PROMISED); one that falls short makes the exit code 1.
The data lie under BAOXUE_DATA (default ../shared/data); the specs are bench/specs/NAME.yaml.
"""
import argparse
import csv
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
DATA = os.path.join(os.environ.get("BAOXUE_DATA", os.path.join(ROOT, "..", "shared", "data")), "linkage")

SETS = {
    "fake_1000": ["fake_1000.csv"],
    "febrl3": ["dataset3.csv"],
    "febrl4": ["dataset4a.csv", "dataset4b.csv"],
    "historical_50k": ["historical_figures_with_errors_50k.csv"],
}

# Least F1 at the best threshold, and inside clusters.
PROMISED = {
    "fake_1000": (0.86, 0.90),
    "febrl3": (0.995, 0.995),
    "febrl4": (0.9995, 0.9995),
    "historical_50k": (0.80, 0.87),
}


def write_truth(path, files):
    """id,entity: the column `cluster`, or the number inside a FEBRL record id."""
    with open(path, "w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["id", "entity"])
        for file in files:
            with open(file, encoding="utf-8", newline="") as source:
                for row in csv.DictReader(source, skipinitialspace=True):
                    number = row.get("unique_id") or row["rec_id"]
                    rows.writerow([number, row.get("cluster") or re.match(r"rec-(\d+)", number).group(1)])


def run(command):
    """Seconds and largest resident megabytes of a process."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"failed: {' '.join(command)}")
    return time.monotonic() - start, usage.ru_maxrss / 1024


def row_of(name, runs, folder, binary):
    """The row of the table, and whether what is promised is kept."""
    files = [os.path.join(DATA, file) for file in SETS[name]]
    pairs, clusters, truth = (os.path.join(folder, name + end) for end in ("_p.csv", "_c.csv", "_t.csv"))
    write_truth(truth, files)
    spec = os.path.join(HERE, "specs", name + ".yaml")
    measured = [run([binary, "match", *files, "--spec", spec, "--out", pairs, "--clusters", clusters])
                for _ in range(runs)]
    report = subprocess.run([binary, "match", "evaluate", pairs, "--truth", truth, "--clusters", clusters, "--json"],
                            check=True, capture_output=True, text=True).stdout
    by_what = {line["what"]: line for line in json.loads(report)["evaluations"]}
    best, inside = by_what["best"], by_what["clusters"]
    seconds = statistics.median(seconds for seconds, _ in measured)
    kept = float(best["f1"]) >= PROMISED[name][0] and float(inside["f1"]) >= PROMISED[name][1]
    return (f"| {name} | {float(best['f1']):.4f} | {float(best['precision']):.4f} | {float(best['recall']):.4f} | "
            f"{float(inside['f1']):.4f} | {seconds:.2f} | {max(memory for _, memory in measured):.0f} |"), kept


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--binary", default=os.path.join(ROOT, "build", "baoxue"))
    parser.add_argument("names", nargs="*", default=list(SETS))
    options = parser.parse_args()
    if not os.path.isdir(DATA):
        print(f"{DATA} is not there", file=sys.stderr)
        return 77
    print("| data | F1 | precision | recall | F1 in clusters | seconds | MB |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        short = []
        for name in options.names:
            row, kept = row_of(name, options.runs, folder, options.binary)
            print(row, flush=True)
            if not kept:
                short.append(name)
    if options.check and short:
        print(f"falls short of what is promised: {', '.join(short)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
