"""How clerks spoil data: error models, each a table of rates. `factor` multiplies every rate."""
import datetime
import random

HOMOPHONES = ["芳方房", "伟维为", "静敬靖", "丽利莉", "敏民闵", "军君均", "杰洁结", "涛滔韬", "明鸣铭", "辉晖慧", "佳家嘉", "宇雨语", "轩宣萱",
              "梓子紫", "涵含晗", "欣新馨", "怡仪宜", "婷廷庭", "浩皓昊", "博柏勃", "志智致", "文雯闻", "玉钰育", "英莹颖", "霞侠", "建健剑",
              "国果", "海亥", "龙隆", "兴星", "林琳霖", "成诚程", "瑞睿锐", "晨辰陈", "张章", "刘留", "陈程", "李黎", "王汪", "徐许", "余于俞"]
LOOKALIKES = ["己已", "晓哓", "末未", "浩洁", "博搏", "婷停", "佳住", "昊吴", "莹茔", "玉王", "杰木", "敏繁", "辉晖", "晨展", "瑶摇", "琪棋", "梅海",
              "明朋", "天夭", "涵函", "轩轲", "彤形", "欣掀", "琳林", "张弘", "李季", "刘浏", "杨扬", "陈阵"]
TRADITIONAL = dict(zip("张陈刘杨赵黄吴孙马罗韩冯邓许苏卢蒋贾叶阎余钟谭邹陆龙万钱汤龚国华军伟静丽敏杰强涛辉鹏飞泽凯东学兴宇语诗颖莹蓝",
                       "張陳劉楊趙黃吳孫馬羅韓馮鄧許蘇盧蔣賈葉閻余鍾譚鄒陸龍萬錢湯龔國華軍偉靜麗敏傑強濤輝鵬飛澤凱東學興宇語詩穎瑩藍"))
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")

# Shares of rows, per register row; "twins_swap" and the like are drawn per row too.
MODELS = {
    "mixed": {"id_missing": .008, "id_digit": .007, "id_swap": .004, "id_parent": .003, "id_sibling": .0008,
              "id_float": .004, "id_short": .003, "id_15": .0, "id_disability": .001, "id_j": .002,
              "id_form": .02, "name_sound": .006, "name_shape": .003, "name_traditional": .002,
              "name_blank": .02, "name_nick": .001, "name_drop": .001, "birth_swap": .002, "birth_default": .002,
              "birth_lunar": .001, "birth_digit": .002, "guardian_other": .05, "guardian_missing": .08,
              "duplicate": .002, "moved": .01},
    "typist": {"id_missing": .002, "id_digit": .02, "id_swap": .008, "id_parent": .001, "id_sibling": .0005,
               "id_float": .0, "id_short": .004, "id_disability": .001, "id_j": .001, "id_form": .05,
               "name_sound": .02, "name_shape": .01, "name_traditional": .0, "name_blank": .03, "name_nick": .0,
               "name_drop": .002, "birth_swap": .004, "birth_default": .001, "birth_lunar": .0, "birth_digit": .006,
               "guardian_other": .1, "guardian_missing": .05, "duplicate": .004, "moved": .02},
    "missing": {"id_missing": .05, "id_digit": .002, "id_swap": .001, "id_parent": .006, "id_sibling": .001,
                "id_float": .0, "id_short": .0, "id_disability": .0, "id_j": .006, "id_form": .01,
                "name_sound": .004, "name_shape": .002, "name_traditional": .005, "name_blank": .05, "name_nick": .002,
                "name_drop": .0, "birth_swap": .001, "birth_default": .006, "birth_lunar": .004, "birth_digit": .001,
                "guardian_other": .05, "guardian_missing": .3, "duplicate": .001, "moved": .03},
    "excel": {"id_missing": .003, "id_digit": .002, "id_swap": .001, "id_parent": .002, "id_sibling": .0,
              "id_float": .03, "id_short": .001, "id_disability": .002, "id_j": .001, "id_form": .15,
              "name_sound": .002, "name_shape": .001, "name_traditional": .0, "name_blank": .1, "name_nick": .0,
              "name_drop": .0, "birth_swap": .0, "birth_default": .0, "birth_lunar": .0, "birth_digit": .001,
              "guardian_other": .02, "guardian_missing": .1, "duplicate": .006, "moved": .01},
}


class Spoiler:
    def __init__(self, rng, model, factor):
        self.rng, self.rates, self.factor = rng, MODELS[model], factor

    def hit(self, key):
        return self.rng.random() < self.rates.get(key, 0) * self.factor

    def other_of(self, groups, character):
        found = [c for group in groups if character in group for c in group if c != character]
        return self.rng.choice(found) if found else None

    def name(self, name):
        rng = self.rng
        if self.hit("name_nick"):
            name = name[0] + rng.choice(["娃", "宝", "蛋", "小"]) + name[-1]
        for key, groups in (("name_sound", HOMOPHONES), ("name_shape", LOOKALIKES)):
            if self.hit(key):
                at = rng.randrange(len(name))
                other = self.other_of(groups, name[at])
                if other:
                    name = name[:at] + other + name[at + 1:]
        if self.hit("name_traditional"):
            name = "".join(TRADITIONAL.get(c, c) for c in name)
        if len(name) > 2 and self.hit("name_drop"):
            name = name[:1] + name[2:]
        if self.hit("name_blank"):
            name = "  ".join(name) if len(name) == 2 else name + " "
        return name

    def id(self, child, county):
        rng, number = self.rng, child.id
        if self.hit("id_missing"):
            return rng.choice(["", "", "无", "待补"])
        if self.hit("id_parent"):
            return rng.choice([child.father, child.mother]).id
        if self.hit("id_sibling"):
            kin = [c for c in county.children if c.household == child.household and c is not child]
            if kin:
                return rng.choice(kin).id
        if self.hit("id_digit"):
            at = rng.randrange(6, 18)
            number = number[:at] + rng.choice("0123456789".replace(number[at], "")) + number[at + 1:]
        if self.hit("id_swap"):
            at = rng.randrange(6, 16)
            number = number[:at] + number[at + 1] + number[at] + number[at + 2:]
        if self.hit("id_short"):
            at = rng.randrange(4, 18)
            number = number[:at] + number[at + 1:]
        if self.hit("id_disability"):
            return number + rng.choice("1234567") + rng.choice("1234")
        if self.hit("id_float"):
            return rng.choice([f"{number[0]}.{number[1:6]}E+17", number[:15] + "000"])
        if self.hit("id_form"):
            return rng.choice([number.lower(), " " + number, number + " ", "'" + number, number.translate(FULL_WIDTH),
                               number[:6] + " " + number[6:14] + " " + number[14:]])
        return number

    def birth(self, birth):
        rng = self.rng
        if self.hit("birth_default"):
            return birth.replace(month=1, day=1)
        if self.hit("birth_swap") and birth.day <= 12:
            return birth.replace(month=birth.day, day=birth.month)
        if self.hit("birth_lunar"):
            return birth - datetime.timedelta(days=rng.randrange(25, 50))
        if self.hit("birth_digit"):
            try:
                return birth.replace(day=rng.randrange(1, 29))
            except ValueError:
                return birth
        return birth

    def guardian(self, child):
        if self.hit("guardian_missing"):
            return "", ""
        person = child.guardian
        if self.hit("guardian_other"):
            person = self.rng.choice([child.father, child.mother, child.head])
        return self.name(person.name), person.id if not self.hit("id_missing") else ""

    def place(self, child, county):
        return self.rng.choice(county.places) if self.hit("moved") else child.place
