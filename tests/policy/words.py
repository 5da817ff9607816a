"""Students as files that schools send: the same rows in English and Chinese headings and words, some columns away,
in the encodings and with the separators that are read.
"""
import csv
import io

from reading import CATEGORIES, COLUMNS, MAJORS, STAGES

HEADINGS = {
    "id": ["编号"], "stage": ["学段"], "grade": ["年级"], "boarding": ["是否住校", "是否寄宿"], "categories": ["困难类别"],
    "school_county": ["学校所在县"], "home_county": ["户籍所在县"], "school_rural": ["农村学校", "是否农村学校"],
    "home_rural": ["农村户籍", "是否农村户籍"], "major_class": ["专业类别"], "fee_fen": ["核定学费分"],
}
STAGE_WORDS = dict(zip(STAGES, [["学前"], ["小学"], ["初中"], ["高中", "普通高中"], ["中职"], ["高职", "专科"], ["本科"], ["研究生"]]))
MAJOR_WORDS = dict(zip(MAJORS, [["普通"], ["农医"], ["艺术"], ["戏曲"]]))
CATEGORY_WORDS = dict(zip(CATEGORIES, [
    ["建档立卡"], ["监测对象"], ["农村低保"], ["城市低保"], ["农村特困"], ["城市特困"], ["孤儿"], ["残疾"], ["烈士子女"], ["困难认定"]]))
YES_NO = {"yes": ["是"], "no": ["否"]}


def translated(rng, column, value):
    """A Chinese word for the value; what has none stays."""
    if column == "categories" and value:
        words = dict(CATEGORY_WORDS, none=["无"])
        return ";".join(rng.choice(words[word]) for word in value.split(";"))
    words = {"stage": STAGE_WORDS, "major_class": MAJOR_WORDS, "boarding": YES_NO, "school_rural": YES_NO,
             "home_rural": YES_NO}.get(column, {})
    return rng.choice(words[value]) if value in words else value


class Layout:
    """How one file is written, drawn once: `chinese` 0 is English throughout, 1 Chinese throughout, between: both."""

    def __init__(self, rng):
        self.rng = rng
        self.chinese = rng.choice([0, 0, 1, 1, 0.5])
        self.columns = rng.sample(COLUMNS, len(COLUMNS)) if rng.random() < 0.5 else list(COLUMNS)
        self.encoding = rng.choice(["utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16"])
        self.separator = rng.choice([",", ",", ",", "\t", ";"])
        self.end = rng.choice(["\n", "\r\n"])

    def drop(self, students):
        """Leaves out a column or two, which makes them unknown for everybody."""
        for column in self.rng.sample(COLUMNS[2:], self.rng.choice([0, 0, 0, 1, 2])):
            self.columns.remove(column)
            for student in students:
                student[column] = ""

    def is_chinese(self):
        return self.rng.random() < self.chinese

    def bytes(self, students):
        text = io.StringIO()
        out = csv.writer(text, delimiter=self.separator, lineterminator=self.end)
        out.writerow([self.rng.choice(HEADINGS[c]) if self.is_chinese() else c for c in self.columns])
        for student in students:
            out.writerow([translated(self.rng, c, student[c]) if self.is_chinese() else student[c] for c in self.columns])
        return text.getvalue().encode(self.encoding)
