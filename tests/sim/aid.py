"""Student aid of a random county: who is in hardship, what is due, what was paid, what went wrong.

The truth is made first (facts of each child, what the second reading of the rules gives for them), then the lists of
the offices, spoilt like all others. What is due comes from tests/policy/reading.py, never from the program.
"""
import datetime
import os
import sys

from offices import Offices

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "policy"))
import reading  # noqa: E402  (the rules read a second time)

PERIOD = "2020-autumn"
SCHEMES = ["preschool_fee", "boarding_subsidy", "day_subsidy", "senior_grant", "senior_fee", "vocational_grant",
           "vocational_fee", "yulu"]
EXACT = {"preschool_fee", "boarding_subsidy", "day_subsidy", "senior_fee", "vocational_fee", "yulu"}
EXCLUDE = {"boarding_subsidy": "day_subsidy", "day_subsidy": "boarding_subsidy"}
NAMES = {
    "preschool_fee": ["学前免保教费", "学前教育资助", "幼儿资助"],
    "boarding_subsidy": ["寄宿生生活补助", "家庭经济困难寄宿生生活补助", "生活补助"],
    "day_subsidy": ["非寄宿生生活补助", "家庭经济困难非寄宿生生活补助", "生活补助"],
    "senior_grant": ["普通高中国家助学金", "国家助学金"], "senior_fee": ["普通高中免学杂费", "免学费"],
    "vocational_grant": ["中职国家助学金", "国家助学金"], "vocational_fee": ["中职免学费", "免学费"],
    "yulu": ["雨露计划", "雨露计划职业教育补助"],
}
PERIOD_WORDS = ["2020年秋季学期", "2020-2021学年第一学期", "2020-2021-1", "2020秋", "2020-autumn"]
MAJORS = {"general": "信息技术", "agriculture_medicine": "农林牧渔", "arts": "艺术", "opera": "戏曲表演"}

# Of what is due: not paid, paid too little, too much, twice, together with what it excludes. Of those to whom a
# scheme is not due and of children on no roll: paid all the same.
RATES = {"missed": 0.03, "less": 0.006, "more": 0.006, "twice": 0.006, "both": 0.003, "undue": 0.006, "no_roll": 0.004}


