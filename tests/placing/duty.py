#!/usr/bin/env python3
"""`place duty` on random registers against a plain reading of the rule.

    duty.py BAOXUE [--times N] [--seed S]

Small counties of schools, teachers, exchanges and special posts are imported, in any order of rows; states, years, what
says so, the numbers of counties and schools and who is picked must be what docs/placing.md says; and the files for
`place rotate` are taken by it, with exactly those picked as who must move.
"""
import argparse
import csv
import io
import json
import os
import random
import subprocess
import sys
import tempfile

YEARS, SHARE, KEY, YEAR = 6, 10, 20, 2020
FIRST, NEXT, ON = "2020-08-01", "2021-08-01", "2020-09-01"
SUBJECTS = {"语文": "chinese", "数学": "mathematics"}
AREAS = ["620422", "620421"]


def run(baoxue, folder, *words):
    got = subprocess.run([baoxue, "--db", os.path.join(folder, "w.db"), "--lang", "zh", *words], capture_output=True, text=True,
                         cwd=folder)
    if got.returncode != 0:
        sys.exit(f"{' '.join(words)}: {got.returncode}\n{got.stderr}")
    return got.stdout


def write(folder, name, header, rows):
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text.getvalue())


def a_day(rng, first, last):
    return f"{rng.randint(first, last)}-{rng.choice(['03-05', '08-31', '09-01', '09-02', '12-30'])}"


def maybe_part(rng, day):
    return rng.choice([day, day, day, day[:7], day[:4]])


def make(rng):
    schools = []
    for n in range(rng.randint(2, 6)):
        schools.append({"code": f"21629{n:05d}", "name": f"第{'一二三四五六'[n]}小学", "area": rng.choice(AREAS),
                        "stage": "初中" if rng.random() < 0.2 else "小学"})
    teachers, moves, posts = [], [], []
    for n in range(rng.randint(1, 25) if rng.random() < 0.7 else rng.randint(60, 120)):
        school = rng.choice(schools)
        teacher = {"n": n, "id": f"62042219800101{n:03d}0", "name": f"王{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{'子丑寅卯辰巳午未申酉戌亥'[n // 10]}",
                   "school": school, "subject": rng.choice(list(SUBJECTS)), "key": rng.choice(["否", "县级", "市级"]),
                   "since": maybe_part(rng, a_day(rng, 2010, 2020)) if rng.random() < 0.6 else "",
                   "hired": a_day(rng, 2008, 2020) if rng.random() < 0.8 else "",
                   "status": "退休" if rng.random() < 0.08 else "在岗", "source": "代课" if rng.random() < 0.05 else "公开招聘"}
        teachers.append(teacher)
        for year in rng.sample(range(2011, 2021), rng.choice([0, 0, 1, 1, 2])):
            other = rng.choice([s for s in schools if s is not school])
            out = rng.random() < 0.6
            moves.append({"teacher": teacher, "from": school if out else other, "to": other if out else school,
                          "begins": f"{year}-09-01", "ends": rng.choice(["", f"{year + 1}-07-15", f"{year + 2}-07-15"]),
                          "key": rng.choice(["", "是", "否"]), "kind": rng.choice(["教师", "教师", "教师", "校长"]),
                          "within": rng.choice(["", "", "是", "是", "否"])})
        if rng.random() < 0.2:
            posts.append({"teacher": teacher, "school": rng.choice([school, schools[0]]), "hired": a_day(rng, 2010, 2019)})
    return schools, teachers, moves, posts


