#!/usr/bin/env python3
"""Random counties with a list of suspects made as the national platform makes it, cleared by a given baoxue and scored.

    suspects.py BAOXUE [--towns 4] [--children 3000] [--first-seed 1] [--keep FOLDER] [--show]

The list is the comparison by number: children of age in the register of the police whose number is on no roll (those at
school in other provinces mostly are, there), those on a roll who are not at school, and some whom nobody here knows.
The right codes follow from what is true of each child, not from what the offices wrote. Counted: of those of whom
some register tells, how many have a code; of the codes, how many are right; and how many cases are wrongly called fit to
be closed. Exit code 1 below the bounds.
"""
import argparse
import csv
import os
import random
import sys
import tempfile

import layouts
import town
from score import number_of, percent, read_csv, run
from truth import County

PLAN = [("mixed", 1), ("typist", 1), ("missing", 1), ("excel", 1)]
# With a code, of those of whom a register tells; right, of those with a code.
BOUNDS = (0.97, 0.98)
OUT = {"", "10", "11", "12", "13", "14", "15", "16"}
HEADINGS = {"name!": ["姓名", "学生姓名"], "id!": ["身份证件号", "身份证号码", "证件号码"], "sex": ["性别"],
            "birth": ["出生日期", "出生年月"], "address!": ["户籍地", "户籍地址"], "kind!": ["疑似类型", "疑似类别"],
            "batch": ["下发批次", "批次"], "outcome!": ["核查结果", "核查结论"], "proof_wanted": ["佐证材料", "佐证"]}


def right_codes(child, roll_is_wrong):
    """Every code that a careful clerk may put for the child."""
    if child.state == "missing" or child.story == "not_attending":
        return OUT
    if child.state == "enrolled":
        if child.school.stage == "preschool":
            return {"09", ""}
        codes = {"02"} if child.story == "unregistered" else {"04"} if roll_is_wrong else {"01"}
        if child.story == "suspended":
            codes |= {"09"}
        return codes | ({"07"} if child.school.stage in ("senior", "vocational") else set())
    return {"elsewhere": {"03"}, "homebound": {"09"}, "deferred": {"09"}, "moved_out": {"05"}, "abroad": {"08"},
            "dead": {"06"}, "finished": {"07"}}[child.state]


def make_list(county, registers, rng):
    """[(row, right codes)]: whom the platform lists."""
    rolls = {}
    for row in registers["roll"]:
        rolls.setdefault(row["entity"], []).append(number_of(row["id"])[:18] or row["number"].lstrip("GJL"))
    on_some_roll = {number for numbers in rolls.values() for number in numbers}
    listed = []
    for child in county.children:
        if not 6 <= county.age(child) <= 14 or not child.in_population:
            continue
        numbers = rolls.get(child.number, [])
        absent = child.story == "not_attending"
        if child.id in on_some_roll and not absent:
            continue
        if child.state == "elsewhere" and rng.random() < 0.85:
            continue
        wrong = bool(numbers) and child.id not in numbers
        place = child.place
        row = {"entity": child.number, "name": child.name, "id": child.id, "sex": "男" if child.sex == "M" else "女",
               "birth": child.birth, "address": f"甘肃省白银市{place[3]}{place[2]}{place[1]}",
               "kind": "疑似辍学" if absent else "疑似失学", "batch": "2020秋1", "outcome": "", "proof_wanted": "",
               "township": place[2]}
        listed.append((row, right_codes(child, wrong)))
    for _ in range(4):
        place, birth = rng.choice(county.places), county.birthday(7, 13)
        row = {"entity": -1, "name": county.surname() + "无名", "id": county.id_number(county.county_code, birth, "M"),
               "sex": "男", "birth": birth, "address": f"甘肃省白银市{place[3]}{place[2]}{place[1]}", "kind": "疑似失学",
               "batch": "2020秋1", "outcome": "", "proof_wanted": "", "township": place[2]}
        listed.append((row, {"05"}))
    rng.shuffle(listed)
    return listed


