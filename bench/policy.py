#!/usr/bin/env python3
"""Decides all schemes of the aid rules for made-up students with the program and with OpenFisca-Core, and writes the
section "Aid for a city" of bench/RESULTS.md.

    policy.py --peers PYTHON [--sizes 100000,1000000,10000000] [--at 2025-09-15] [--runs 3] [--peer-only] [--dry]

Both read the same file (bench/policy_data.py) and write a row a student and scheme; runs take turns. Each says itself
how much processor time it took to read, decide and write (`--times FILE` of the program), so that a machine that does
other work as well tells little less; the clock is for the whole process. OpenFisca runs twice
(bench/peers/openfisca_aid.py): with amounts looked up by `where` and `select`, and by parameters[vector]; not above
--peer-most students. A further file has all cells drawn at random (policy_data.py --apart): hardly two students are
alike. Memory is the largest resident size.
"""
import argparse
import csv
import json
import os
import statistics
import struct
import sys
import tempfile

import link
import policy_data
import results

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = os.path.join(HERE, "out", "policy")
PEER = os.path.join(HERE, "peers", "openfisca_aid.py")
SEED = 1
STEPS = ["read_cpu_us", "decide_cpu_us", "write_cpu_us"]
APART = "all different"
OURS, THEIRS, INDEXED = "baoxue", "OpenFisca", "OpenFisca, parameters[vector]"


def data(students, apart=False):
    """The file of this size: made when it is not there."""
    path = os.path.join(FILES, f"{students}{'-apart' if apart else ''}.csv")
    if not os.path.exists(path):
        os.makedirs(FILES, exist_ok=True)
        policy_data.write(path, students, SEED, apart)
    return path


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.totals = {}

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, program, students, apart):
        """{step: microseconds, "seconds", "mb", "threads", "kinds"} of one run."""
        options, file = self.options, data(students, apart)
        if program == OURS:
            times = self.path("times.json")
            whole = link.run([options.binary, "--quiet", "aid", "decide", "--students", file, "--at", options.at,
                              "--out", self.path("ours.csv"), "--times", times])
            with open(times, encoding="utf-8") as said:
                steps = json.load(said)
        else:
            more = ["--indexed"] if program == INDEXED else []
            whole = link.run([options.peers, PEER, file, options.at, self.path("theirs.csv"), *more])
            steps = json.loads(whole["printed"])
            self.totals = steps["totals"]
        if steps["students"] != students:
            raise SystemExit(f"{program} decided for {steps['students']} students of {students}")
        return {step: steps[step] for step in STEPS} | {"seconds": whole["seconds"], "mb": whole["mb"],
                                                        "threads": steps.get("threads", 1),
                                                        "kinds": steps.get("kinds", 0)}

    def size(self, students, apart=False):
        """{program: medians}, the runs taking turns."""
        programs = [] if self.options.peer_only else [OURS]
        if students <= self.options.peer_most:
            programs += [THEIRS, INDEXED]
        runs = {program: [] for program in programs}
        for _ in range(self.options.runs):
            for program in programs:
                runs[program].append(self.run(program, students, apart))
        return {program: {key: statistics.median(r[key] for r in taken) for key in taken[0]}
                for program, taken in runs.items()}


def rows_of(students, measured, apart=False):
    rows = []
    for program, now in measured.items():
        name = f"{program}, {int(now['threads'])} threads" if program == OURS else program
        size = f"{students:,}{', ' + APART if apart else ''}"
        kinds = f"{int(now['kinds']):,}" if now["kinds"] else ""
        rows.append([size, name, *(f"{now[step] / 1e6:.3f}" for step in STEPS), f"{now['seconds']:.2f}", f"{now['mb']:.0f}",
                     kinds])
    if OURS in measured:
        mine = measured[OURS]
        for program in (THEIRS, INDEXED):
            if program not in measured:
                continue
            peer = measured[program]
            rows.append(["", f"ratio to {program}", *(f"{peer[s] / mine[s]:.1f}×" if mine[s] else "" for s in STEPS),
                         f"{peer['seconds'] / mine['seconds']:.1f}×", f"{mine['mb'] / peer['mb']:.2f} of it", ""])
            rows[-1][3] = f"**{rows[-1][3]} faster**"
    return ["| " + " | ".join(row) + " |" for row in rows]


def single(text):
    """The number that a float of 32 bits holds."""
    return struct.unpack("f", struct.pack("f", float(text)))[0]


def read_theirs(path):
    """{(id, scheme): (verdict, fen, whole)}; `whole` when the float is a whole number of fen."""
    found = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            fen = single(row["amount"]) * 100
            found[row["id"], row["scheme"]] = (row["verdict"], round(fen), fen.is_integer())
    return found


