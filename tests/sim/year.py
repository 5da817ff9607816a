#!/usr/bin/env python3
"""A school year of a small county, month by month, worked through the program and audited from outside.

    year.py BAOXUE [--years 2] [--children 160] [--first-seed 1] [--keep FOLDER]

Children leave school and come back, move away and die. Offices send their lists each month: late, wrong, or not at
all. People visit, or visit and write it down weeks later, or do nothing; they confirm, close with a proof, close with
an untrue one, and move cases. Names of who answers are missing here and there, and change in spring. The seed is
printed. After each month year_audit.py recomputes everything from the files and the events. Exit code 1 when
anything differs. With BAOXUE_TEST_LONG set: more and larger years.
"""
import argparse
import csv
import datetime
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

import year_audit
from truth import check_character

MONTHS = [(2020, 9), (2020, 10), (2020, 11), (2020, 12), (2021, 1), (2021, 3), (2021, 4), (2021, 5), (2021, 6)]
AREAS = ["620422101001", "620422101002", "620422102001", "620422102003", "620422103001"]
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟强磊军洋勇杰涛超明刚平辉鹏芳娜敏静丽艳娟霞秀英华慧巧美玲燕"


class Child:
    def __init__(self, number, name, id_number, birth, area, school):
        self.number, self.name, self.id, self.birth = number, name, id_number, birth
        self.area, self.school = area, school
        self.state = "school"      # school, missing, elsewhere, dead
        self.on_roll = True
        self.told = False          # the office concerned has it on its list (elsewhere, dead)


