#!/usr/bin/env python3
"""The program and an independent reading place alike, on random instances full of ties.

    agree.py BAOXUE [--times N] [--seed S]

Rows are shuffled for the program. Ends with 1 at the first difference and keeps the instance.
"""
import argparse
import collections
import copy
import csv
import json
import os
import random
import subprocess
import sys
import tempfile

import yaml

import reading

PLANS = ["general", "general", "general", "national", "university", "local", "poverty", "old_area"]
TRACKS = ["physics", "history"]
COUNTIES = ["620421", "620422", "620423"]
SUBJECTS = ["chemistry", "biology", "geography"]
SOURCES = ["一中", "二中", "s3", "s10"]


def write(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def make_rules(rng, allotted):
    batches = []
    for number in range(rng.randint(1, 3)):
        batch = {"key": f"b{number}", "mode": rng.choice(["parallel", "sequential"]),
                 "choices_max": rng.randint(1, 6), "majors_max": rng.randint(0, 4),
                 "ratio": rng.choice(["1", "1.05", "1.2", "1.0", "0.5", "1.333"])}
        if rng.random() < 0.4:
            batch["lines"] = {track: rng.choice([rng.randint(0, 12),
                                                 {"general": rng.randint(0, 12),
                                                  "national": rng.randint(0, 8)}])
                              for track in TRACKS if rng.random() < 0.7}
        if rng.random() < 0.4:
            batch["supplement"] = {"rounds": rng.randint(1, 2), "lower": rng.randint(0, 5)}
        batches.append(batch)
    if rng.random() < allotted:
        add_allotted(rng, batches)
    return {"ties": [f"tie{n}" for n in range(1, rng.randint(0, 3) + 1)], "batches": batches}


def add_allotted(rng, batches):
    """Batches that fill the groups of another: some allot seats, some give what was not used."""
    home = rng.choice(batches)["key"]
    for number in range(rng.randint(1, 3)):
        batch = {"key": f"q{number}", "mode": rng.choice(["parallel", "sequential"]),
                 "choices_max": rng.randint(1, 4), "majors_max": rng.randint(0, 2),
                 "ratio": rng.choice(["1", "1", "1.2", "0.5"]), "of": home}
        if rng.random() < 0.3:
            batch["lines"] = {"*": rng.randint(0, 8)}
        if number == 0 or rng.random() < 0.4:
            batch["allot"] = {}
            if rng.random() < 0.3:
                batch["supplement"] = {"rounds": rng.randint(1, 2), "lower": rng.randint(0, 3)}
        batches.insert(rng.choice([0, len(batches), rng.randint(0, len(batches))]), batch)
    keys = [batch["key"] for batch in batches]
    for at, batch in enumerate(batches):
        if "allot" not in batch:
            continue
        if keys.index(home) < at and rng.random() < 0.8:
            batch["allot"]["below"] = rng.choice([0, 0, 1, 2, 4])
        later = [other["key"] for other in batches[at + 1:]
                 if other.get("of", other["key"]) == home and "allot" not in other]
        later += [f"{home}+1"] if home in later and "supplement" in batches[keys.index(home)] else []
        if later and rng.random() < 0.7:
            batch["allot"]["rest"] = rng.choice(later)


def allot(rng, rules, programmes):
    """Rows of the allotments, of groups of one programme; the rules then ask for a share that is kept."""
    groups = {}
    for row in programmes:
        groups.setdefault((row[0], row[2]), []).append(row)
    rows, left = [], {key: own[0][4] for key, own in groups.items() if len(own) == 1}
    for batch in rules["batches"]:
        if "allot" not in batch:
            continue
        shares = []
        for (home, code), seats in left.items():
            if home != batch["of"] or rng.random() < 0.2:
                continue
            for source in rng.sample(SOURCES, rng.randint(0, len(SOURCES))):
                own = rng.randint(0, left[home, code] // rng.choice([1, 2, 2, 3]))
                left[home, code] -= own
                rows.append([batch["key"], code, source, own])
            given = sum(row[3] for row in rows if row[:2] == [batch["key"], code])
            shares.append((given, groups[home, code][0][4], code))
        if shares and all(2 * given >= quota for given, quota, _ in shares):
            batch["allot"]["least"] = "0.5"
            if all(given for given, *_ in shares):
                batch["allot"]["groups"] = [code for *_, code in shares]
    rng.shuffle(rows)
    return rows


def make(rng, folder, allotted=0.5):
    """Writes an instance; the chance that its rules allot seats to junior schools."""
    rules = make_rules(rng, allotted)
    allots = any("allot" in batch for batch in rules["batches"])
    city = allots and rng.random() < 0.8  # few schools that all may go to, and many who want to
    subjects = rng.random() < 0.3
    programmes, groups = [], {}
    for number in range(rng.randint(1, 3 if city else 8)):
        batch = rng.choice([batch for batch in rules["batches"] if "of" not in batch])
        code = f"g{rng.choice([number, number * 7])}"
        if code in groups:
            continue
        majors = [f"{rng.choice(['m', 'm', 'programme'])}{n}" for n in rng.sample(range(12), rng.randint(1, rng.choice([1, 1, 1, 4]) if allots else 4))]
        groups[code] = batch["key"], majors
        same = [batch["key"], "general" if city else rng.choice(PLANS), code]
        tail = ["", ""] if city else [rng.choice(TRACKS + [""]), rng.choice(COUNTIES + ["", "", ""])]
        for major in majors:
            row = same + [major, rng.randint(0, 4) + (rng.randint(0, 6) if city else 0)] + tail
            if subjects:
                row.append(rng.choice(["", "", "chemistry", "chemistry;biology",
                                       "chemistry|geography"]))
            programmes.append(row)
    spread, scale = rng.choice([2, 6, 20]), rng.choice([1, 1, 4 * 10 ** 18])
    applicants, choices = [], []
    for number in range(rng.randint(20, 60) if city else rng.randint(0, 40)):
        name = f"{number * 37 % 101}"
        plans = ";".join(rng.sample(sorted(set(PLANS) - {"general"}), rng.randint(0, 3)))
        row = [name, rng.choice(TRACKS), rng.choice(COUNTIES), rng.randint(0, spread)]
        row += [rng.randint(-1, 1) * scale for _ in rules["ties"]] + [plans]
        if subjects:
            row.append(";".join(rng.sample(SUBJECTS, rng.randint(0, 3))))
        if allots:
            row.append(rng.choice(SOURCES[:3] * 3 + ["", "elsewhere"]))
        applicants.append(row)
        for batch in rules["batches"]:
            rounds = (batch.get("supplement") or {}).get("rounds", 0)
            for key in [batch["key"]] + [f"{batch['key']}+{n}" for n in range(1, rounds + 1)]:
                own = [code for code, (home, _) in groups.items() if home == batch.get("of", batch["key"])]
                rng.shuffle(own)
                ranks = sorted(rng.sample(range(1, batch["choices_max"] + 1),
                                          rng.randint(min(city, len(own)), min(len(own), batch["choices_max"]))))
                for rank, code in zip(ranks, own):
                    majors = list(groups[code][1])
                    rng.shuffle(majors)
                    majors = majors[:rng.randint(0, min(len(majors), batch["majors_max"]))]
                    choices.append([name, key, rank, code, ";".join(majors),
                                    rng.choice(["yes", "no"])])
    rng.shuffle(choices)
    rng.shuffle(applicants)
    rng.shuffle(programmes)
    more = ["subjects"] if subjects else []
    if allots:
        write(f"{folder}/q.csv", ["batch", "group", "source", "seats"], allot(rng, rules, programmes))
    with open(f"{folder}/r.yaml", "w", encoding="utf-8") as file:
        yaml.safe_dump(rules, file, sort_keys=False)
    write(f"{folder}/p.csv", ["batch", "plan", "group", "programme", "quota", "track", "county"]
          + more, programmes)
    write(f"{folder}/a.csv", ["applicant", "track", "county", "total"] + rules["ties"] + ["plans"]
          + more + (["source"] if allots else []), applicants)
    write(f"{folder}/c.csv", ["applicant", "batch", "rank", "group", "majors", "adjust"], choices)


def files_of(folder):
    """The options for the files of an instance; allotments are there in some."""
    names = [("rules", "r.yaml"), ("programmes", "p.csv"), ("applicants", "a.csv"), ("choices", "c.csv"),
             ("allotments", "q.csv")]
    return [word for option, name in names if os.path.exists(f"{folder}/{name}")
            for word in (f"--{option}", f"{folder}/{name}")]


def run(program, folder, trace=True):
    command = [program, "place", "run", "--quiet", *files_of(folder), "--out", f"{folder}/o.csv"]
    if trace:
        command += ["--trace", f"{folder}/t.csv"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"exit {done.returncode}: {done.stderr}")
    with open(f"{folder}/o.csv", encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def check_trace(folder, placed):
    """Every placed applicant's last row in its batch says so, and nobody else's does."""
    with open(f"{folder}/t.csv", encoding="utf-8", newline="") as file:
        said = {(row["applicant"], row["batch"], row["group"], row["rank"])
                for row in csv.DictReader(file) if row["outcome"] in ("admitted", "adjusted")}
    return said == {(row[0], row[1], row[2], row[4]) for row in placed}


def load(folder):
    """The instance as the reading takes it."""
    with open(f"{folder}/r.yaml", encoding="utf-8") as file:
        rules = yaml.safe_load(file)
    tables = [f"{folder}/{name}" for name in ["p.csv", "a.csv", "c.csv", "q.csv"] if os.path.exists(f"{folder}/{name}")]
    return [rules, *map(reading.rows, tables)]


def with_remedy(instance, choice, remedy):
    """The instance with the one thing changed that the program says would have placed the applicant."""
    rules, programmes, applicants, choices, allotments = copy.deepcopy(instance)
    name, group = choice["applicant"], choice["group"]
    own = next(row for row in applicants if row["applicant"] == name)
    rows = sorted((row for row in programmes if row["group"] == group), key=lambda row: row["programme"].encode())
    if remedy["kind"] == "points":
        own["total"] = int(own["total"]) + remedy["points"]
    elif remedy["kind"] == "plan":
        own["plans"] += f";{rows[0]['plan']}"
    elif remedy["kind"] == "adjust":
        next(row for row in choices if all(row[key] == choice[key] for key in ("applicant", "batch", "rank")))["adjust"] = "yes"
    else:
        first = (choice["majors"].split(";")[0] if remedy["kind"] == "seats" else "") or rows[0]["programme"]
        seat = next(row for row in rows if row["programme"] == first)
        seat["quota"] = int(seat["quota"]) + 1
    if remedy["kind"] == "allotted":
        batch = choice["batch"].split("+")[0]
        same = [row for row in allotments if (row["batch"], row["group"], row["source"]) == (batch, group, own["source"])]
        if not same:
            same = [{"batch": batch, "group": group, "source": own["source"], "seats": 0}]
            allotments += same
        same[0]["seats"] = int(same[0]["seats"]) + 1
    return rules, programmes, applicants, choices, allotments


def check_why(program, folder, rng):
    """`place explain` of one applicant says what the reading says, and each remedy of it is true: their kinds.
    ValueError where not."""
    instance = load(folder)
    if len(instance) < 5 or not instance[4]:
        return []
    run = reading.Run(*instance)
    run.run()
    name = rng.choice(sorted(run.applicants)) if run.applicants else None
    if name is None:
        return []
    done = subprocess.run([program, "--json", "place", "explain", name, *files_of(folder)], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise ValueError(f"explain {name}: exit {done.returncode}: {done.stderr}")
    remedies = []
    for said in json.loads(done.stdout)["choices"]:
        choice = run.choices[said["batch"], name][said["rank"]]
        true = reading.why(run, name, choice)
        if {key: said[key] for key in true} != true:
            raise ValueError(f"explain {name}, {said['batch']} {said['rank']}: {said}, not {true}")
        for remedy in said["remedies"]:
            again = reading.Run(*with_remedy(instance, choice, remedy))
            again.run()
            row = again.placed.get(name)
            if row is None or (row[1], row[4]) != (said["batch"], choice["rank"]):
                raise ValueError(f"explain {name}, {said['batch']} {said['rank']}: {remedy} does not place there")
            remedies.append(remedy["kind"])
    return remedies


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--times", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    placed = allotted = 0
    remedies = collections.Counter()
    for number in range(options.times):
        with tempfile.TemporaryDirectory() as folder:
            make(random.Random(options.seed * 1000003 + number), folder)
            ours = run(options.program, folder)
            if run(options.program, folder, trace=False) != ours:
                sys.exit(f"instance {number} of seed {options.seed} differs without its trace")
            theirs = reading.place(*files_of(folder)[1::2])
            placed += len(ours)
            allotted += sum(row[1].startswith("q") for row in ours)
            why = ""
            if ours == theirs and check_trace(folder, ours):
                try:
                    remedies.update(check_why(options.program, folder, random.Random(number)))
                    continue
                except ValueError as error:
                    why = str(error)
            kept = tempfile.mkdtemp(prefix="place-")
            os.system(f"cp {folder}/* {kept}/")
            print(f"instance {number} of seed {options.seed} differs: {kept} {why}")
            for row in sorted(set(map(tuple, ours)) ^ set(map(tuple, theirs))):
                print("  program" if list(row) in ours else "  reading", row)
            sys.exit(1)
    print(f"{options.times} instances, {placed} placed, {allotted} of them in a batch that fills another's groups: "
          f"all agree; remedies hold: {dict(remedies)}")


if __name__ == "__main__":
    main()