def sums(theirs, totals):
    """How far each scheme's own total is from the sum of its rounded amounts, as a sentence."""
    exact = dict.fromkeys(totals, 0)
    for (_, scheme), (_, fen, _) in theirs.items():
        exact[scheme] += fen
    off = {name: round(totals[name] * 100) - fen for name, fen in exact.items() if round(totals[name] * 100) != fen}
    if not off:
        return "Its totals of the schemes are right to the fen."
    worst = max(off, key=lambda name: abs(off[name]))
    return (f"Its own total (`sum`) is not the sum of its amounts in {len(off)} of {len(totals)} schemes; most in {worst}, by "
            f"{abs(off[worst]) / 100:,.2f} yuan.")


def compare(ours, theirs, totals):
    """What differs and why, as lines of the section."""
    same = opposite = amounts = unknown_no = unknown_yes = paid = 0
    with open(ours, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            verdict, fen, _ = theirs.pop((row["id"], row["scheme"]))
            if row["verdict"] == "unknown":
                unknown_no += verdict == "no"
                unknown_yes += verdict == "yes"
                paid += fen
            elif row["verdict"] != verdict:
                opposite += 1
            elif row["verdict"] == "yes" and int(row["amount_fen"]) != fen:
                amounts += 1
            else:
                same += 1
    if theirs:
        raise SystemExit(f"{len(theirs)} decisions are only OpenFisca's, as {next(iter(theirs))}")
    return [f"- {same:,} decisions are the same, to the fen once its amounts are rounded to it; {opposite:,} are yes here and no "
            f"there or no and yes; {amounts:,} amounts differ.",
            f"- {unknown_no + unknown_yes:,} are *unknown* to baoxue, which names the missing inputs. OpenFisca has no unknown and "
            f"took its default for the empty cell (no, grade 0, a county elsewhere, the first major class, a fee of 0): "
            f"{unknown_no:,} became no, {unknown_yes:,} yes, with {paid / 100:,.2f} yuan."]


def differences(bench):
    theirs = read_theirs(bench.path("theirs.csv"))
    odd = sum(not whole for _, _, whole in theirs.values())
    floats = (f"- OpenFisca's amounts are floats of 32 bits: {odd:,} are no whole number of fen before they are rounded. "
              + sums(theirs, bench.totals))
    lines = [] if bench.options.peer_only else compare(bench.path("ours.csv"), theirs, bench.totals)
    return lines + [floats]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", required=True, help="the Python of OpenFisca's virtual environment")
    parser.add_argument("--binary", default=os.path.join(link.ROOT, "build", "baoxue"))
    parser.add_argument("--sizes", default="100000,1000000,10000000")
    parser.add_argument("--at", default="2025-09-15")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peer-most", type=int, default=1_000_000, help="students above which OpenFisca is not run")
    parser.add_argument("--apart", type=int, default=1_000_000, help="students who are all different; 0: none")
    parser.add_argument("--load", default="", help="what else the machine did, for the section")
    parser.add_argument("--peer-only", action="store_true", help="measure OpenFisca alone; nothing is written")
    parser.add_argument("--dry", action="store_true", help="only print")
    options = parser.parse_args()
    out = ["## Aid for a city\n",
           f"Made-up students of all stages (`bench/policy_data.py`, seed {SEED}, 0.5 to 8 % of the cells that matter empty), all "
           f"twelve schemes of `aid decide` on {options.at}. Both read the same file and write a row a student and scheme. "
           "OpenFisca-Core has the same rules (`bench/peers/openfisca_aid.py`: dated parameters and formulas, whole vectors, amounts "
           "as floats, pandas to read and write); with amounts chosen by `where` and `select`, and with parameters[vector], as "
           "its documentation also has it. baoxue gives for each row its needs, the law and the grounds of an explanation as "
           "well, sorted. Read, decide and write are seconds of processor time, over all threads; *all* is the whole process by the "
           f"clock; medians of {options.runs} runs in turns. *Kinds* are the students whom the rules can tell apart (fees aside, "
           f"which are sums): each is decided once. *{APART.capitalize()}* has every cell drawn at random, the fee to the fen: the worst case."
           + (f" {options.load}" if options.load else "") + "\n",
           "| students | program | read | decide | write | all | MB | kinds |", "|---|---|---|---|---|---|---|---|"]
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options, folder)
        for students in (int(s) for s in options.sizes.split(",")):
            rows = rows_of(students, bench.size(students))
            print("\n".join(rows), flush=True)
            out += rows
            if students == min(options.peer_most, max(int(s) for s in options.sizes.split(","))):
                lines = differences(bench)
        if options.apart > 0:
            rows = rows_of(options.apart, bench.size(options.apart, True), True)
            print("\n".join(rows), flush=True)
            out += rows
        print("\n".join(lines), flush=True)
        out += ["\nThe decisions of the largest file that both read, one by one:\n", *lines]
    if not options.dry and not options.peer_only:
        results.put("policy", "make bench-policy", out)


if __name__ == "__main__":
    main()
