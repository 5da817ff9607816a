#!/usr/bin/env python3
"""Writes a random county: the offices' files and the truth beside them.

    town.py FOLDER --seed 7 [--children 8000] [--model mixed|typist|missing|excel] [--errors 1] [--unreported 0]

FOLDER/files/ holds what the offices would send, FOLDER/truth/missing.csv who is truly in no school, and
FOLDER/truth/records.csv which row of which file speaks of whom. Independent of the sample city of the program.
"""
import argparse
import csv
import datetime
import os
import random
import shutil

import layouts
from offices import Offices
from spoil import Spoiler
from truth import County, expected_missing

HERE = os.path.dirname(os.path.abspath(__file__))
DIVISIONS = os.path.join(HERE, "..", "..", "policies", "baiyin", "divisions.tsv")


def read_places(rng):
    """The villages of one county drawn by chance: [(code, village, township, county)]."""
    with open(DIVISIONS, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if line[:1].isdigit()]
    rows = [row for row in rows if len(row[0]) == 12]
    county = rng.choice(sorted({row[4] for row in rows}))
    return [(row[0], row[1], row[3], row[5]) for row in rows if row[4] == county]


def split(rng, register, rows):
    """One file for all, or one a township, or sheets by school: [(label, [(sheet, rows)])]."""
    draw = rng.random()
    by = "school" if register in ("roll", "attending", "recognitions", "awards_paid") else "township"
    if draw < 0.5 or register in ("deaths", "homebound", "deferred", "elsewhere", "destitute", "orphans", "schools"):
        return [("全县", [("Sheet1", rows)])]
    groups = {}
    for row in rows:
        groups.setdefault(row.get(by) or row["township"], []).append(row)
    if draw < 0.75 and len(groups) <= 120:
        return [("全县", sorted(groups.items()))]
    return [(label, [("Sheet1", part)]) for label, part in sorted(groups.items())]


def part_rows(sheets, sheet):
    return next(rows for name, rows in sheets if name[:28].replace("/", "") == sheet)


def write_register(rng, folder, register, rows, county, records, headings=None):
    layout = layouts.Layout(rng, register, headings)
    for label, sheets in split(rng, register, rows):
        if rng.random() < 0.3:
            layout = layouts.Layout(rng, register, headings)
        title = f"{county.county_name}{label if label != '全县' else ''}2020年{layouts.TITLES[register]}"
        tables = [(name[:28].replace("/", ""), layout.table(part, title)) for name, part in sheets]
        stem = f"{county.county_name}{label}_{layouts.TITLES[register]}".replace("/", "")
        name = layouts.write_file(folder, stem, [(n, [cells for cells, _ in t]) for n, t in tables], rng)
        for sheet, table in tables:
            rows_of = iter(part_rows(sheets, sheet))
            for at, (_, entity) in enumerate(table, 1):
                if entity is not None:
                    row = next(rows_of)
                    records.append((name, sheet, at, entity, register, row["name"], row["id"]))


def write_town(folder, seed, children, model, errors, unreported, keep_out=()):
    rng = random.Random(seed)
    day = datetime.date(2020, 9, 15)
    county = County(rng, children, read_places(rng), day)
    offices = Offices(county, Spoiler(rng, model, errors), rng, unreported)
    shutil.rmtree(folder, ignore_errors=True)
    files, truth = os.path.join(folder, "files"), os.path.join(folder, "truth")
    os.makedirs(files)
    os.makedirs(truth)
    records = []
    for register, rows in offices.registers().items():
        if rows and register not in keep_out:
            write_register(rng, files, register, rows, county, records)
    with open(os.path.join(truth, "records.csv"), "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("file", "sheet", "row", "entity", "register", "name", "id")] + records)
    with open(os.path.join(truth, "missing.csv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("entity", "name", "id", "birth", "story"))
        writer.writerows((c.number, c.name, c.id, c.birth, c.story) for c in expected_missing(county))
    with open(os.path.join(truth, "children.csv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("entity", "name", "id", "birth", "state", "story", "twin"))
        writer.writerows((c.number, c.name, c.id, c.birth, c.state, c.story, int(bool(c.twin)))
                         for c in county.children)
    return county


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--children", type=int, default=8000)
    parser.add_argument("--model", default="mixed")
    parser.add_argument("--errors", type=float, default=1)
    parser.add_argument("--unreported", type=int, default=0)
    options = parser.parse_args()
    county = write_town(options.folder, options.seed, options.children, options.model, options.errors,
                        options.unreported)
    print(f"{county.county_name}: {len(county.children)} children, {len(expected_missing(county))} missing")


if __name__ == "__main__":
    main()