def load(baoxue, folder, rng, world):
    schools, teachers, moves, posts = world
    write(folder, "学校名录.csv", ["学校名称", "学校标识码", "学段", "行政区划代码", "办学类型"],
          [[s["name"], s["code"], s["stage"], s["area"], s["stage"]] for s in schools])
    rows = [[t["name"], t["id"], t["school"]["name"], t["school"]["code"], t["school"]["stage"], t["subject"], t["key"],
             t["since"], t["hired"], t["status"], t["source"]] for t in teachers]
    rng.shuffle(rows)
    write(folder, "教师花名册.csv", ["教师姓名", "身份证号", "任教学校", "学校标识码", "任教学段", "任教学科", "骨干教师", "到本校时间",
                                     "聘用日期", "在岗状态", "教师来源"], rows)
    rows = [[m["teacher"]["name"], m["teacher"]["id"], m["from"]["name"], m["from"]["code"], m["to"]["name"], m["to"]["code"],
             m["kind"], m["key"], m["begins"], m["ends"], m["within"], m["from"]["area"]] for m in moves]
    rng.shuffle(rows)
    write(folder, "教师交流轮岗花名册.csv", ["教师姓名", "身份证号", "派出学校", "派出学校标识码", "接收学校", "接收学校标识码", "人员类别",
                                             "是否骨干", "起始日期", "截止日期", "是否县域内", "行政区划代码"], rows)
    write(folder, "特岗教师岗位.csv", ["岗位编号", "设岗学校", "学校标识码", "学科", "岗位数", "录用人员", "身份证号", "聘用日期", "岗位状态", "行政区划代码"],
          [[f"P{n}", p["school"]["name"], p["school"]["code"], "语文", 1, p["teacher"]["name"], p["teacher"]["id"], p["hired"], "服务期内",
            p["school"]["area"]] for n, p in enumerate(posts)])
    run(baoxue, folder, "init")
    for name in ["学校名录.csv", "教师花名册.csv", "教师交流轮岗花名册.csv", "特岗教师岗位.csv"]:
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            if len(file.read().splitlines()) > 1:
                run(baoxue, folder, "import", name, "--at", "2020-10-01")


def first_of(day):
    return day + "-01-01"[len(day) - 4:] if len(day) < 10 else day


def last_of(day):
    if len(day) == 4:
        return day + "-12-31"
    if len(day) == 7:
        return day + {"03": "-31", "08": "-31", "09": "-30", "12": "-31"}[day[5:]]
    return day


def years(day):
    if day >= ON:
        return 0
    return int(ON[:4]) - int(day[:4]) - (day[5:] > ON[5:])


def counted(teacher, moves):
    return [m for m in moves if m["teacher"] is teacher and m["begins"] >= FIRST and m["kind"] == "教师"
            and (m["within"] == "是" or (m["within"] == "" and m["from"]["area"] == m["to"]["area"]))]


def judge(teacher, moves, posts):
    """(school, exchanged, key, state, years, since, evidence) by the text of docs/placing.md."""
    own = [m for m in moves if m["teacher"] is teacher]
    now = counted(teacher, moves)
    school, key = teacher["school"], teacher["key"] != "否"
    if now:
        school = now[0]["from"]
        if now[0]["key"]:
            key = now[0]["key"] == "是"
    said = []
    if teacher["since"] and (not now or last_of(teacher["since"]) < FIRST):
        said.append((last_of(teacher["since"]), teacher["since"], "stated"))
    for m in own:
        if m["begins"] >= FIRST:
            continue
        if m["to"] is school:
            said.append((m["begins"], m["begins"], "came"))
        elif m["from"] is school:
            ended = m["ends"] and m["ends"] <= ON
            day = m["ends"] if ended else m["begins"]
            said.append((day, day, "returned" if ended else "away"))
    if not said and school is teacher["school"]:
        said += [(p["hired"], p["hired"], "posted") for p in posts if p["teacher"] is teacher and p["school"] is school]
    if said:
        last, since, evidence = max(said, key=lambda one: one[0])
    elif teacher["hired"] and years(teacher["hired"]) < YEARS:
        last, since, evidence = teacher["hired"], teacher["hired"], "hired"
    else:
        return school, bool(now), key, "unknown", "", "", {"nothing"}
    ties = {one[2] for one in said if one[0] == last} or {evidence}
    if "away" in ties or years(first_of(since)) < YEARS:
        state = "not_yet"
    else:
        state = "eligible" if years(last) >= YEARS else "unknown"
    return school, bool(now), key, state, years(last), since, ties


