"""The people of a random county as they truly are: households, children, where each child is.

Nothing here knows how baoxue reads or links; the truth is made first, the offices' lists of it later
(offices.py), and spoilt last (spoil.py). Everything is drawn from one random.Random.
"""
import datetime

SURNAMES = ("王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧 程 曹 袁 邓 许 傅 沈 曾 "
            "彭 吕 苏 卢 蒋 蔡 贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜 范 方 石 姚 谭 廖 邹 熊 金 陆 郝 孔 白 崔 康 毛 邱 秦 江 史 顾 侯 "
            "邵 孟 龙 万 段 雷 钱 汤 尹 黎 易 常 武 乔 贺 赖 龚 文 单 仇 解 区 查 盖 折 欧阳 上官 司马 尉迟 令狐").split()
GIVEN_BOY = list("伟强磊军洋勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆博文轩昊然子涵睿泽晨旭宏志建国海龙东升学兵小林天佑嘉铭一诺俊熙皓彦霖钧")
GIVEN_GIRL = list("芳娜敏静丽艳娟霞秀英华慧巧美玲燕红梅莉雪琳晶妍茜欣怡佳琪思雨婷子涵梓萱可馨诗悦若曦雅语桐瑶璐月蕊芸菲妮玥颖露瑾")
GIVEN_OLD = list("国建军志玉秀桂兰淑珍凤英春生成德永福明贵文学有财长富继忠万世元占守兴")


def check_character(digits17):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(d) * w for d, w in zip(digits17, weights)) % 11]


class Person:
    """One human being. `kind` is child or adult; the rest is what is true of them."""
    __slots__ = ("number", "name", "sex", "birth", "id", "household", "village", "place", "father",
                 "mother", "words", "rural_home", "local", "major", "paid_school", "guardian", "head", "relation", "state", "story", "school", "grade",
                 "class_number", "student_number", "boarding", "in_population", "in_residents",
                 "in_survey", "population_status", "phone", "disabled", "outsider", "missing", "roll_status",
                 "twin")

    def __init__(self, **values):
        for slot in self.__slots__:
            setattr(self, slot, None)
        for key, value in values.items():
            setattr(self, key, value)


class School:
    def __init__(self, code, name, stage, township, grades):
        self.code, self.name, self.stage, self.township, self.grades = code, name, stage, township, grades