class Town:
    def __init__(self, rng, children, schools=5):
        self.rng = rng
        self.schools = [(f"21620001{n:02d}", f"第{'一二三四五六七八九'[n]}小学", AREAS[n % len(AREAS)]) for n in range(schools)]
        self.children = [self.child(n) for n in range(children)]
        for child in rng.sample(self.children, children // 15):
            child.state, child.on_roll = "missing", rng.random() < 0.5

    def child(self, number):
        rng = self.rng
        birth = datetime.date(2009, 9, 1) + datetime.timedelta(days=rng.randrange(365 * 5))
        place = rng.randrange(len(self.schools))
        area = AREAS[place % len(AREAS)]
        digits = f"620422{birth:%Y%m%d}{number % 900 + 100:03d}"
        # Names of their own: how records are linked is another test's business.
        name = SURNAMES[number % len(SURNAMES)] + GIVEN[number // len(SURNAMES) % len(GIVEN)] \
            + GIVEN[(number * 7 + number // 600) % len(GIVEN)]
        return Child(number, name, digits + check_character(digits), birth, area, self.schools[place])

    def live(self):
        """What a month brings."""
        rng = self.rng
        for child in self.children:
            draw = rng.random()
            if child.state == "school" and draw < 0.04:
                child.state, child.on_roll = "missing", rng.random() < 0.6
            elif child.state == "missing" and draw < 0.35:
                child.state, child.on_roll = "school", True
            elif child.state in ("school", "missing") and draw > 0.992:
                child.state, child.told = "elsewhere", rng.random() < 0.6
            elif child.state in ("school", "missing") and draw > 0.989:
                child.state, child.told = "dead", rng.random() < 0.8
            elif child.state in ("elsewhere", "dead") and not child.told:
                child.told = rng.random() < 0.5


class Offices:
    """What the files say: the newest list of each school and office is kept for the auditor."""

    def __init__(self, town, folder):
        self.town, self.folder = town, folder
        self.roll, self.attending, self.told = {}, {}, set()

    def write(self, name, rows):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    def population(self):
        head = ("姓名", "公民身份号码", "性别", "出生日期", "户籍地址", "行政区划代码", "户号")
        return self.write("户籍.csv", [head] + [
            (c.name, c.id, "男" if int(c.id[16]) % 2 else "女", c.birth, "甘肃省白银市会宁县", c.area, f"H{c.number}")
            for c in self.town.children])

    def lists(self, month):
        """The files of one month; a school may be late, and its clerk may be wrong about a child."""
        rng, paths = self.town.rng, []
        for code, name, area in self.town.schools:
            pupils = [c for c in self.town.children if c.school[0] == code]
            if month == MONTHS[0] or rng.random() > 0.12:
                self.roll[code] = [c for c in pupils if c.state in ("school", "missing") and c.on_roll]
                paths.append(self.write(f"学籍{code}.csv", [("学生姓名", "身份证件号", "出生日期", "年级", "学校名称", "学校标识码", "学籍状态")]
                             + [(c.name, c.id, c.birth, "三年级", name, code, "在读") for c in self.roll[code]]))
            if month == MONTHS[0] or rng.random() > 0.15:
                listed = [c for c in pupils if c.state == "school" or c.state == "missing" and c.on_roll and rng.random() < 0.1]
                self.attending[code] = [c for c in listed if rng.random() > 0.01]
                paths.append(self.write(f"到校{code}.csv", [("姓名", "身份证号", "出生日期", "年级", "在校学校", "学校标识码", "到校情况")]
                             + [(c.name, c.id, c.birth, "三年级", name, code, "到校") for c in self.attending[code]]))
        return paths

    def notices(self):
        """Deaths and children at school elsewhere, as far as the offices know."""
        paths = []
        told = {c for c in self.town.children if c.told}
        if told != self.told:
            self.told = told
            for state, name, head, row in (
                    ("dead", "死亡.csv", ("姓名", "公民身份号码", "死亡日期", "注销日期"), ("2020-10-01", "2020-10-20")),
                    ("elsewhere", "市外.csv", ("姓名", "公民身份号码", "就读学校", "就读省份"), ("兰州某小学", "甘肃省"))):
                rows = [(c.name, c.id) + row for c in sorted(told, key=lambda c: c.number) if c.state == state]
                if rows:
                    paths.append(self.write(name, [head] + rows))
        return paths

    def duties(self, spring):
        rng = self.town.rng
        rows = [("行政区划代码", "学校名称", "学校标识码", "职务", "责任人", "联系电话")]
        units = [(area, "", "", "村主任") for area in AREAS] + [(area, "", "", "乡镇长") for area in sorted({a[:9] for a in AREAS})] \
            + [("620422", "", "", position) for position in ("县区教育局长", "县区长", "县级学籍管理员")] \
            + [(area, name, code, position) for code, name, area in self.town.schools for position in ("校长", "班主任")]
        for number, (area, name, code, position) in enumerate(units):
            if rng.random() < 0.25:
                continue
            rows.append((area, name, code, position, f"{'春' if spring else '秋'}{number}号", f"1380000{number:04d}"))
        return self.write("责任人春.csv" if spring else "责任人.csv", rows)


class Work:
    """The program, used as people use it."""

    def __init__(self, binary, folder):
        self.binary, self.db = binary, os.path.join(folder, "baoxue.db")

    def run(self, *arguments, expect=(0,)):
        done = subprocess.run([self.binary, "--db", self.db, "--quiet", *arguments], capture_output=True, text=True)
        if done.returncode not in expect:
            raise SystemExit(f"baoxue {' '.join(arguments)}: exit {done.returncode}: {done.stderr[-1500:]}")
        return done.stdout

    def json(self, *arguments):
        return json.loads(self.run(*arguments, "--json"))

    def cases(self, at, *arguments):
        return self.json("cases", "--at", str(at), *arguments)["cases"]

    def case(self, number, at):
        return self.json("case", str(number), "--at", str(at))

    def record(self, number, *arguments):
        """A refusal is an answer too: what may not be written is not written."""
        self.run("case", str(number), *arguments, expect=(0, 3, 4))


def work_month(rng, work, town, day):
    """What people do between two comparisons: some of it late, some of it wrong, some of it not at all."""
    for case in work.cases(day):
        if case["procedure"] != "dropout" or rng.random() < 0.3:
            continue
        number, visited = case["case"], day + datetime.timedelta(days=rng.randrange(1, 12))
        child = town.children[int(case["id_number"][14:17]) - 100] if case["name"] else None
        child = next(c for c in town.children if c.name == case["name"]) if child is None or child.name != case["name"] else child
        if rng.random() < 0.8:
            work.record(number, "record", "--day", str(visited), "--way", rng.choice(["home", "phone", "joint", "video"]),
                        "--who", "家长", "--said", "问过", "--result", rng.choice(["promised", "refused", "nobody", "undecided"]))
        if case["status"] == "suspected" and rng.random() < 0.7:
            if child.state == "missing":
                work.record(number, "record", "--day", str(visited), "--outcome", rng.choice(["10", "14", "15"]))
            elif child.state == "elsewhere":
                work.record(number, "close", "--day", str(visited), "--outcome", "03", "--evidence", "就读证明")
            elif child.state == "dead":
                work.record(number, "close", "--day", str(visited), "--outcome", "06", "--evidence", "死亡证明")
        elif case["status"] == "confirmed" and rng.random() < 0.5:
            work.record(number, "record", "--day", str(visited), "--step", rng.choice(["report", "order", "persuade"]))
        if rng.random() < 0.06:
            work.record(number, "close", "--day", str(visited), "--outcome", rng.choice(["01", "02", "14", "04"]), "--evidence", "口头")
        if rng.random() < 0.05:
            work.record(number, "return", "--day", str(visited), "--evidence", "家长称已返校")
        if rng.random() < 0.04:
            work.record(number, "transfer", "--day", str(visited), "--to", rng.choice(AREAS), "--why", "随父母迁居")


def live_year(binary, folder, seed, children):
    rng = random.Random(seed)
    town = Town(rng, children)
    offices, work = Offices(town, folder), Work(binary, folder)
    auditor = year_audit.Auditor(town, offices, work)
    for month in MONTHS:
        day = datetime.date(*month, 15)
        if month != MONTHS[0]:
            town.live()
        files = offices.lists(month) + offices.notices()
        if month == MONTHS[0]:
            files += [offices.population(), offices.duties(False)]
        if month == (2021, 3):
            files.append(offices.duties(True))
        # A clerk's list is whole for its school: who is not on the new one has left it.
        work.run("import", *files, "--at", str(day), "--complete", "--yes")
        work.run("check", "--at", str(day))
        auditor.month(day)
        work_month(rng, work, town, day)
    auditor.end(day)
    return auditor


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("baoxue")
    long = bool(os.environ.get("BAOXUE_TEST_LONG"))
    parser.add_argument("--years", type=int, default=12 if long else 1)
    parser.add_argument("--children", type=int, default=400 if long else 150)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--keep")
    options = parser.parse_args()
    wrong = 0
    for seed in range(options.first_seed, options.first_seed + options.years):
        folder = options.keep or tempfile.mkdtemp(prefix="baoxue_year_")
        os.makedirs(folder, exist_ok=True)
        auditor = live_year(os.path.abspath(options.baoxue), folder, seed, options.children)
        print(f"seed {seed}: {auditor.summary()}")
        for line in auditor.wrong[:20]:
            print(f"  {line}")
        wrong += len(auditor.wrong)
        if not options.keep:
            shutil.rmtree(folder)
    print(f"{options.years} years, {wrong} differences")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