def ceil(part):
    return -(-part // 100)


def said_key(teacher, moves):
    """Of one who is not on the list only what the exchange says is known; it is the first that counts."""
    return next(m["key"] == "是" for m in counted(teacher, moves))


def numbers(ours, extras):
    eligible = sum(one["state"] == "eligible" for one in ours)
    unknown = sum(one["state"] == "unknown" for one in ours)
    moved = sum(one["exchanged"] for one in ours) + len(extras)
    key = sum(one["exchanged"] and one["key"] for one in ours + extras)
    required = ceil(eligible * SHARE)
    more = next(n for n in range(1000) if 100 * (key + n) >= KEY * max(required, moved + n))
    return {"teachers": len(ours), "eligible": eligible, "not_yet": len(ours) - eligible - unknown, "unknown": unknown,
            "required": required, "required_most": ceil((eligible + unknown) * SHARE), "exchanged": moved,
            "lacking": max(0, required - moved), "key_exchanged": key, "key_lacking": more}


def compare(got, wanted, where):
    for key, value in wanted.items():
        if got[key] != value:
            sys.exit(f"{where}: {key} is {got[key]!r}, not {value!r}")


def check_rows(rows, ours):
    if len(rows) != len(ours):
        sys.exit(f"{len(rows)} teachers, not {len(ours)}")
    for row in rows:
        one = ours[row["name"]]
        evidence = row["evidence"]
        compare(row, {"school": one["school"]["name"], "state": one["state"], "exchanged": "yes" if one["exchanged"] else "no",
                      "key_teacher": "yes" if one["key"] else "no"}, row)
        if "away" not in one["ties"] or len(one["ties"]) == 1:
            compare(row, {"since": one["since"], "years": one["years"] if one["years"] != "" else None}, row)
            if evidence not in one["ties"]:
                sys.exit(f"{row}: evidence is not one of {one['ties']}")
        one["due"] = row["due"] == "yes"


def check_due(ours, count):
    may = sorted((one for one in ours if one["state"] == "eligible" and not one["exchanged"]), key=lambda one: -one["years"])
    due = [one for one in may if one["due"]]
    keys = [one for one in may if one["key"]]
    wanted_keys = min(count["key_lacking"], len(keys))
    wanted = min(max(count["lacking"], wanted_keys), len(may))
    if len(due) != wanted or sum(one["key"] for one in due) < wanted_keys or any(one["due"] for one in ours if one not in may):
        sys.exit(f"{len(due)} are due, not {wanted} with {wanted_keys} key teachers")
    if wanted_keys == 0 and due and min(one["years"] for one in due) < max([one["years"] for one in may if not one["due"]] or [0]):
        sys.exit("somebody longer at the school was passed over")


def check_rotate(baoxue, folder, ours):
    run(baoxue, folder, "place", "duty", "--year", str(YEAR), "--teachers", "t.csv", "--posts", "p.csv")
    run(baoxue, folder, "place", "rotate", "--teachers", "t.csv", "--posts", "p.csv", "--out", "o.csv")
    with open(os.path.join(folder, "t.csv"), encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with open(os.path.join(folder, "o.csv"), encoding="utf-8") as file:
        moved = {row["teacher"] for row in csv.DictReader(file) if row["from"] != row["post"]}
    stay = sum(not one["exchanged"] for one in ours.values())
    must = {row["teacher"] for row in rows if row["must_move"] == "yes"}
    if len(rows) != stay or len(must) != sum(one["due"] for one in ours.values()) or not moved <= must:
        sys.exit("the files for place rotate are not who is on the list and who is picked")


def one_world(baoxue, rng):
    world = make(rng)
    with tempfile.TemporaryDirectory() as folder:
        load(baoxue, folder, rng, world)
        ours, extras = {}, []
        for teacher in world[1]:
            names = ["school", "exchanged", "key", "state", "years", "since", "ties"]
            one = dict(zip(names, judge(teacher, world[2], world[3])))
            if teacher["status"] != "退休" and teacher["source"] != "代课":
                ours[teacher["name"]] = one
            elif one["exchanged"]:
                extras.append({**one, "state": "", "key": said_key(teacher, world[2])})
        asked = ["place", "duty", "--year", str(YEAR), "--json"]
        check_rows(json.loads(run(baoxue, folder, *asked, "--rows", "all"))["teachers"], ours)
        for by, key in [("county", lambda one: one["school"]["area"]), ("school", lambda one: one["school"]["code"])]:
            got = {row["code"]: row for row in json.loads(run(baoxue, folder, *asked, "--by", by))["duties"]}
            groups = {}
            for one in ours.values():
                groups.setdefault(key(one), []).append(one)
            for code, group in groups.items():
                wanted = numbers(group, [one for one in extras if key(one) == code])
                compare(got[code], wanted, f"{by} {code}")
                if by == "county":
                    check_due(group, wanted)
            if set(got) != set(groups) | {key(one) for one in extras}:
                sys.exit(f"{by}: {sorted(got)}, not {sorted(groups)}")
        check_rotate(baoxue, folder, ours)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("baoxue")
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    baoxue = os.path.abspath(asked.baoxue)
    for n in range(asked.times):
        try:
            one_world(baoxue, random.Random(asked.seed * 1000003 + n))
        except SystemExit as failed:
            sys.exit(f"instance {n} of seed {asked.seed}: {failed}")
    print(f"{asked.times} counties agree")


if __name__ == "__main__":
    main()
