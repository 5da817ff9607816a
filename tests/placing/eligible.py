#!/usr/bin/env python3
"""`place eligible` on random registers, against a plain reading of the rules.

    eligible.py BAOXUE [--times N] [--seed S]

Families, rolls, candidates and the poverty register are drawn; what each register holds of a person is known here, and
the conditions of the plans are read off it with three truth values, applicant by applicant. Every verdict has to agree,
nobody of whom a register is silent may be refused for that, and the applicants' file is filled with what is proven.
Then numbers on the rolls are mistyped: what `place eligible` says of them, which keeps few rows while it reads, has to be
what `aid decide` says, which keeps all.
"""
import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile

LISTED = {"620421", "620422", "620423"}
SCHOOLS = {"1": "620422", "2": "620402"}
COUNTIES = {"620422": "会宁县", "620402": "白银区", "620421": "靖远县"}
SENT = {"620422"}  # counties with a row of the poverty register
LIMIT = "2018-09-01"  # 36 months are full on 2021-08-31


def all_of(*parts):
    return False if False in parts else None if None in parts else True


def with_check(body):
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights)) % 11]


def draw(rng, count):
    surnames, given = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶", "伟芳娜敏静丽强磊军洋艳勇杰娟涛明超秀兰霞平刚桂英"
    people = []
    for n in range(count):
        county = rng.choice(list(COUNTIES))
        birth = f"2003{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
        who = {
            "name": rng.choice(surnames) + rng.choice(given) + rng.choice(given),
            "id": with_check(county + birth + f"{100 + n:03d}"),
            "number": f"21620422{n:04d}",
            "home": county if rng.random() < .85 else None,
            "gone": rng.random() < .08,
            "since": rng.choice(["2003-06-01", LIMIT, "2018-09-02", "2020-02-01", ""]),
            "kind": rng.choice(["农业", "农业", "非农业"]),
            "exam": county if rng.random() < .85 else rng.choice(list(COUNTIES)),
            "roll": rng.random() < .88,
            "school": rng.choice(["1", "1", "2", "3"]),
            "from": rng.choice(["2018-09", "2018-09-01", "2018-09-02", "2019-09", ""]),
            "attended": rng.choice(["是", "是", "是", "否", ""]),
            "poor": rng.random() < .3,
            "parents": [],
        }
        who["roll_id"] = who["id"]
        for p in range(rng.randint(1, 2)):
            where = county if rng.random() < .6 else rng.choice(list(COUNTIES))
            who["parents"].append({
                "name": who["name"][0] + rng.choice(given) + rng.choice(given) + "父母"[p],
                "id": with_check(county + f"19{rng.randint(70, 80)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
                                 + f"{300 + 2 * n + p:03d}"),
                "home": where if rng.random() < .8 else None,
                "kind": rng.choice(["农业", "农业", "非农业"]),
            })
        people.append(who)
    return people


