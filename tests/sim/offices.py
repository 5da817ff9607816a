"""What each office knows of the county, as rows of named values, spoilt; one entity number a row.

A row is a dict of values by meaning (not by heading); layouts.py decides how it is written.
"""
import datetime

from truth import check_character


def grade_words(rng, stage, grade, style):
    numerals = "一二三四五六七八九"
    if stage == "preschool":
        return {-2: "小班", -1: "中班", 0: "大班"}.get(grade, "大班")
    if stage in ("primary", "special") and grade <= 6:
        return {0: f"{numerals[grade - 1]}年级", 1: f"{grade}年级", 2: f"小学{numerals[grade - 1]}年级"}[style]
    if grade <= 9:
        return {0: f"{numerals[grade - 1]}年级", 1: f"{grade}年级", 2: "初" + numerals[grade - 7]}[style]
    return {0: "高" + numerals[grade - 10], 1: f"高中{numerals[grade - 10]}年级", 2: "高" + numerals[grade - 10]}[style]


class Offices:
    def __init__(self, county, spoiler, rng, unreported=0):
        self.county, self.spoil, self.rng = county, spoiler, rng
        self.grade_style = rng.randrange(3)
        schools = [s for s in county.schools if s.stage in ("primary", "junior")]
        self.unreported = {s.code for s in rng.sample(schools, min(unreported, len(schools)))}

    def base(self, child):
        spoil, county = self.spoil, self.county
        guardian, guardian_id = spoil.guardian(child)
        place = spoil.place(child, county)
        return {"entity": child.number, "name": spoil.name(child.name), "id": spoil.id(child, county),
                "sex": "男" if child.sex == "M" else "女", "birth": spoil.birth(child.birth), "nation": "汉族",
                "county": place[3], "township": place[2], "village": place[1],
                "address": f"甘肃省白银市{place[3]}{place[2]}{place[1]}{self.rng.randrange(1, 9)}组",
                "area": place[0], "guardian": guardian, "guardian_id": guardian_id, "phone": child.phone,
                "household": child.household, "relation": child.relation, "head": child.head.name,
                "head_id": child.head.id, "town_code": place[0][:9]}

    def with_school(self, child):
        row = self.base(child)
        school = child.school
        number = child.student_number
        # A school that has no usable number of the child makes one: J and a valid check character.
        if self.spoil.hit("id_j"):
            area = self.county.county_code
            digits = f"{area}{child.birth:%Y%m%d}{self.rng.randrange(900, 1000)}"
            number = "J" + digits + check_character(digits)
            row["id"] = ""
        elif not row["id"] or row["id"] in ("无", "待补"):
            number = "" if self.rng.random() < 0.5 else number
        else:
            number = "G" + row["id"].strip() if len(row["id"].strip()) == 18 else number
        row.update(school=school.name, school_code=school.code, number=number,
                   grade=grade_words(self.rng, school.stage, child.grade, self.grade_style),
                   class_name=f"{child.class_number}班", status=child.roll_status,
                   boarding="住校" if child.boarding else "走读", school_key=school.code)
        return row

    def duplicates(self, rows):
        out = []
        for row in rows:
            out.append(row)
            if self.spoil.hit("duplicate"):
                out.append(dict(row))
        return out

    def registers(self):
        """{register: [row]}; rows carry `entity`, the child they speak of."""
        county, day = self.county, self.county.day
        out = {key: [] for key in ("population", "residents", "door_survey", "roll", "attending", "graduates",
                                   "elsewhere", "homebound", "deferred", "deaths", "poverty", "disabled", "dibao")}
        for child in county.children:
            self.residence(child, out)
            if child.school is not None:
                self.schooling(child, out)
            self.stories(child, out, day)
            if self.rng.random() < 0.09:
                out["poverty"].append({**self.base(child), "kind": "脱贫户", "school_status": ""})
            if self.rng.random() < 0.03:
                out["dibao"].append({**self.base(child), "kind": "农村低保"})
            if child.disabled:
                out["disabled"].append({**self.base(child), "kind": "肢体", "degree": "二级",
                                        "disability_number": child.id + "42"})
        return {key: self.duplicates(rows) if key not in ("deaths",) else rows for key, rows in out.items()}

    def residence(self, child, out):
        if child.in_population:
            row = self.base(child)
            row["status"] = child.population_status
            out["population"].append(row)
            # An empty registration: the child stands in a second household, with another number.
            if child.school is not None and self.rng.random() < 0.0006 * self.spoil.factor:
                second = self.base(child)
                second["household"] += "9"
                second["status"] = "正常"
                out["population"].append(second)
        if child.in_residents or (child.state == "enrolled" and self.rng.random() < 0.02):
            row = self.base(child)
            row["origin"] = "甘肃省定西市通渭县" if child.in_residents else row["address"]
            out["residents"].append(row)
        if child.in_survey or (child.in_population and self.rng.random() < 0.03 and child.state == "enrolled"):
            row = self.base(child)
            row["survey_school"] = child.school.name if child.school else ""
            row["survey_reason"] = "" if child.school else "外出务工"
            out["door_survey"].append(row)

    def schooling(self, child, out):
        if child.story == "unregistered":
            out["attending"].append({**self.with_school(child), "present": "是"})
            return
        out["roll"].append(self.with_school(child))
        if child.story == "twice":
            second = self.with_school(child)
            others = [s for s in self.county.schools if s.stage == child.school.stage and s is not child.school]
            if others:
                other = self.rng.choice(others)
                second.update(school=other.name, school_code=other.code, school_key=other.code)
                out["roll"].append(second)
        if child.roll_status == "休学" or child.school.code in self.unreported:
            return
        if child.story != "not_attending":
            out["attending"].append({**self.with_school(child), "present": "是"})
        elif self.rng.random() < 0.5:
            out["attending"].append({**self.with_school(child), "present": "否"})

    def left_roll(self, child, out):
        """The school that the child left still lists it, as gone."""
        stage, grade = ("primary", self.county.age(child) - 6) if self.county.age(child) < 13 else ("junior", 7)
        if grade < 1:
            return
        child.school, child.grade = self.county.school_for(child, stage), grade
        child.student_number, child.class_number, child.boarding = "G" + child.id, 1, False
        row = self.with_school(child)
        row["status"] = self.rng.choice(["转出", "其他离校"])
        out["roll"].append(row)
        child.school = None

    def stories(self, child, out, day):
        row = self.base(child)
        if child.state == "elsewhere":
            out["elsewhere"].append({**row, "province": self.rng.choice(["陕西省", "宁夏", "新疆", "浙江省"]),
                                     "far_school": "某市第三小学", "grade": "三年级"})
        elif child.state == "abroad":
            out["elsewhere"].append({**row, "province": "国外", "far_school": "国外学校", "grade": ""})
        elif child.state == "homebound":
            out["homebound"].append({**row, "kind": "智力", "degree": "一级", "visits": "4",
                                     "teaching_school": f"{self.county.county_name}特殊教育学校"})
        elif child.state == "deferred":
            start = datetime.date(day.year, 8, 20)
            out["deferred"].append({**row, "kind": "缓学", "from": start,
                                    "to": datetime.date(day.year + 1, 8, 31), "approval": "教发〔2020〕12号"})
        elif child.state == "dead" and child.population_status == "正常":
            out["deaths"].append({**row, "death": day - datetime.timedelta(days=self.rng.randrange(30, 900))})
        elif child.story == "dropped" and self.rng.random() < 0.6:
            self.left_roll(child, out)
        if child.state == "finished" and 15 <= self.county.age(child) <= 17:
            out["graduates"].append({**row, "school": "初级中学", "date": "2019年7月", "stage": "初中"})
