#!/usr/bin/env python3
"""Writes two made-up Chinese registers that list the same children, and who is who.

    link_data.py FOLDER [--records 1000000] [--seed 1]

FOLDER gets left.csv (as a population register), right.csv (as a school roll; 57 to 43) and truth.csv
(id,entity). Families live in villages of about 300 children; a child is now and then a twin, brothers and sisters
often share a character. The rates at which the two files disagree (RATES) are meant to be hard: most of the
roll has no ID number, and one name in five is written with another character of the same sound. The same seed
gives the same bytes. A few seconds for 100,000 records; memory does not grow with the number but for one small counter
a county and day.
"""
import argparse
import datetime
import json
import os
import random

RATES = {
    "in the roll only": 0.05,
    "left: ID missing": 0.02, "left: ID mistyped": 0.01,
    "right: ID missing": 0.60, "right: ID mistyped": 0.05,
    "right: name by sound": 0.20, "right: name swapped": 0.01, "right: name other character": 0.02,
    "right: birth date wrong": 0.06, "right: sex wrong": 0.005,
    "right: other guardian": 0.30, "right: guardian by sound": 0.08,
    "right: moved": 0.15,
    "twins": 0.025, "brothers and sisters": 0.40, "shared character": 0.30,
}

LEFT_SHARE = 0.57
CHILDREN_A_VILLAGE = 300
VILLAGES_A_TOWNSHIP, TOWNSHIPS_A_COUNTY = 20, 15
FIRST_DAY, DAYS = datetime.date(2009, 9, 1), 3650
CHUNK = 50_000  # roll entries that are shuffled at a time

SURNAMES = ("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
            "石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常")
# Characters of one sound stand together; earlier groups are commoner.
SOUNDS = ("子梓紫姿 涵晗函含 宇雨羽语 轩萱宣暄 佳嘉家加 欣心新馨鑫 怡依伊宜 浩昊皓灏 晨辰宸尘 俊军君钧均 杰捷洁婕 文雯闻 明鸣铭茗 思丝斯 "
          "博搏勃 雅亚娅 琪琦奇祺 泽择 瑞睿锐蕊 婷亭庭停 志智致治 伟玮炜纬 静靖敬净 丽莉利立 阳洋扬杨 欢焕环 梦孟 妍颜言岩 琳林霖临 玲灵凌菱 "
          "可珂科 诗施师 雪学 彤童桐同 慧惠辉晖 英颖莹盈 建健剑 国果 平萍苹 红宏鸿虹 玉钰育煜 金锦今 海亥 龙隆 斌彬滨 峰锋枫丰 磊蕾 飞菲霏 "
          "鹏朋 凯楷恺 强蔷 勇永咏 燕艳彦 芳方 梅美媚 兰岚蓝 霞侠 秀绣 春椿 桂贵 凤奉 华骅 波播 亮良 超朝 刚钢 东冬 成诚城 天田 恩 安 乐 "
          "一 月悦越 云芸 若 然燃 星兴 航杭 豪毫 源元园媛 远 诺 妙 冰兵 双爽 翔祥 昕 旭序 岳 柏 松 竹 清青卿 素 珍真贞 巧 娜 娟 倩茜 薇微巍").split()
CHECK = "10X98765432"
FACTORS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def cumulative(weights):
    total, sums = 0.0, []
    for weight in weights:
        total += weight
        sums.append(total)
    return sums


class Stream:
    """Draws from a list by weight, many at a time."""

    def __init__(self, rng, items, weights):
        self.rng, self.items, self.sums, self.ready = rng, items, cumulative(weights), []

    def next(self):
        if not self.ready:
            self.ready = self.rng.choices(self.items, cum_weights=self.sums, k=20_000)
        return self.ready.pop()


