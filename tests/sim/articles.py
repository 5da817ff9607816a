#!/usr/bin/env python3
"""Writes articles with known claims, damages them, and scores what `figures check` makes of them.

    articles.py BAOXUE [--articles 120] [--first-seed 1] [--set seen|later|held-out|all] [--keep FOLDER] [--show]

An article is drawn from the sentences of articles_text.py with numbers written in every usual way (plain, with separators, in
万 and 亿, in Chinese numerals, with 约 and 余), some of them held in a file of figures with the same or another number, some
sums wrong. Then it is copied as people copy: advertising, menus and imprint around it, traditional characters, pinyin in
brackets, entities, HTML, GB18030 or UTF-16, full-width digits, blanks in numbers, broken lines, pieces in a wrong encoding.

A claim is found when value and unit are right; of those found, right are those that the article has. Printed with the
verdicts of tracked claims, sums, titles and days, by damage. Exit code 1 below 95 % found or right, or below 98 % of sums judged
rightly.
"""
import argparse
import collections
import csv
import datetime
import html
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile

import articles_text

BOUND, SUMS_BOUND = 0.95, 0.98
DATA = os.environ.get("BAOXUE_DATA", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared/data"))
DIGITS = "零一二三四五六七八九"
SPAM = ["国产精品久久久 亚洲午夜福利在线观看", "澳门新葡京娱乐城注册送彩金", "人妻少妇无码专区，欧美日韩高清视频",
        "百家乐下注 时时彩开户 加微信", "办证 代开发票 加微信 13800138000"]
MENU = ["首页 > 新闻中心 > 教育动态", "当前位置：首页 >> 政务公开 >> 工作总结", "首页 | 新闻 | 政务 | 服务 | 互动 | 专题", "1", "2",
        "上一篇：我市召开教育大会部署5项任务", "下一篇：300名教师赴外地研修", "字号：大 中 小", "打印本页 关闭窗口"]
IMPRINT = ["陇ICP备10200311号 甘公网安备62040202000123号", "网站标识码：6204000012 联系电话：0943-8221234",
           "版权所有：某某市融媒体中心 未经授权不得转载", "信息来源：市教育局 浏览次数：3628次", "地址：长安路128号 邮编：730900"]


def grouped(value):
    return f"{value:,}"


def hanzi(value):
    """A whole number below 100 million in Chinese numerals."""
    if value == 0:
        return "零"
    if value >= 10000:
        rest = value % 10000
        text = hanzi(value // 10000) + "万"
        return text + (("零" if rest < 1000 else "") + hanzi(rest) if rest else "")
    text, zero = "", False
    for place, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit == 0:
            zero = zero or (bool(text) and value % place > 0)
            continue
        if zero:
            text += "零"
            zero = False
        text += ("" if place == 10 and digit == 1 and not text else DIGITS[digit]) + word
    return text


class Writer:
    """Draws one article and knows what is in it."""

    def __init__(self, rng, texts):
        self.rng, self.texts = rng, texts
        self.claims, self.figures, self.sums, self.paragraphs = [], [], [], []
        self.names = {"city": rng.choice(["白银市", "陇原市", "河西市"]), "year": str(rng.randint(2018, 2022)),
                      "county": rng.choice(["会宁县", "靖远县", "景泰县", "安泽县"])}
        self.published = datetime.date(int(self.names["year"]), rng.randint(1, 12), rng.randint(1, 28))

    def name(self, text):
        return text.format(**self.names)

    def track(self, value, unit, words, key_text):
        """Perhaps a figure for a claim: what it says, and the verdict that it must bring."""
        if not words or self.rng.random() < 0.3:
            return None
        if any(figure["words"] == words for figure in self.figures):
            return None
        same = self.rng.random() < 0.65
        ours = value if same else self.altered(value, unit)
        self.figures.append({"key": f"f{len(self.figures)}", "zh": key_text, "unit": unit, "value": decimal(ours),
                             "words": words})
        return self.figures[-1]["key"], "agrees" if same else "differs"

    def altered(self, value, unit):
        if unit == "percent":
            return round(value - self.rng.choice([3.7, 5.3, 8.1]), 2) if value > 3 else value + 5
        if value == 0:
            return 3
        return int(value * self.rng.choice([3, 5, 6])) // 10  # less, so that 以上 is wrong too

    def number(self, unit, least, most):
        """How a number is written, up to its measure word, and what it states."""
        if unit == "percent":
            value = round(self.rng.uniform(float(least), float(most)), self.rng.choice([0, 1, 1, 2]))
            if self.rng.random() < 0.1 and value == int(value):
                return "百分之" + hanzi(int(value)), value, True
            return decimal(value) + "%", value, True
        low, high = int(least), int(most)
        value = int(round(2.718281828 ** self.rng.uniform(*(__import__("math").log(v) for v in (low, high)))))
        return (*self.count(value, unit), False)

    def count(self, value, unit):
        style = self.rng.random()
        if value >= 100000000 and unit == "yuan":
            places = self.rng.choice([1, 2, 2])
            text = f"{value / 1e8:.{places}f}"
            return text + "亿", int(round(float(text) * 10 ** 8))
        if value >= 10000 and (style < 0.6 or unit == "yuan"):
            places = self.rng.choice([0, 1, 2] if value < 10 ** 7 else [0, 1])
            text = f"{value / 1e4:.{places}f}"
            stated = int(round(float(text) * 10 ** 4))
            if places == 0 and self.rng.random() < 0.4:
                return text + self.rng.choice(["万余", "万多"]) if unit != "yuan" else text + "余万", stated
            return self.rng.choice(["", "", "", "约", "近", "超过"]) + text + "万", stated
        if style < 0.12 and value < 100000:
            return hanzi(value), value
        if style < 0.3 and value >= 100:
            place = 10 ** (len(str(value)) - 2)
            stated = value // place * place
            return self.rng.choice([f"{stated}余", f"{stated}多", f"约{stated}", f"近{stated}"]), stated
        if value >= 1000 and style < 0.5:
            return grouped(value), value
        return str(value), value

    def slot(self, match):
        body, _, words = match.group(1).partition(";")
        parts, words = body.split(), words.strip()
        if parts[0].startswith("="):
            value, unit, said = float(parts[0][1:]), parts[1], parts[3]
            tracked = self.track(value, unit, words, said)
            self.claims.append((decimal(value), unit, tracked))
            return said
        if parts[0] == "sum":
            return self.sum(parts[1], parts[2], int(parts[3]), int(parts[4]), words.split("/"))
        unit, measure = parts[0], parts[1]
        text, value, whole = self.number(unit, parts[2], parts[3])
        tracked = self.track(value, unit, words, words)
        self.claims.append((decimal(value), unit, tracked))
        suffix = self.rng.choice(["以上", "左右"]) if self.rng.random() < 0.05 and text[-1] not in "余多" else ""
        return text + ("" if whole else measure) + (suffix if text[0].isdigit() else "")

    def sum(self, unit, measure, least, most, labels):
        """A total and its parts."""
        if unit == "yuan":
            scale, word = (10 ** 8, "亿") if least >= 60000000 else (10 ** 4, "万")
            cents = [self.rng.randint(least, most) * 100 // scale for _ in labels]
            values = [one * scale // 100 for one in cents]
            written = [f"{one / 100:.2f}{word}{measure}" for one in cents]
        else:
            values = [self.rng.randint(least, most) for _ in labels]
            written = [f"{one}{measure}" for one in values]
        total = sum(values)
        holds = self.rng.random() < 0.7
        if not holds:
            step = max(1, total // 12)
            total += self.rng.choice([-1, 1]) * (step if unit != "yuan" else step // 10000 * 10000 + 10000)
        total_text = f"{total}{measure}" if unit != "yuan" else f"{total / scale:.4f}".rstrip("0").rstrip(".") + word + measure
        if unit == "yuan":
            total = int(round(float(total_text[:-len(word + measure)]) * scale))
        self.sums.append((decimal(total), "+".join(decimal(v) for v in values), holds))
        parts = [(decimal(value), unit, None) for value in values]
        whole = (decimal(total), unit, None)
        style = self.rng.choice(["of", "of", "bracket", "colon"] if len(labels) > 2 else ["of", "bracket"])
        listed = "、".join(label + text for label, text in zip(labels, written))
        if style == "of":
            self.claims += [whole] + parts
            return total_text + self.rng.choice(["，其中", "，其中：", "。其中，"]) + listed + "。"
        self.claims += [whole] + parts
        return total_text + (f"（{listed}）。" if style == "bracket" else f"：{listed}。")

    def write(self):
        texts, rng = self.texts, self.rng
        self.title = self.name(rng.choice(texts["titles"]))
        sentences = rng.sample(texts["sentences"], rng.randint(5, min(12, len(texts["sentences"]))))
        others = rng.sample(texts["others"], rng.randint(1, 4))
        everything = [re.sub(r"<([^>]+)>", self.slot, self.name(one)) for one in sentences]
        everything += [self.name(one) for one in others]
        rng.shuffle(everything)
        while everything:
            size = rng.randint(1, 4)
            self.paragraphs.append("".join(everything[:size]))
            everything = everything[size:]
        for heading in texts["headings"]:
            if rng.random() < 0.3:
                self.paragraphs.insert(rng.randint(0, len(self.paragraphs)), heading)


def decimal(value):
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return text


class Damage:
    """What copying does, by name: each takes and gives lines of text."""

    def __init__(self, rng):
        self.rng = rng
        self.traditional, self.pinyin = {}, {}
        path = os.path.join(DATA, "hanzi", "STCharacters.txt")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as source:
                for line in source:
                    parts = line.split()
                    if len(parts) >= 2:
                        self.traditional[parts[0]] = parts[1]
        path = os.path.join(DATA, "hanzi", "kMandarin_8105.txt")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as source:
                for line in source:
                    match = re.match(r"U\+([0-9A-F]+): (\S+)", line)
                    if match:
                        self.pinyin[chr(int(match.group(1), 16))] = match.group(2).split(",")[0]

    def apply(self, name, lines):
        return getattr(self, name)(lines)

    def clean(self, lines):
        return lines

    def spam(self, lines):
        for _ in range(self.rng.randint(1, 4)):
            lines.insert(self.rng.choice([0, len(lines), self.rng.randint(0, len(lines))]), self.rng.choice(SPAM))
        return lines

    def around(self, lines):
        return self.rng.sample(MENU, 4) + lines + self.rng.sample(MENU, 2) + self.rng.sample(IMPRINT, 3)

    def to_traditional(self, lines):
        return ["".join(self.traditional.get(c, c) for c in line) for line in lines]

    def readings(self, lines):
        """Traditional characters, some with their reading in brackets behind."""
        out = []
        for line in lines:
            text = ""
            for c in line:
                changed = self.traditional.get(c, c)
                text += changed
                if changed != c and c in self.pinyin and self.rng.random() < 0.4:
                    text += "(" + self.pinyin[c] + ")"
            out.append(text)
        return out

    def width(self, lines):
        return [line.translate({c: c - 0x20 + 0xFF00 for c in map(ord, "0123456789%.,")}) for line in lines]

    def blanks(self, lines):
        def spread(match):
            text = match.group(0)
            at = self.rng.randint(1, len(text) - 1)
            return text[:at] + " " + text[at:]
        return [re.sub(r"\d[\d.,]+", lambda m: spread(m) if self.rng.random() < 0.5
                       and not re.match(r"(19|20)\d\d$", m.group(0)) else m.group(0), line) for line in lines]

    def spaced(self, lines):
        """Blanks around every number, as programs set them."""
        return [re.sub(r"(\d[\d.,]*%?)", r" \1 ", line) for line in lines]

    def wrapped(self, lines):
        width = self.rng.randint(22, 44)
        out = []
        for line in lines:
            while len(line) > width:
                out.append(line[:width])
                line = line[width:]
            out += [line, ""]
        return out

    def mojibake(self, lines):
        """Two or three characters here and there in a wrong encoding."""
        out = []
        for line in lines:
            if len(line) > 30 and self.rng.random() < 0.6:
                places = [m.start() for m in re.finditer(r"教育|学校|工作|我们|坚持", line)]
                if places:
                    at = self.rng.choice(places)
                    piece = line[at:at + 2]
                    spoilt = piece.encode().decode("cp1252", "replace") if self.rng.random() < 0.5 \
                        else piece.encode("gb18030").decode("latin-1")
                    if "\ufffd" not in spoilt:
                        line = line[:at] + spoilt + line[at + 2:]
            out.append(line)
        return out

    def lost(self, lines):
        out = []
        for line in lines:
            for _ in range(len(line) // 60):
                at = self.rng.randint(0, len(line))
                line = line[:at] + self.rng.choice(["\ufffd", "\u200b", "\ufeff", "锟斤拷"]) + line[at:]
            out.append(line)
        return out

    def entities(self, lines):
        out = []
        for line in lines:
            text = "".join(f"&#{ord(c)};" if ord(c) > 127 and self.rng.random() < 0.05 else c for c in line)
            out.append(text.replace("“", "&ldquo;").replace("”", "&rdquo;").replace(" ", "&nbsp;"))
        return out

    def page(self, lines):
        """A page of HTML."""
        body = []
        for line in lines:
            text = html.escape(line)
            text = re.sub(r"(\d+)", lambda m: f"<b>{m.group(1)}</b>" if self.rng.random() < 0.2 else m.group(1), text)
            body.append(f"<p style=\"text-indent:2em\">&nbsp;&nbsp;{text}</p>")
        return ["<!DOCTYPE html>", f"<html><head><title>{lines[0]}_门户网站</title><style>p{{margin:12px}}</style>",
                "<script>var count = 3628; document.write('访问12345人次');</script></head><body>",
                "<ul class=nav><li><a href='/'>首页</a></li><li><a href='/x'>新闻</a></li></ul>", *body,
                "<div class=foot>版权所有 陇ICP备10200311号</div><!-- 招聘教师99名 -->", "</body></html>"]

    def twice(self, lines):
        long = [line for line in lines if len(line) > 40]
        if long:
            lines.insert(self.rng.randint(1, len(lines)), self.rng.choice(long))
        return lines


DAMAGES = [["clean"], ["spam", "around"], ["to_traditional", "around"], ["readings", "spam", "around"], ["width"], ["blanks"],
           ["spaced"], ["wrapped"], ["mojibake"], ["lost"], ["entities"], ["page"], ["page", "gb18030"], ["gb18030"],
           ["utf-16"], ["readings", "wrapped", "spam", "around"], ["twice"], ["entities", "page", "around"],
           ["blanks", "width", "around"], ["readings", "blanks", "spam", "around", "lost"]]


def make(seed, texts):
    rng = random.Random(seed)
    writer = Writer(rng, texts)
    writer.write()
    names = DAMAGES[seed % len(DAMAGES)]
    damage = Damage(rng)
    label = rng.choice(["发布时间：{}", "日期：{}", "来源：本站 发布日期：{} 点击：31次"])
    form = rng.choice(["%Y-%m-%d", "%Y年%m月%d日", "%Y/%m/%d"])
    lines = [writer.title, label.format(writer.published.strftime(form)), ""]
    lines += ["　　" + one for one in writer.paragraphs]
    # Traditional and spread text first, what stands around it behind.
    encoding = "utf-8"
    order = ["mojibake", "width", "blanks", "spaced", "twice", "to_traditional", "readings", "lost", "wrapped", "entities",
             "spam", "around", "clean", "page"]
    for name in sorted((n for n in names if n in order), key=order.index):
        lines = damage.apply(name, lines)
    if names[-1] in ("gb18030", "utf-16"):
        encoding = names[-1]
    return writer, "+".join(names), "\n".join(lines).encode(encoding, "replace")


def check(program, folder, writer, content):
    article, figures = os.path.join(folder, "article.txt"), os.path.join(folder, "figures.csv")
    with open(article, "wb") as out:
        out.write(content)
    text = io.StringIO()
    rows = csv.DictWriter(text, ["key", "zh", "unit", "value", "words"], lineterminator="\n")
    rows.writeheader()
    rows.writerows(writer.figures)
    with open(figures, "w", encoding="utf-8") as out:
        out.write(text.getvalue())
    run = subprocess.run([program, "figures", "check", article, "--figures", figures, "--json"], capture_output=True,
                         check=False)
    if run.returncode not in (0, 1):
        print(run.stderr.decode())
        sys.exit(f"{article}: exit code {run.returncode}")
    return json.loads(run.stdout)


def score(writer, answer, counts, damage, show):
    left = collections.Counter((value, unit) for value, unit, _ in writer.claims)
    verdicts = collections.defaultdict(list)
    for claim in answer["claims"]:
        key = (str(claim["value"]), claim["unit"])
        verdicts[key].append((claim["figure"], claim["verdict"]))
        counts["found"] += 1
        counts[damage, "found"] += 1
        if left[key] > 0:
            left[key] -= 1
            counts["right"] += 1
            counts[damage, "right"] += 1
        elif show:
            print(f"{damage}: not wanted {key} {claim['text']} | {claim['sentence'][:80]}")
    for key in left.elements():
        if show:
            print(f"{damage}: missing {key} {[c for c in writer.claims if c[:2] == key][0]}")
    counts["wanted"] += len(writer.claims)
    counts[damage, "wanted"] += len(writer.claims)
    for value, unit, tracked in writer.claims:
        if tracked is None:
            continue
        counts["tracked"] += 1
        got = verdicts[(value, unit)]
        if tracked in got:
            counts["verdicts right"] += 1
        else:
            wrong = [one for one in got if one[0] is not None]
            counts["verdicts wrong"] += bool(wrong)
            if show:
                print(f"{damage}: verdict of {value} {unit}: {got}, wanted {tracked}")
    got = {(str(one["total"]), "+".join(map(str, one["parts"])), one["holds"]) for one in answer["sums"]}
    counts["sums"] += len(writer.sums)
    counts["sums right"] += len(got & set(writer.sums))
    counts["sums extra"] += len(got - set(writer.sums))
    if show and got != set(writer.sums):
        print(f"{damage}: sums {got}, wanted {writer.sums}")
    counts["articles"] += 1
    counts["titles"] += answer["title"] == writer.title
    counts["days"] += answer["published"] == writer.published.isoformat()
    if show and answer["published"] != writer.published.isoformat():
        print(f"{damage}: day {answer['published']}, wanted {writer.published}")
    if show and answer["title"] != writer.title:
        print(f"{damage}: title {answer['title']}, wanted {writer.title}")


def measure(program, texts, options, name):
    counts = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        folder = options.keep or folder
        os.makedirs(folder, exist_ok=True)
        for seed in range(options.first_seed, options.first_seed + options.articles):
            writer, damage, content = make(seed, texts)
            answer = check(program, folder, writer, content)
            if options.show:
                print(f"-- seed {seed}")
            score(writer, answer, counts, damage, options.show)
    recall, precision = counts["right"] / counts["wanted"], counts["right"] / counts["found"]
    sums = counts["sums right"] / max(1, counts["sums"] + counts["sums extra"])
    print(f"{name}: {counts['articles']} articles, {counts['wanted']} claims: {recall:.2%} found, {precision:.2%} right; "
          f"{counts['sums']} sums: {sums:.2%} right; verdicts of {counts['tracked']} tracked: "
          f"{counts['verdicts right'] / max(1, counts['tracked']):.2%} right, {counts['verdicts wrong']} with a wrong figure; "
          f"titles {counts['titles']}, days {counts['days']}")
    if options.by_damage:
        for damage in sorted({key[0] for key in counts if isinstance(key, tuple)}):
            wanted = counts[damage, "wanted"]
            print(f"  {damage}: {counts[damage, 'right'] / wanted:.2%} of {wanted} found, "
                  f"{counts[damage, 'right'] / max(1, counts[damage, 'found']):.2%} right")
    return recall >= BOUND and precision >= BOUND and sums >= SUMS_BOUND


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--articles", type=int, default=120)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--set", choices=["seen", "later", "held-out", "all"], default="all")
    parser.add_argument("--keep")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--by-damage", action="store_true")
    options = parser.parse_args()
    print(f"first seed {options.first_seed}")
    if not os.path.exists(os.path.join(DATA, "hanzi")):
        print("no tables of characters under BAOXUE_DATA: nothing is made traditional, no readings are left in")
    good = True
    for name, texts in (("seen", articles_text.SEEN), ("later", articles_text.LATER), ("held-out", articles_text.HELD_OUT)):
        if options.set in (name, "all"):
            good = measure(options.program, texts, options, name) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
