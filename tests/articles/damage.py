"""Damage that articles come with, of many kinds and by a seed: what stands in them stays what it was.

Each kind takes the text of an article and a random source and gives bytes, as they would lie in a file. No kind touches a
digit, a unit or a word of a claim, so that what an article states can still be read out of it; all that it adds is noise.
"""
import random

SPAM = ["最新小说免费阅读全文在线", "同城交友美女视频聊天室", "澳门新葡京官方网站注册送彩金", "国产精品视频一区二区三区", "办证刻章联系微信同号"]
MENU = ["首页", "机构概况", "信息公开", "政务服务", "互动交流", "专题专栏", "网站地图"]
# Readings that converters leave behind characters.
READINGS = {"学": "xué", "教": "jiào", "育": "yù", "师": "shī", "园": "yuán", "县": "xiàn", "资": "zī", "生": "shēng", "长": "zhǎng",
            "业": "yè", "年": "nián", "区": "qū", "书": "shū", "费": "fèi"}
ENTITIES = {"“": "&ldquo;", "”": "&rdquo;", "—": "&mdash;", "（": "&#65288;", "）": "&#65289;", "、": "&#12289;"}


def paragraphs(text):
    return [line for line in text.split("\n") if line.strip()]


def put_spam(text, rng):
    """Lines that are not the article's, between its paragraphs."""
    lines = paragraphs(text)
    for _ in range(rng.randint(2, 4)):
        lines.insert(rng.randint(1, len(lines)), rng.choice(SPAM))
    return "\n".join(lines) + "\n"


def put_readings(text, rng):
    """Readings in brackets behind characters, one in six of those that can have one; none inside a word with digits."""
    out = []
    for i, char in enumerate(text):
        out.append(char)
        beside = text[max(0, i - 1):i + 2]
        if char in READINGS and not any(c.isdigit() for c in beside) and rng.random() < 1 / 6:
            out.append(f"({READINGS[char]})")
    return "".join(out)


def put_entities(text, rng):
    """Entities, now and then doubled, and blanks of pages."""
    out = text
    for char, entity in ENTITIES.items():
        out = out.replace(char, entity if rng.random() < 0.6 else entity.replace("&", "&amp;"))
    return out.replace("\n", "\n&nbsp;&nbsp;")


def put_page(text, rng):
    """A whole page: menu, script, style, paragraphs in marks, a foot."""
    lines = paragraphs(text)
    mark = rng.choice(["p", "div"])
    body = "".join(f"<{mark} style=\"text-indent:2em\"><span>{line}</span></{mark}>\n" for line in lines[1:])
    menu = "".join(f'<li><a href="/c{i}.html">{word}</a></li>' for i, word in enumerate(MENU))
    return ("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>" + lines[0] + "</title><style>.a{width:100%;height:30px}"
            "</style><script>var hits=1234;document.write('56人');</script></head><body><ul class=\"nav\">" + menu + "</ul><h1>"
            + lines[0] + "</h1>\n" + body + "<div class=\"foot\">版权所有 备案号：某ICP备05001234号 网站标识码6200000001</div>"
            "<!-- 访问量 8888 人次 --></body></html>\n")


def break_lines(text, rng):
    """Lines broken after so many characters, as mail and PDF do; never inside a number with its unit."""
    out, width = [], rng.randint(28, 40)
    for line in paragraphs(text):
        start = 0
        while len(line) - start > width:
            cut = start + width
            while cut > start + 10 and (not "一" <= line[cut - 1] <= "鿿" or not "一" <= line[cut] <= "鿿"
                                        or any(c.isdigit() for c in line[max(start, cut - 6):cut + 2])):
                cut -= 1
            out.append(line[start:cut])
            start = cut
        out.append(line[start:])
    return "\n".join(out) + "\n"


def widen(text, rng):
    """Digits of full width, in some articles in part."""
    share = rng.choice([0.5, 1.0])
    out = []
    wide = rng.random() < share
    for i, char in enumerate(text):
        if not (char.isdigit() and char.isascii()):
            wide = rng.random() < share
        out.append(chr(ord(char) + 0xFEE0) if wide and char.isascii() and char.isdigit() else char)
    return "".join(out)


def hide(text, rng):
    """Characters that are not seen, between others; never inside a number."""
    out = []
    for i, char in enumerate(text):
        out.append(char)
        if not any(c.isdigit() for c in text[i:i + 2]) and char != "\n" and rng.random() < 0.05:
            out.append(rng.choice(["\u200b", "\ufeff", "\u00ad"]))
    return "".join(out)


def misread(text, encoding):
    """Text in UTF-8 that was read as another encoding and saved; None where that loses characters."""
    return text.encode("utf-8").decode(encoding)


def mojibake(text, rng):
    """Some paragraphs, not the first, as a reader of Western Europe would have saved them; where that reader has no
    character for a byte it kept the byte's number."""
    lines = paragraphs(text)
    for i in range(1, len(lines)):
        if rng.random() < 0.6:
            lines[i] = "".join(bytes([b]).decode("cp1252") if b not in (0x81, 0x8d, 0x8f, 0x90, 0x9d) else chr(b)
                               for b in lines[i].encode("utf-8"))
    return "\n".join(lines) + "\n"


def plain(text, rng):
    del rng
    return text


KINDS = {
    "plain": (plain, "utf-8"),
    "spam": (put_spam, "utf-8"),
    "readings": (put_readings, "utf-8"),
    "entities": (put_entities, "utf-8"),
    "page": (put_page, "utf-8"),
    "lines": (break_lines, "utf-8"),
    "width": (widen, "utf-8"),
    "invisible": (hide, "utf-8"),
    "mojibake": (mojibake, "utf-8"),
    "gb18030": (plain, "gb18030"),
    "utf16": (plain, "utf-16"),
}
# Kinds that come together, in the order in which they are applied.
PAIRS = [("readings", "spam"), ("entities", "page"), ("readings", "page"), ("width", "lines"), ("spam", "gb18030"),
         ("invisible", "width"), ("spam", "mojibake")]


def damaged(text, kinds, seed):
    """The bytes of the file."""
    rng = random.Random(f"{seed} {' '.join(kinds)} {text[:40]}")
    encoding = "utf-8"
    for kind in kinds:
        change, encoding_of = KINDS[kind]
        text = change(text, rng)
        if encoding_of != "utf-8":
            encoding = encoding_of
    return text.encode(encoding)


def all_kinds():
    return [(kind,) for kind in KINDS] + PAIRS
