#!/usr/bin/env python3
"""Measures the program beside its peers and writes its sections of bench/RESULTS.md.

    run.py [--only match,city,towns] [--peers PYTHON]

Each figure of ours stands beside a peer's of the same run, as a ratio: linkage beside Splink on DuckDB (same
files, same evaluator; blocking misses count), the main job at 1x, 10x and 100x its smallest size, the list of
children in no school beside a comparison by ID numbers alone. Peers run in a virtual environment that
`make bench` makes. Times are medians of RUNS whole processes; memory is the largest resident size.
"""
import argparse
import csv
import datetime
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

import results

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
BINARY = os.path.join(ROOT, "build", "baoxue")
DATA = os.environ.get("BAOXUE_DATA", os.path.join(ROOT, "..", "shared", "data"))
RUNS = 3

# name: (files, id column, how the true entity is found)
SETS = {
    "febrl4": (["dataset4a.csv", "dataset4b.csv"], "rec_id"),
    "febrl3": (["dataset3.csv"], "rec_id"),
    "fake_1000": (["fake_1000.csv"], "unique_id"),
    "historical_50k": (["historical_figures_with_errors_50k.csv"], "unique_id"),
}


def timed(command):
    """Runs a command; gives (seconds, peak bytes, stdout). Ends the benchmark when it fails."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.communicate()
    seconds = time.monotonic() - start
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} failed:\n{err.decode()[-2000:]}")
    return seconds, out.decode()


def peak_of(command):
    """The largest resident size of a command, in MB, asked of a child of its own."""
    code = ("import resource,subprocess,sys;subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL);"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    return int(subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True).stdout) / 1024


def median_seconds(command):
    return statistics.median(timed(command)[0] for _ in range(RUNS))


def truth_of(files, id_column):
    """{record id: entity}: the column `cluster`, or the number inside a FEBRL record id."""
    truth = {}
    for name in files:
        with open(os.path.join(DATA, "linkage", name), encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, skipinitialspace=True)
            for row in reader:
                number = row[id_column].strip()
                truth[number] = row.get("cluster") or re.match(r"rec-(\d+)", number).group(1)
    return truth


def true_pairs(truth, two_files):
    sizes = {}
    for entity in truth.values():
        sizes[entity] = sizes.get(entity, 0) + 1
    return sum(n * (n - 1) // 2 for n in sizes.values()) if not two_files else sum(n == 2 for n in sizes.values())


def best_f1(pairs_file, truth, total):
    """(F1, precision, recall, threshold) where F1 is best; pairs that were never compared count as missed."""
    with open(pairs_file, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        scored = sorted(((float(r[2]), truth[r[0].strip()] == truth[r[1].strip()]) for r in rows), reverse=True)
    best, right = (0.0, 0.0, 0.0, 0.0), 0
    for at, (weight, same) in enumerate(scored, 1):
        right += same
        if at < len(scored) and scored[at][0] == weight:
            continue
        precision, recall = right / at, right / total
        if right and 2 * precision * recall / (precision + recall) > best[0]:
            best = (2 * precision * recall / (precision + recall), precision, recall, weight)
    return best


def clusters_f1(clusters_file, truth, total):
    with open(clusters_file, encoding="utf-8", newline="") as file:
        members = {}
        for row in csv.DictReader(file):
            members.setdefault(row["cluster"], []).append(truth[row["id"].strip()])
    found = right = 0
    for entities in members.values():
        found += len(entities) * (len(entities) - 1) // 2
        counts = {}
        for entity in entities:
            counts[entity] = counts.get(entity, 0) + 1
        right += sum(n * (n - 1) // 2 for n in counts.values())
    return 2 * right / (found + total) if found else 0.0


def bench_match(out, peers):
    out.append("## Linkage: `baoxue match` beside Splink on DuckDB\n")
    out.append("F1 over all true pairs at the best threshold (a pair lost in blocking is missed); whole process, reading included. "
               "Command: `make bench` (`build/baoxue match FILE --spec bench/specs/NAME.yaml --out PAIRS.csv --clusters CLUSTERS.csv`; "
               "`bench/peers/splink_match.py NAME`, the models of Splink's documentation).\n")
    out.append("| data | ours F1 | in clusters | Splink F1 | ours s | Splink s | times faster | ours MB | Splink MB |")
    out.append("|---|---|---|---|---|---|---|---|---|")
    for name, (files, id_column) in SETS.items():
        truth = truth_of(files, id_column)
        total = true_pairs(truth, len(files) > 1)
        with tempfile.TemporaryDirectory() as scratch:
            pairs, clusters = os.path.join(scratch, "pairs.csv"), os.path.join(scratch, "clusters.csv")
            paths = [os.path.join(DATA, "linkage", f) for f in files]
            ours = [BINARY, "match", *paths, "--spec", os.path.join(HERE, "specs", name + ".yaml"), "--out", pairs,
                    "--clusters", clusters, "--quiet"]
            seconds, peak = median_seconds(ours), peak_of(ours)
            f1, joined = best_f1(pairs, truth, total)[0], clusters_f1(clusters, truth, total)
            row = [name, f"{f1:.4f}", f"{joined:.4f}"]
            if peers:
                theirs = [peers, os.path.join(HERE, "peers", "splink_match.py"), name, os.path.join(DATA, "linkage"), pairs]
                peer_seconds, peer_peak = median_seconds(theirs), peak_of(theirs)
                row += [f"{best_f1(pairs, truth, total)[0]:.4f}", f"{seconds:.2f}", f"{peer_seconds:.2f}",
                        f"{peer_seconds / seconds:.0f}×", f"{peak:.0f}", f"{peer_peak:.0f}"]
            else:
                row += ["–", f"{seconds:.2f}", "–", "–", f"{peak:.0f}", "–"]
        out.append("| " + " | ".join(row) + " |")
        print(out[-1], flush=True)
    out.append("")


def bench_city(out):
    out.append("## The main job: from files to the list\n")
    out.append("The sample city at 1×, 10×, 100×: its first files imported, linked and checked in fresh workspaces, writing the sample not counted. "
               "Command: `build/baoxue --db W.db import FILES && build/baoxue --db W.db check --at 2020-09-15`.\n")
    out.append("| children | rows | import s | link and check s | all s | rows/s | largest MB |")
    out.append("|---|---|---|---|---|---|---|")
    for children in (2800, 28000, 280000):
        with tempfile.TemporaryDirectory() as scratch:
            folder, db = os.path.join(scratch, "city"), os.path.join(scratch, "w.db")
            timed([BINARY, "demo", folder, "--children", str(children), "--seed", "1", "--quiet", "--json"])
            _, listing = timed([BINARY, "--db", os.path.join(folder, "baoxue.db"), "import", "list", "--json"])
            files = [os.path.join(folder, "files", batch["file"]) for batch in json.loads(listing)["batches"]
                     if batch["at"] == "2020-09-15"]
            load = [BINARY, "--db", db, "--quiet", "--json", "import", "--at", "2020-09-15", *files]
            check = [BINARY, "--db", db, "--quiet", "check", "--at", "2020-09-15"]
            load_seconds, report = timed(load)
            check_seconds, _ = timed(check)
            rows = sum(f["rows"] for f in json.loads(report)["files"])
            for suffix in ("", "-wal", "-shm", ".key"):
                if os.path.exists(db + suffix):
                    os.remove(db + suffix)
            peak = max(peak_of(load), peak_of(check))
        total = load_seconds + check_seconds
        out.append(f"| {children} | {rows} | {load_seconds:.1f} | {check_seconds:.1f} | {total:.1f} | {rows / total:.0f} | {peak:.0f} |")
        print(out[-1], flush=True)
    out.append("")


def bench_towns(out):
    out.append("## Who is truly in no school\n")
    out.append("Random counties that the program was not written for (`tests/sim`: own people, error models and layouts), beside a comparison "
               "by ID numbers alone. Command: `tests/sim/score.py build/baoxue --first-seed 101`.\n\n```")
    result = subprocess.run([sys.executable, os.path.join(ROOT, "tests", "sim", "score.py"), BINARY, "--first-seed", "101",
                             "--children", "20000"], capture_output=True, text=True)
    out.append(result.stdout.rstrip() + "\n```\n")
    print(result.stdout, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="match,city,towns")
    parser.add_argument("--peers", help="the Python of the peers' virtual environment")
    options = parser.parse_args()
    parts = {"match": lambda out: bench_match(out, options.peers), "city": bench_city, "towns": bench_towns}
    for name in options.only.split(","):
        out = []
        parts[name](out)
        results.put(name, "make bench", out)


if __name__ == "__main__":
    main()