class Names:
    def __init__(self, rng):
        self.rng = rng
        self.alike = {c: group.replace(c, "") for group in SOUNDS for c in group}
        characters, weights = [], []
        for rank, group in enumerate(SOUNDS):
            for place, character in enumerate(group):
                characters.append(character)
                weights.append(1 / ((rank + 4) * (place + 1.5)))
        self.characters = Stream(rng, characters, weights)
        self.surnames = Stream(rng, list(SURNAMES), [1 / (rank + 6) for rank in range(len(SURNAMES))])

    def given(self):
        first = self.characters.next()
        return first if self.rng.random() < 0.12 else first + self.characters.next()

    def by_sound(self, name):
        """One given character in another of the same sound, where there is one."""
        places = [i for i in range(1, len(name)) if self.alike[name[i]]]
        if not places:
            return name
        i = self.rng.choice(places)
        return name[:i] + self.rng.choice(self.alike[name[i]]) + name[i + 1:]

    def swapped(self, name):
        return name[0] + name[:0:-1] if len(name) > 2 else name

    def other(self, name):
        i = self.rng.randrange(1, len(name))
        return name[:i] + self.characters.next() + name[i + 1:]


class Numbers:
    """Valid 18-character ID numbers, each given once."""

    def __init__(self, counties):
        self.areas = [f"{34 + c // 900:02d}{1 + c // 50 % 18:02d}{21 + c % 50:02d}" for c in range(counties)]
        self.days = [(FIRST_DAY + datetime.timedelta(d)).strftime("%Y%m%d") for d in range(DAYS)]
        self.area_sums = [self.sum_of(a, 0) for a in self.areas]
        self.day_sums = [self.sum_of(d, 6) for d in self.days]
        self.order_sums = [self.sum_of(f"{n:03d}", 14) for n in range(1000)]
        self.given = {}

    @staticmethod
    def sum_of(digits, at):
        return sum(int(d) * FACTORS[at + i] for i, d in enumerate(digits))

    def next(self, county, day, male):
        place = (county * DAYS + day) * 2 + male
        count = self.given.get(place, 0)
        self.given[place] = count + 1
        order = (place * 31 + count * 137) % 500 * 2 + male
        check = CHECK[(self.area_sums[county] + self.day_sums[day] + self.order_sums[order]) % 11]
        return f"{self.areas[county]}{self.days[day]}{order:03d}{check}"


def mistyped(rng, number):
    i = rng.randrange(6, 17)
    if rng.random() < 0.3:
        return number[:i] + number[i + 1] + number[i] + number[i + 2:]
    return number[:i] + rng.choice("0123456789") + number[i + 1:]


def wrong_date(rng, date):
    year, month, day = date[:4], date[5:7], date[8:]
    kind = rng.randrange(5)
    if kind == 0:
        return f"{year}-01-01"
    if kind == 1 and int(day) <= 12:
        return f"{year}-{day}-{month}"
    if kind == 2:
        return f"{int(year) + rng.choice((-1, 1))}-{month}-{day}"
    if kind == 3:
        return f"{year}-{rng.randrange(12) + 1:02d}-{day if int(day) <= 28 else '28'}"
    return f"{year}-{month}-{rng.randrange(28) + 1:02d}"


