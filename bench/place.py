#!/usr/bin/env python3
"""Places made-up applicants with the program and, where it can, with the Python library `matching`, and writes the section
"Placing" of bench/RESULTS.md.

    place.py --peers PYTHON [--sizes 10000,100000,1000000] [--long] [--runs 5] [--dry]

`place run --times` says how long it read, sorted the same applicants with the C library's qsort alone (to compare with),
placed (its own sorting within) and wrote. --long adds ten million applicants (bench/place_data.py writes 7 GB), once. `place
verify` then checks each result. The library gets the instances of place_data.py --single, on which both have to give the
same places. Memory is the largest resident size; pages of input files that are mapped count in it.
"""
import argparse
import csv
import json
import os
import statistics
import sys
import tempfile

import link
import results

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = os.path.join(HERE, "out", "place")
PEER = os.path.join(HERE, "peers", "matching_place.py")
PEER_SIZES = [1000, 3000, 10000]
LONG = 10000000
SEED = 1


def data(applicants, single):
    """The folder of this size: made when it is not there."""
    folder = os.path.join(FILES, f"{'single' if single else 'city'}{applicants}")
    if not os.path.exists(os.path.join(folder, "made")):
        link.run([sys.executable, os.path.join(HERE, "place_data.py"), folder, "--applicants", str(applicants),
                  "--seed", str(SEED)] + (["--single"] if single else []))
        with open(os.path.join(folder, "made"), "w", encoding="utf-8"):
            pass
    return folder


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def command(self, name, folder):
        return [self.options.binary, "--quiet", "--lang", "en", "place", name] + [
            word for option, file in [("rules", "r.yaml"), ("programmes", "p.csv"), ("applicants", "a.csv"),
                                      ("choices", "c.csv")] for word in (f"--{option}", os.path.join(folder, file))]

    def place(self, folder):
        whole = link.run(self.command("run", folder) + ["--out", self.path("o.csv"), "--times", self.path("t.json")])
        with open(self.path("t.json"), encoding="utf-8") as said:
            return json.load(said) | {"seconds": whole["seconds"], "mb": whole["mb"]}

    def verify(self, folder):
        return link.run(self.command("verify", folder) + ["--result", self.path("o.csv")])

    def size(self, applicants):
        """A row: medians of placing, and its verification."""
        folder = data(applicants, False)
        runs = [self.place(folder) for _ in range(1 if applicants == LONG else self.options.runs)]
        now = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        now["ratio"] = statistics.median(run["place_us"] / run["sort_us"] for run in runs)
        checked = self.verify(folder)
        with open(os.path.join(folder, "c.csv"), "rb") as file:
            choices = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 24), b"")) - 1
        return [f"{applicants:,}", f"{choices:,}", f"{now['read_ms'] / 1000:.2f}", f"{now['sort_us'] / 1e6:.4f}",
                f"{now['place_us'] / 1e6:.4f}", f"**{now['ratio']:.1f}×**", f"{now['write_ms'] / 1000:.2f}",
                f"{now['seconds']:.2f}", f"{now['mb']:.0f}", f"{checked['seconds']:.2f}", f"{checked['mb']:.0f}"]

    def peer(self, applicants):
        folder = data(applicants, True)
        ours = statistics.median(self.place(folder)["place_us"] for _ in range(self.options.runs)) / 1e6
        said = link.run([self.options.peers, PEER, folder, self.path("theirs.csv")])
        theirs = json.loads(said["printed"])
        with open(self.path("o.csv"), encoding="utf-8", newline="") as file:
            mine = [[row["applicant"], row["group"]] for row in csv.DictReader(file)]
        with open(self.path("theirs.csv"), encoding="utf-8", newline="") as file:
            if list(csv.reader(file)) != mine:
                raise SystemExit(f"{applicants} applicants: the library places others")
        solve = theirs["place_ms"] / 1000
        return [f"{applicants:,}", f"{ours:.6f}", f"{solve:.2f}", f"**{solve / ours:,.0f}× faster**",
                f"{theirs['build_ms'] / 1000:.2f}", f"{said['mb']:.0f}"]


def table(heads, rows):
    lines = [heads, ["---"] * len(heads)]
    for row in rows:
        print(" | ".join(row), flush=True)
        lines.append(row)
    return ["| " + " | ".join(line) + " |" for line in lines]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", help="the Python of the library's virtual environment; none: without it")
    parser.add_argument("--binary", default=os.path.join(link.ROOT, "build", "baoxue"))
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--dry", action="store_true", help="only print")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")] + ([LONG] if options.long else [])
    out = ["## Placing\n",
           f"Made-up applicants (`bench/place_data.py`, seed {SEED}): two tracks, a special plan by county and in sequence, then up to "
           "45 parallel choices and a supplementary round, three ties, lines, the ratio 1.05. *Sort* is a bare `qsort` of the same "
           "applicants by total and first tie, in the same process; *place* is all of placing after loading, its own sorting within. *All* is the "
           "whole process. Then `place verify` of the result, which found all in order. Seconds; medians.\n"]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options, folder)
        out += table(["applicants", "choices", "read", "sort", "place", "place / sort", "write", "all", "MB", "verify, all", "MB"],
                     (bench.size(size) for size in sizes))
        if options.peers:
            out += ["\nBeside `matching` (hospital-resident, residents proposing) on instances that it can express: no ties, groups of one "
                    "programme, a file a seat. Both place everybody alike. Its solve() alone is compared with all of placing; making "
                    "its players (*build*) is not counted. Seconds.\n"]
            out += table(["applicants", "place", "solve of matching", "ratio", "its build", "its MB"],
                         (bench.peer(size) for size in PEER_SIZES))
    if not options.dry:
        results.put("place", "make bench-place", out)


if __name__ == "__main__":
    main()