def write(folder, name, head, rows):
    with open(os.path.join(folder, name), "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(head.split(","))
        writer.writerows(rows)


def mistyped(rng, number):
    """Another digit in the number of the day's births: linking finds whose it is by the rest."""
    place = rng.randint(14, 16)
    return number[:place] + str((int(number[place]) + rng.randint(1, 9)) % 10) + number[place + 1:]


def write_registers(folder, people):
    write(folder, "学校名录.csv", "学校名称,学校标识码,学段,行政区划代码,办学类型",
          [[f"高中{s}", f"346290000{s}", "高中", area, "普通高中"] for s, area in SCHOOLS.items()])
    rows = []
    for n, who in enumerate(people):
        if who["home"]:
            rows.append([who["name"], who["id"], f"H{n}", "户主", who["kind"], who["home"] + "105201",
                         "迁出" if who["gone"] else "正常", who["since"]])
        for p, parent in enumerate(who["parents"]):
            if parent["home"]:
                rows.append([parent["name"], parent["id"], f"G{n}{p}", "户主", parent["kind"],
                             parent["home"] + "105201", "正常", "1999-01-01"])
    write(folder, "户籍人口.csv", "姓名,公民身份号码,户号,与户主关系,户口性质,行政区划代码,户籍状态,迁入日期", rows)
    write(folder, "高中学籍.csv", "学生姓名,全国学籍号,身份证件号,出生日期,学校标识码,学校名称,年级,班级,学生状态,入学年月,"
          "监护人姓名,监护人身份证号,监护人二姓名,监护人二身份证号",
          [[w["name"], "G" + w["roll_id"], w["roll_id"], f"{w['id'][6:10]}-{w['id'][10:12]}-{w['id'][12:14]}", "346290000" + w["school"], "高中" + w["school"], "高三", "1班", "在籍在读",
            w["from"], w["parents"][0]["name"], w["parents"][0]["id"], w["parents"][-1]["name"], w["parents"][-1]["id"]]
           for w in people if w["roll"]])
    rows = [["Z0", "Z01", "甲乙丙", with_check("62042219500101901"), "户主", "脱贫户", "2014-01-01", "620422105201"]]
    rows += [[f"Z{n + 1}", f"Z{n + 1}1", w["name"], w["id"], "户主", "脱贫户", "2014-01-01", "620422105201"]
             for n, w in enumerate(people) if w["poor"]]
    write(folder, "脱贫人口.csv", "户编号,人编号,姓名,证件号码,与户主关系,户类型,识别时间,行政区划代码", rows)
    write(folder, "高考考生.csv", "考生号,姓名,身份证号,年度,县区,毕业学校,科类,总分,申报专项,实际就读",
          [[w["number"], w["name"], w["id"], 2021, COUNTIES[w["exam"]], "高中" + w["school"], "理工", 500, "国家专项",
            w["attended"]] for w in people])


def guardians(who, county, holds):
    """One of whom it is so is enough; that it is not so takes two."""
    if county is None or not who["roll"]:
        return None
    said = [p["home"] == county and holds(p) for p in who["parents"] if p["home"]]
    return True if any(said) else False if len(said) > 1 else None


def naive(who):
    row = who["home"] is not None
    county = who["home"] if row and not who["gone"] else None
    listed = None if county is None else county in LISTED
    exam = None if county is None else who["exam"] == county
    rural = None if not row else who["kind"] == "农业"
    # The register is of 2021-05-01, so that a row without a day proves too few months.
    registered = None if county is None or not who["since"] else who["since"] <= LIMIT
    begun = who["from"] + "-01" if len(who["from"]) == 7 else who["from"]
    schooled = None if county is None or not who["roll"] or not begun else begun <= LIMIT
    area = SCHOOLS.get(who["school"]) if who["roll"] else None
    at_home = None if county is None or area is None else area == county
    attended = {"是": True, "否": False, "": None}[who["attended"]]
    poor = True if who["poor"] else False if county in SENT else None
    here = guardians(who, county, lambda p: True)
    rural_here = guardians(who, county, lambda p: p["kind"] == "农业")
    # Of a county that is not listed no months are asked for.
    if listed is False:
        registered = schooled = None
    return {
        "national_plan": all_of(listed, exam, registered, here, at_home, schooled, attended),
        "university_plan": all_of(listed, exam, registered, rural, rural_here, at_home, schooled, attended),
        "local_plan": all_of(None if county is None else True, exam, rural),
        "poverty_plan": all_of(None if county is None else True, exam, poor),
        "old_area_plan": all_of(None if county is None else county == "620422", exam, registered),
    }


WORDS = {True: "eligible", False: "refused", None: "unknown"}
PLACES = {"national_plan": "national", "university_plan": "university", "local_plan": "local", "poverty_plan": "poverty",
          "old_area_plan": "old_area"}


def run(baoxue, folder, *words):
    done = subprocess.run([baoxue, *words], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def compare(baoxue, rng, count):
    people = draw(rng, count)
    faults, seen = [], {word: 0 for word in WORDS.values()}
    with tempfile.TemporaryDirectory() as folder:
        write_registers(folder, people)
        write(folder, "a.csv", "applicant,track,county,total,plans", [[w["number"], "science", "", 1, ""] for w in people])
        run(baoxue, folder, "init")
        run(baoxue, folder, "import", "学校名录.csv", "户籍人口.csv", "高中学籍.csv", "脱贫人口.csv", "高考考生.csv", "--at",
            "2021-05-01")
        out = run(baoxue, folder, "place", "eligible", "--at", "2021-05-01", "--applicants", "a.csv", "--filled", "b.csv")
        with open(os.path.join(folder, "b.csv"), encoding="utf-8") as filled:
            plans = {row["applicant"]: row["plans"] for row in csv.DictReader(filled)}
    said = {(row["applicant"], row["plan"]): row for row in csv.DictReader(out.splitlines())}
    for who in people:
        wanted = naive(who)
        proven = ";".join(PLACES[plan] for plan in PLACES if wanted[plan])
        if plans[who["number"]] != proven:
            faults.append(f"{who['number']}: plans {plans[who['number']]}, not {proven}")
        for plan, truth in wanted.items():
            row = said[who["number"], plan]
            seen[row["verdict"]] += 1
            if row["verdict"] != WORDS[truth]:
                faults.append(f"{who['number']} {plan}: {row['verdict']}, not {WORDS[truth]}: {row['reason']} {who}")
            if (row["needs"] != "") != (truth is None) or (row["reason"] == "") != (truth is True):
                faults.append(f"{who['number']} {plan}: {row['verdict']} with needs {row['needs']}, reason {row['reason']}")
    return faults, seen


def agree(baoxue, rng, count):
    """Verdicts that differ between the two ways, and how many rolls with a mistyped number are of somebody known."""
    people = draw(rng, count)
    for who in people:
        who["roll_id"] = mistyped(rng, who["id"]) if rng.random() < .4 else who["id"]
    wrong = {who["number"] for who in people if who["roll_id"] != who["id"] and who["roll"] and who["home"]}
    with tempfile.TemporaryDirectory() as folder:
        write_registers(folder, people)
        run(baoxue, folder, "init")
        run(baoxue, folder, "import", "学校名录.csv", "户籍人口.csv", "高中学籍.csv", "脱贫人口.csv", "高考考生.csv", "--at",
            "2021-05-01")
        few = run(baoxue, folder, "place", "eligible", "--at", "2021-08-31")
        whole = run(baoxue, folder, "aid", "decide", "--subject", "applicant", "--at", "2021-08-31")
    words = {"yes": "eligible", "no": "refused", "unknown": "unknown"}
    whole = {(row["id"], row["scheme"]): (words[row["verdict"]], set(row["needs"].split(";")))
             for row in csv.DictReader(whole.splitlines())}
    faults, met = [], 0
    for row in csv.DictReader(few.splitlines()):
        said, other = (row["verdict"], set(row["needs"].split(";"))), whole[f"candidates/{row['record']}", row["plan"]]
        if said != other:
            faults.append(f"{row['applicant']} {row['plan']}: {said}, of all rows {other}")
        met += row["plan"] == "national_plan" and row["applicant"] in wrong and "学籍" in row["evidence"]
    return faults, met


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("baoxue")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    baoxue, bad, all_seen = os.path.abspath(args.baoxue), 0, {word: 0 for word in WORDS.values()}
    for turn in range(args.times):
        faults, seen = compare(baoxue, random.Random(args.seed + turn), 120)
        for word, count in seen.items():
            all_seen[word] += count
        for fault in faults[:10]:
            print(f"seed {args.seed + turn}: {fault}")
        bad += len(faults)
    faults, met = agree(baoxue, random.Random(args.seed), 300)
    for fault in faults[:10]:
        print(fault)
    bad += len(faults)
    print(f"{args.times} towns, {sum(all_seen.values())} verdicts {all_seen}: {bad} differ")
    print(f"{met} rows of the roll with a mistyped number were met")
    sys.exit(bad > 0 or met < 20 or 0 in all_seen.values())


if __name__ == "__main__":
    main()