class World:
    def __init__(self, records, seed):
        self.rng = random.Random(seed)
        self.names = Names(self.rng)
        self.left_count = round(records * LEFT_SHARE)
        self.right_count = records - self.left_count
        self.villages = max(10, self.left_count // CHILDREN_A_VILLAGE)
        counties = -(-self.villages // (VILLAGES_A_TOWNSHIP * TOWNSHIPS_A_COUNTY))
        self.numbers = Numbers(counties)
        self.days = [(FIRST_DAY + datetime.timedelta(d)).isoformat() for d in range(DAYS)]

    def code(self, village):
        township = village // VILLAGES_A_TOWNSHIP
        area = self.numbers.areas[township // TOWNSHIPS_A_COUNTY]
        return f"{area}{100 + township % TOWNSHIPS_A_COUNTY}{200 + village % VILLAGES_A_TOWNSHIP}"

    def families(self):
        """Children one after another: (name, male, day, ID number, father, mother, village)."""
        rng, names = self.rng, self.names
        while True:
            surname, village = names.surnames.next(), rng.randrange(self.villages)
            father, mother = surname + names.given(), names.surnames.next() + names.given()
            county, day = village // (VILLAGES_A_TOWNSHIP * TOWNSHIPS_A_COUNTY), rng.randrange(DAYS)
            shared = names.characters.next() if rng.random() < RATES["shared character"] else ""
            days = [day]
            if rng.random() < RATES["twins"]:
                days.append(day)
            while len(days) < 4 and rng.random() < RATES["brothers and sisters"]:
                days.append(rng.randrange(DAYS))
            for born in days:
                male = int(rng.random() < 0.53)
                given = shared + names.characters.next() if shared else names.given()
                yield (surname + given, male, born, self.numbers.next(county, born, male), father, mother, village)

    def left_row(self, child):
        name, male, day, number, father, mother, village = child
        chance = self.rng.random()
        if chance < RATES["left: ID missing"]:
            number = ""
        elif chance > 1 - RATES["left: ID mistyped"]:
            number = mistyped(self.rng, number)
        guardian = father if self.rng.random() < 0.9 else mother
        return f"{name},{'女男'[male]},{self.days[day]},{number},{guardian},{self.code(village)}\n"

    def right_row(self, child):
        name, male, day, number, father, mother, village = child
        rng, names, date = self.rng, self.names, self.days[day]
        if rng.random() < RATES["right: ID missing"]:
            number = ""
        elif rng.random() < RATES["right: ID mistyped"]:
            number = mistyped(rng, number)
        chance, by_sound = rng.random(), RATES["right: name by sound"]
        if chance < by_sound:
            name = names.by_sound(name)
        elif chance < by_sound + RATES["right: name swapped"]:
            name = names.swapped(name)
        elif chance > 1 - RATES["right: name other character"]:
            name = names.other(name)
        if rng.random() < RATES["right: birth date wrong"]:
            date = wrong_date(rng, date)
        if rng.random() < RATES["right: sex wrong"]:
            male = 1 - male
        guardian = mother if rng.random() < RATES["right: other guardian"] else father
        if rng.random() < RATES["right: guardian by sound"]:
            guardian = names.by_sound(guardian)
        if rng.random() < RATES["right: moved"]:
            village = rng.randrange(self.villages)
        return f"{name},{'女男'[male]},{date},{number},{guardian},{self.code(village)}\n"


def write(folder, records, seed):
    world = World(records, seed)
    rng, heading = world.rng, "编号,姓名,性别,出生日期,身份证号,监护人,村代码\n"
    paths = [os.path.join(folder, name) for name in ("left.csv", "right.csv", "truth.csv")]
    left, right, truth = (open(path, "w", encoding="utf-8", newline="") for path in paths)
    left.write(heading)
    right.write(heading)
    truth.write("id,entity\n")
    lefts = rights = entity = 0
    waiting = []

    def flush():
        nonlocal rights
        rng.shuffle(waiting)
        for number, row in waiting:
            rights += 1
            right.write(f"R{rights},{row}")
            truth.write(f"R{rights},{number}\n")
        waiting.clear()

    # Of every child: in the population, in the roll, or in both, so that both files fill at the same pace.
    only_right = RATES["in the roll only"] * world.right_count
    people = world.left_count + only_right
    roll_share = (world.right_count - only_right) / world.left_count
    for child in world.families():
        entity += 1
        in_left = lefts < world.left_count and rng.random() >= only_right / people
        room = rights + len(waiting) < world.right_count
        in_right = room and (not in_left or rng.random() < roll_share)
        if in_left:
            lefts += 1
            left.write(f"L{lefts},{world.left_row(child)}")
            truth.write(f"L{lefts},{entity}\n")
        if in_right:
            waiting.append((entity, world.right_row(child)))
            if len(waiting) == CHUNK:
                flush()
        if lefts == world.left_count and rights + len(waiting) == world.right_count:
            break
    flush()
    for file in (left, right, truth):
        file.close()
    return {"left": lefts, "right": rights, "seed": seed, "rates": RATES}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    print(json.dumps(write(options.folder, options.records, options.seed), ensure_ascii=False))


if __name__ == "__main__":
    main()
