#!/usr/bin/env python3
"""Derives the compact tables of src/identity/tables and the division packs from public facts.

    derive_tables.py divisions --data DIR --china-division DIR

Runs by hand when a source changes; the build only reads the tables. docs/identity.md says what
each table holds, where its facts come from and under which licence.
"""
import argparse
import csv
import os

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TABLES = os.path.join(ROOT, "src", "identity", "tables")

# Not in the county list of the mainland.
PROVINCES_BEYOND = [("710000", "台湾省"), ("810000", "香港特别行政区"), ("820000", "澳门特别行政区")]
# Groupings of the code system that no address names.
NO_PREFECTURE = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


def write_table(path, source, lines):
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(f"# {source}; derived by tools/derive_tables.py\n")
        for line in lines:
            file.write(line + "\n")
    print(f"{os.path.relpath(path, ROOT)}: {len(lines)} lines, {os.path.getsize(path)} bytes")


def read_csv(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def derive_counties(data, china_division):
    rows = dict(PROVINCES_BEYOND)
    for row in read_csv(os.path.join(china_division, "provinces.csv")):
        rows[row["code"] + "0000"] = row["name"]
    for row in read_csv(os.path.join(china_division, "cities.csv")):
        if row["name"] not in NO_PREFECTURE:
            rows[row["code"] + "00"] = row["name"]
    for row in read_csv(os.path.join(data, "places", "counties.csv")):
        rows[row["code"]] = row["name"]
    write_table(os.path.join(TABLES, "counties.tsv"),
                "code, name; GB/T 2260 codes as in china-division 2.7.0 (WTFPL)",
                [f"{code}\t{rows[code]}" for code in sorted(rows)])


def derive_baiyin(data):
    with open(os.path.join(data, "places", "baiyin_villages.tsv"), encoding="utf-8") as file:
        rows = sorted(tuple(line.rstrip("\n").split("\t")) for line in file if line.strip())
    folder = os.path.join(ROOT, "policies", "baiyin")
    os.makedirs(folder, exist_ok=True)
    write_table(os.path.join(folder, "divisions.tsv"),
                "code, name, township code, township, county code, county; "
                "as in china-division 2.7.0 (WTFPL)",
                ["\t".join(row) for row in rows])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["divisions"])
    parser.add_argument("--data", default=os.environ.get("BAOXUE_DATA", "../shared/data"))
    parser.add_argument("--china-division", help="folder of the package's provinces.csv, cities.csv")
    options = parser.parse_args()
    os.makedirs(TABLES, exist_ok=True)
    if options.what == "divisions":
        derive_counties(options.data, options.china_division)
        derive_baiyin(options.data)


if __name__ == "__main__":
    main()