class Aid:
    """The facts and payments of a county. `office` are the ways in which its offices send lists."""

    def __init__(self, county, rng, office):
        self.county, self.rng, self.office = county, rng, office
        self.at = county.day
        self.households = {}
        self.fees = {}
        for child in county.children:
            self.draw_facts(child)
        self.students = [c for c in county.children if self.is_student(c)]
        self.payments = []      # {child, scheme, fen, kind}
        self.truth = []         # (kind, child number, scheme, due, paid)
        for child in self.students:
            self.pay(child)
        for child in county.children:
            self.pay_outsider(child)

    def is_student(self, child):
        """On a roll, and not suspended; nobody is asked about pupils of special schools or with two rolls."""
        return (child.school is not None and child.roll_status == "在籍在读" and child.story not in ("unregistered", "twice")
                and child.school.stage != "special")

    def draw_facts(self, child):
        rng = self.rng
        rural = "村" in child.place[1]
        local = child.in_population and child.population_status == "正常"
        house = self.households.get(child.household)
        if house is None:
            poverty = rural and rng.random() < 0.14
            house = self.households[child.household] = {
                "poverty": poverty, "watch": rng.random() < (0.06 if poverty else 0.02),
                "dibao": rng.random() < (0.16 if poverty else 0.04), "rural": rural}
        words = set()
        if local and house["poverty"]:
            words.add("poverty_lifted")
        if local and house["watch"] and rural:
            words.add("monitored")        # Where the list names heads, all of a household are meant.
        if (local or self.office.get("heads")) and house["dibao"]:
            words.add("dibao_rural" if rural else "dibao_urban")
        if local and rng.random() < 0.004:
            words.add("destitute_rural" if rural else "destitute_urban")
        if local and rng.random() < 0.004:
            words.add("orphan")
        if child.disabled and local:
            words.add("disabled")
        hard = bool(words)
        if child.school is not None and child.school.stage != "preschool" and rng.random() < (0.6 if hard else 0.06):
            words.add("recognised")
        child.words = words
        child.rural_home = rural
        child.local = local
        child.major = rng.choices(list(MAJORS), [80, 14, 4, 2])[0]

    def fee(self, school):
        if school.code not in self.fees:
            self.fees[school.code] = self.rng.choice([28000, 35000, 40000, 45000])
        return self.fees[school.code]

    def student_row(self, child):
        stage, grade = child.school.stage, child.grade
        first = {"preschool": -3, "primary": 0, "junior": 6, "senior": 9, "vocational": 9}[stage]
        row = reading.blank()
        row.update(id=str(child.number), stage=stage, grade=str(grade - first), boarding="yes" if child.boarding else "no",
                   categories=";".join(sorted(child.words)) or "none", school_county=self.county.county_code,
                   home_county=child.place[0][:6] if child.local else "", home_rural="yes" if child.rural_home else "no",
                   major_class=child.major if stage == "vocational" else "", fee_fen=str(self.fee(child.school)))
        return row

    def add(self, child, scheme, fen):
        names = NAMES[scheme]
        if self.office and not self.office.get("heads"):   # where facts are not known a name may not be ambiguous too
            names = [n for n in names if n != "生活补助"]
        self.payments.append({"child": child, "scheme": scheme, "fen": fen, "name": self.rng.choice(names)})

    def pay(self, child):
        rng = self.rng
        said = {r[1]: r for r in reading.decide(self.student_row(child), self.at) if r[1] in SCHEMES}
        entitled = {s for s, r in said.items() if r[2] == "yes"}
        if {"boarding_subsidy", "day_subsidy"} <= entitled:
            entitled.discard("day_subsidy")
        for scheme, row in said.items():
            if scheme in entitled:
                self.pay_due(child, scheme, int(row[3]))
            elif row[2] == "no" and rng.random() < RATES["undue"] and not EXCLUDE.get(scheme) in entitled:
                living = {"primary": 50000, "junior": 62500}.get(child.school.stage, 0)
                fen = {"boarding_subsidy": living, "day_subsidy": living // 2}.get(scheme, 100000)
                self.add(child, scheme, fen)
                self.truth.append(("undue", child.number, scheme, 0, fen))

    def pay_due(self, child, scheme, due):
        rng, draw, at = self.rng, self.rng.random(), 0.0
        for kind in ("missed", "less", "more", "twice", "both"):
            at += RATES[kind]
            if draw < at:
                break
        else:
            self.add(child, scheme, due)
            return
        if kind == "missed":
            self.truth.append(("missed", child.number, scheme, due, 0))
        elif kind == "less" and scheme in EXACT:
            self.add(child, scheme, due // 2)
            self.truth.append(("missed", child.number, scheme, due, due // 2))
        elif kind == "more" and scheme in EXACT:
            self.add(child, scheme, due + 20000)
            self.truth.append(("undue", child.number, scheme, due, due + 20000))
        elif kind == "twice" and rng.random() < 0.8:
            self.add(child, scheme, due)
            self.add(child, scheme, due)
            self.truth.append(("twice", child.number, scheme, due, 2 * due))
        elif kind == "both" and scheme in EXCLUDE:
            self.add(child, scheme, due)
            self.add(child, EXCLUDE[scheme], 25000)
            self.truth.append(("twice", child.number, scheme, due, due + 25000))
        else:                        # in two parts that are together what is due
            self.add(child, scheme, due // 2)
            self.add(child, scheme, due - due // 2)

    def pay_outsider(self, child):
        """Who left, died or never was on a roll, on the list of a school that has others."""
        if child.school is not None or self.rng.random() >= RATES["no_roll"] or not 7 <= self.county.age(child) <= 14:
            return
        if child.story == "dropped" or child.state == "homebound":
            return                   # whether they are on the roll still is what the roll says
        child.paid_school = self.county.school_for(child, "primary" if self.county.age(child) < 12 else "junior")
        self.add(child, "day_subsidy", 25000)
        self.truth.append(("undue", child.number, "day_subsidy", 0, 25000))


class AidOffices(Offices):
    """The lists of a county with those of aid. `office`: keep_out registers, boarding no, heads only."""

    def __init__(self, county, spoiler, rng, aid):
        super().__init__(county, spoiler, rng)
        self.aid = aid

    def registers(self):
        out = super().registers()
        for key in ("poverty", "dibao", "disabled"):
            out[key] = []
        for key in ("destitute", "orphans", "recognitions", "schools", "awards_paid"):
            out[key] = []
        for child in self.county.children:
            self.hardship(child, out)
        if self.aid.office.get("heads"):
            out["dibao"] = self.heads(out["dibao"])
        for payment in self.aid.payments:
            out["awards_paid"].append(self.paid(payment))
        for school in self.county.schools:
            out["schools"].append(self.school(school))
        for key in ("roll", "attending"):
            for row in out[key]:
                row["major"] = MAJORS[self.county.people[row["entity"]].major]
        return out

    def hardship(self, child, out):
        words, base = child.words, self.base
        house = self.aid.households[child.household]
        if "poverty_lifted" in words or "monitored" in words:
            kinds = "脱贫户" if house["poverty"] else "一般农户"
            watch = ("脱贫不稳定户" if house["poverty"] else "边缘易致贫户") if "monitored" in words else ""
            out["poverty"].append({**base(child), "kind": kinds, "watch": watch, "removed": "否" if watch else "", "school_status": ""})
        if words & {"dibao_rural", "dibao_urban"}:
            out["dibao"].append({**base(child), "kind": "二类", "town_rural": "农村" if house["rural"] else "城市"})
        if words & {"destitute_rural", "destitute_urban"}:
            out["destitute"].append({**base(child), "kind": "农村特困" if house["rural"] else "城市特困", "support": "分散供养"})
        if "orphan" in words:
            out["orphans"].append({**base(child), "kind": self.rng.choice(["孤儿", "事实无人抚养儿童"])})
        if "disabled" in words:
            out["disabled"].append({**base(child), "kind": "肢体", "degree": "二级", "disability_number": child.id + "42"})
        if "recognised" in words:
            row = self.with_school(child)
            row.update(year="2020-2021", level=self.rng.choice(["特别困难", "困难", "一般困难"]), basis="家庭经济困难")
            out["recognitions"].append(row)

    def heads(self, rows):
        """The office lists the head of each household alone, and how many it covers."""
        seen, out = set(), []
        for row in rows:
            child = self.county.people[row["entity"]]
            if child.household in seen:
                continue
            seen.add(child.household)
            out.append({**row, "entity": child.head.number, "name": child.head.name, "id": child.head.id, "birth": child.head.birth,
                        "relation": "户主", "head": child.head.name, "head_id": child.head.id, "covered": "4"})
        return out

    def paid(self, payment):
        child = payment["child"]
        if child.school is None:
            school, child.school = None, child.paid_school
            child.grade = child.grade or self.county.age(child) - 5
            child.student_number, child.class_number = child.student_number or "G" + child.id, child.class_number or 1
            row = self.with_school(child)
            child.school = school
        else:
            row = self.with_school(child)
        row.update(scheme=payment["name"], period=self.rng.choice(PERIOD_WORDS), amount=f"{payment['fen'] / 100:g}",
                   paid_on=datetime.date(2020, 9, 14), stage_name=row["grade"])
        return row

    def school(self, school):
        town = next((p for p in self.county.places if p[0][:9] == school.township), self.county.places[0])
        return {"entity": None, "name": school.name, "id": "", "school": school.name, "school_code": school.code,
                "township": town[2], "place": "乡村" if school.township else "城区", "county": town[3],
                "fee": f"{self.aid.fee(school) / 100:g}", "kind": school.stage, "area": town[0][:9]}