class County:
    """A county with its people. `day` is the day that all lists speak of."""

    def __init__(self, rng, children, places, day, missing_permille=8):
        self.rng, self.day = rng, day
        self.places = places            # [(village code, village, township, county)]
        self.townships = sorted({(p[0][:9], p[2]) for p in places})
        self.county_code, self.county_name = places[0][0][:6], places[0][3]
        self.sequence = {}
        self.used_ids = set()
        self.people, self.children, self.schools = [], [], []
        self.surname_weights = [1 / (i + 3) ** 0.85 for i in range(len(SURNAMES))]
        self.cutoff = datetime.date(day.year if (day.month, day.day) >= (8, 31) else day.year - 1, 8, 31)
        self.make_schools(children)
        while len(self.children) < children:
            self.make_household()
        self.place_children(missing_permille)

    # -- names, numbers -------------------------------------------------------------------------
    def surname(self):
        return self.rng.choices(SURNAMES, self.surname_weights)[0]

    def given(self, pool):
        weights = [1 / (i + 6) for i in range(len(pool))]
        count = 1 if self.rng.random() < 0.22 else 2
        return "".join(self.rng.choices(pool, weights, k=count))

    def id_number(self, area, birth, sex):
        while True:
            sequence = self.rng.randrange(1, 500) * 2 - (1 if sex == "M" else 0)
            if sequence < 1 or sequence > 999:
                continue
            digits = f"{area}{birth:%Y%m%d}{sequence:03d}"
            number = digits + check_character(digits)
            if number not in self.used_ids:
                self.used_ids.add(number)
                return number

    def birthday(self, age_from, age_to):
        first = self.day - datetime.timedelta(days=int(365.2425 * (age_to + 1)))
        return first + datetime.timedelta(days=self.rng.randrange(int(365.2425 * (age_to + 1 - age_from))))

    # -- households -----------------------------------------------------------------------------
    def adult(self, surname, sex, age_from, age_to, area):
        birth = self.birthday(age_from, age_to)
        pool = GIVEN_OLD if age_from > 45 else (GIVEN_BOY if sex == "M" else GIVEN_GIRL)
        person = Person(number=len(self.people), name=surname + self.given(pool), sex=sex, birth=birth,
                        id=self.id_number(area, birth, sex), state="adult")
        self.people.append(person)
        return person

    def make_household(self):
        rng = self.rng
        place = rng.choice(self.places)
        area = place[0][:6] if rng.random() < 0.97 else rng.choice(["620123", "640422", "610324", "622421"])
        surname = self.surname()
        father = self.adult(surname, "M", 26, 45, area)
        mother = self.adult(self.surname(), "F", 24, 43, area if rng.random() < 0.7 else "622425")
        head = father
        if rng.random() < 0.3:
            head = self.adult(surname, "M", 50, 72, area)
        household = f"{place[0][6:]}{rng.randrange(10**6):06d}"
        phone = "1" + rng.choice("35789") + f"{rng.randrange(10**9):09d}"
        count = rng.choices([1, 2, 3, 4], [30, 48, 18, 4])[0]
        births = []
        while len(births) < count:
            birth = self.birthday(0, 22)
            if all(abs((birth - other).days) > 330 for other in births):
                births.append(birth)
        if rng.random() < 0.02:
            births.insert(0, births[0])
        for at, birth in enumerate(births):
            sex = "M" if rng.random() < 0.53 else "F"
            pool = GIVEN_BOY if sex == "M" else GIVEN_GIRL
            name = surname + self.given(pool)
            twin = births.count(birth) > 1
            if twin and at > 0:              # twins are often named alike
                elder = self.children[-1]
                name = elder.name[:-1] + rng.choice([c for c in pool if c != elder.name[-1]])
            child = Person(number=len(self.people), name=name, sex=sex, birth=birth,
                           id=self.id_number(area, birth, sex), household=household, place=place,
                           father=father, mother=mother, head=head, phone=phone, state="none", twin=twin,
                           guardian=rng.choices([father, mother, head], [6, 3, 1])[0],
                           relation=("之孙" if head is not father else "之子") if sex == "M" else
                                    ("之孙女" if head is not father else "之女"),
                           in_population=True, in_residents=False, in_survey=False,
                           population_status="正常", disabled=rng.random() < 0.012, missing=False)
            self.people.append(child)
            self.children.append(child)

    # -- schools --------------------------------------------------------------------------------
    def make_schools(self, children):
        per_township = max(1, round(children / 23 * 6 / 300 / len(self.townships)))
        serial = 1000
        for code, town in self.townships:
            def add(prefix, name, stage, grades):
                nonlocal serial
                serial += 7
                self.schools.append(School(f"{prefix}62{serial:06d}", name, stage, code, grades))
            names = sorted({p[1] for p in self.places if p[0][:9] == code})
            short = town.rstrip("镇乡").removesuffix("街道") or town
            for i in range(per_township):
                village = names[(i * 7) % len(names)].removesuffix("村民委员会").removesuffix("村委会").removesuffix("社区居民委员会").rstrip("村")
                add("21", f"{short}{'中心小学' if i == 0 else village + '小学'}", "primary", range(1, 7))
            add("31", f"{self.county_name}{short}初级中学", "junior", range(7, 10))
            add("11", f"{short}中心幼儿园", "preschool", range(-2, 1))
        for i in range(2):
            serial += 7
            self.schools.append(School(f"34{62}{serial:06d}", f"{self.county_name}第{'一二'[i]}中学", "senior",
                                       None, range(10, 13)))
        self.schools.append(School("3662009001", f"{self.county_name}职业中等专业学校", "vocational", None, range(10, 13)))
        self.schools.append(School("5162009002", f"{self.county_name}特殊教育学校", "special", None, range(1, 10)))

    def school_for(self, child, stage):
        near = [s for s in self.schools if s.stage == stage and s.township in (None, child.place[0][:9])]
        if self.rng.random() < 0.08:
            near = [s for s in self.schools if s.stage == stage] or near
        return self.rng.choice(near)

    # -- where each child is --------------------------------------------------------------------
    def age(self, child):
        cutoff = self.cutoff
        return cutoff.year - child.birth.year - ((cutoff.month, cutoff.day) < (child.birth.month, child.birth.day))

    def enrol(self, child, stage, grade):
        child.state, child.grade = "enrolled", grade
        child.school = self.school_for(child, stage)
        child.class_number = self.rng.randrange(1, 4)
        child.student_number = "G" + child.id
        child.roll_status = "在籍在读"
        child.boarding = stage in ("junior", "senior", "vocational") and self.rng.random() < 0.5

    def place_by_age(self, child, age):
        rng = self.rng
        shift = rng.choices([0, -1, 1], [90, 7, 3])[0]
        grade = age - 5 + shift
        if age < 3:
            return
        if age <= 5 or (age == 6 and grade < 1):
            # A child of six who begins a year later is in a kindergarten: else it would be missing.
            if age == 6 or rng.random() < 0.9:
                self.enrol(child, "preschool", min(0, age - 5))
            return
        if grade <= 6:
            self.enrol(child, "primary", max(1, grade))
        elif grade <= 9:
            self.enrol(child, "junior", grade)
        elif age <= 14:
            self.enrol(child, "senior", grade)
        elif age <= 17:
            if rng.random() < 0.85:
                self.enrol(child, rng.choices(["senior", "vocational"], [7, 3])[0], min(12, max(10, grade)))
            else:
                child.state, child.story = "finished", "work"
        else:
            child.state = "finished"

    def place_children(self, missing_permille):
        rng = self.rng
        for child in self.children:
            age = self.age(child)
            self.place_by_age(child, age)
            draw = rng.random()
            if 6 <= age <= 14:
                self.special_story(child, age, draw, missing_permille / 1000)
            elif draw < 0.004:
                child.state, child.population_status, child.school = "dead", "死亡注销", None
            child.story = child.story or child.state

    def clear(self, child, state, story):
        child.state, child.story = state, story
        child.school = child.grade = child.student_number = child.roll_status = None

    def special_story(self, child, age, draw, missing):
        """One band of [0, 1) a story; the widths are the shares."""
        rng, at = self.rng, 0.0
        bands = [("missing", missing), ("elsewhere", 0.045), ("homebound", 0.003), ("deferred", 0.002),
                 ("suspended", 0.002), ("dead", 0.0015), ("moved_out", 0.012), ("abroad", 0.0005),
                 ("unregistered", 0.003), ("not_attending", 0.003), ("outsider", 0.03),
                 ("no_household", 0.004), ("twice", 0.002)]
        for story, width in bands:
            at += width
            if draw < at:
                break
        else:
            return
        if story == "missing":
            self.clear(child, "missing", rng.choice(["work", "never", "unreachable", "early", "dropped"]))
            child.missing = True
            way = rng.random()
            if way < 0.12:
                child.in_population, child.in_residents = False, True
            elif way < 0.22:
                child.in_population, child.in_survey = rng.random() < 0.5, True
        elif story in ("elsewhere", "homebound", "deferred", "moved_out", "abroad"):
            self.clear(child, story, story)
            if story == "moved_out":
                child.population_status = "迁出"
        elif story == "dead":
            self.clear(child, "dead", "dead")
            child.population_status = "死亡注销" if rng.random() < 0.4 else "正常"
        elif child.school is not None:
            child.story = story
            if story == "suspended":
                child.roll_status = "休学"
            elif story in ("outsider", "no_household"):
                child.in_population = False
                child.in_residents = story == "outsider"


def expected_missing(county):
    """Who ought to be listed: expected here, of age, in no school, without a lawful reason."""
    return [c for c in county.children if c.missing]