def write_county(folder, seed, children, model, errors):
    layouts.TITLES["suspects"] = "疑似失学辍学儿童少年核查名单"
    headings = {**layouts.HEADINGS, "suspects": HEADINGS}
    rng = random.Random(seed)
    county = County(rng, children, town.read_places(rng), __import__("datetime").date(2020, 9, 15))
    offices = town.Offices(county, town.Spoiler(rng, model, errors), rng, 1)
    files = os.path.join(folder, "files")
    os.makedirs(files, exist_ok=True)
    registers, records = offices.registers(), []
    listed = make_list(county, registers, rng)
    for register, rows in registers.items():
        if rows:
            town.write_register(rng, files, register, rows, county, records, headings)
    town.write_register(rng, files, "suspects", [row for row, _ in listed], county, records, headings)
    with open(os.path.join(folder, "suspects.csv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "name", "codes"))
        writer.writerows((row["id"], row["name"], " ".join(sorted(codes))) for row, codes in listed)
    return {row["id"]: codes for row, codes in listed}


def clear(binary, folder):
    db = os.path.join(folder, "ws.db")
    for name in ("ws.db", "ws.db-wal", "ws.db-shm", "ws.db.key"):
        if os.path.exists(os.path.join(folder, name)):
            os.remove(os.path.join(folder, name))
    loaded = run(binary, db, "import", os.path.join(folder, "files"), "--at", "2020-09-15")
    if loaded.returncode != 0:
        raise SystemExit(f"import failed: {loaded.stderr[-2000:]} {loaded.stdout[-2000:]}")
    out = os.path.join(folder, "cleared.csv")
    cleared = run(binary, db, "suspects", "--reveal", "scoring")
    if cleared.returncode != 0:
        raise SystemExit(f"suspects failed: {cleared.stderr[-2000:]}")
    with open(out, "w", encoding="utf-8") as file:
        file.write(cleared.stdout)
    return read_csv(out)


def score(lines, truth, show):
    """(told of, coded of those, codes, right codes, wrongly fit to be closed, fit to be closed)"""
    told = coded = codes = right = wrong = closes = 0
    for line in lines:
        accepted = truth[line["id_number"]]
        tells = "" not in accepted
        told += tells
        coded += tells and bool(line["code"])
        codes += bool(line["code"])
        right += bool(line["code"]) and line["code"] in accepted
        closes += line["state"] == "closes"
        bad = line["state"] == "closes" and line["code"] not in accepted
        wrong += bad
        if show and (line["code"] not in accepted or bad):
            print("    ", line["name"], line["id_number"], "is", "/".join(sorted(accepted)), "said", line["code"],
                  line["state"], line["probability"], line["evidence"], line["nearest_record"])
    return told, coded, codes, right, wrong, closes


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("baoxue")
    thorough = bool(os.environ.get("BAOXUE_TEST_LONG"))
    parser.add_argument("--towns", type=int, default=len(PLAN))
    parser.add_argument("--children", type=int, default=20000 if thorough else 2500)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--keep", help="folder that keeps files and workspace of each county")
    parser.add_argument("--show", action="store_true", help="print each wrong line")
    options = parser.parse_args()
    totals = [0] * 6
    print("seed model    listed  with code  of codes right  closes wrongly")
    for at in range(options.towns):
        model, errors = PLAN[at % len(PLAN)]
        seed = options.first_seed + at
        with tempfile.TemporaryDirectory() as scratch:
            folder = os.path.join(options.keep, f"{seed}-{model}") if options.keep else scratch
            truth = write_county(folder, seed, options.children, model, errors)
            lines = clear(options.baoxue, folder)
            got = score(lines, truth, options.show)
        totals = [a + b for a, b in zip(totals, got)]
        print(f"{seed:4} {model:8} {len(lines):6} {percent(got[1], got[0])}  {percent(got[3], got[2])} {got[4]:6} of {got[5]}",
              flush=True)
        if len(lines) != len(truth):
            raise SystemExit(f"{len(truth)} names were listed and {len(lines)} cleared")
    told, coded, codes, right, wrong, closes = totals
    spare = 1 if codes < 200 else 0
    good = coded + spare >= BOUNDS[0] * told and right + spare >= BOUNDS[1] * codes and wrong == 0
    print(f"with code {percent(coded, told)} of {told}, right {percent(right, codes)} of {codes}, {wrong} of {closes} closed "
          f"wrongly: {'as promised' if good else 'BELOW THE PROMISE'}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
