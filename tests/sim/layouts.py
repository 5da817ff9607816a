"""How offices lay their lists out: headings, orders, title rows, totals, file types. Each file draws its own.

Only the standard library: an xlsx is written part by part, an "xls" is HTML or tab text, as clerks have them.
"""
import csv
import html
import io
import os
import zipfile

# meaning -> headings seen for it; "!" marks what every layout of a register has.
HEADINGS = {
    "population": {"name!": ["姓名", "人员姓名", "姓  名", "公民姓名"], "id!": ["公民身份号码", "身份证号", "身份证号码", "证件号码", "身份号码"],
                   "sex": ["性别"], "nation": ["民族"], "birth!": ["出生日期", "出生年月", "出生年月日"], "household": ["户号", "户编号"],
                   "relation": ["与户主关系", "与户主的关系"], "head": ["户主姓名", "户主"], "head_id": ["户主身份证号", "户主身份证号码"],
                   "address": ["户籍地址", "住址", "家庭住址", "户口所在地"], "area": ["行政区划代码", "区划代码", "村代码"],
                   "township": ["乡镇", "乡(镇)", "所属乡镇"], "village": ["行政村", "村(社区)", "村委会"],
                   "guardian": ["监护人一姓名", "监护人姓名"], "guardian_id": ["监护人一身份证号", "监护人身份证号"],
                   "status!": ["户籍状态", "人员状态"]},
    "residents": {"name!": ["姓名"], "id!": ["身份证号", "公民身份号码"], "sex": ["性别"], "birth": ["出生日期"],
                  "origin": ["户籍所在地", "户籍地址"], "address!": ["居住地址", "现居住地址", "暂住地址"], "permit!": ["居住证号", "居住证编号"],
                  "township": ["乡镇街道"], "phone": ["联系电话"]},
    "door_survey": {"name!": ["姓名", "儿童姓名", "学生姓名"], "id!": ["身份证号", "身份证号码"], "birth": ["出生日期", "出生年月"], "sex": ["性别"],
                    "village": ["村(社区)", "村", "所在村社"], "township": ["乡镇"], "head": ["户主", "户主姓名"],
                    "survey_school!": ["就读学校", "现就读学校"], "survey_reason!": ["未就学原因", "未入学原因"], "visitor!": ["走访人", "摸排人"]},
    "roll": {"name!": ["学生姓名", "姓名"], "number": ["全国学籍号", "学籍号"], "id!": ["身份证件号", "身份证号", "身份证件号码"], "sex": ["性别"],
             "birth": ["出生日期", "出生年月"], "nation": ["民族"], "school_code": ["学校标识码"], "school!": ["学校名称", "就读学校", "学校"],
             "grade!": ["年级", "所在年级"], "class_name": ["班级"], "boarding": ["就读方式", "是否寄宿(住校/走读)"], "status!": ["学生状态", "学籍状态", "在籍状态"],
             "address": ["现住址", "家庭地址", "户口所在地"], "guardian": ["成员1姓名", "监护人姓名", "家长姓名"],
             "guardian_id": ["成员1身份证件号", "监护人身份证号"], "phone": ["联系电话", "家长电话"]},
    "attending": {"name!": ["姓名", "学生姓名"], "id!": ["身份证号", "身份证件号"], "number": ["学籍号"], "school!": ["学校", "学校名称"],
                  "grade!": ["年级"], "class_name": ["班级"], "present!": ["到校情况", "是否到校", "是否在校"], "absent_days!": ["缺勤天数"],
                  "counted": ["统计日期"]},
    "graduates": {"name!": ["姓名", "毕业生姓名"], "id!": ["身份证号"], "school!": ["毕业学校"], "date!": ["毕业年月", "毕业时间"], "stage!": ["学段", "毕业学段"]},
    "elsewhere": {"name!": ["姓名", "学生姓名"], "id!": ["身份证号码", "身份证号"], "birth": ["出生日期"], "province!": ["就读省份", "就读地(省)"],
                  "far_school!": ["就读学校", "外地就读学校"], "grade": ["年级"], "guardian": ["家长姓名"], "proof!": ["证明", "有无就读证明"]},
    "homebound": {"name!": ["姓名", "学生姓名"], "id!": ["身份证号"], "kind!": ["残疾类别", "残疾类型"], "degree!": ["残疾等级"],
                  "teaching_school!": ["送教学校"], "teacher!": ["送教教师"], "visits": ["每月次数", "每月送教次数"], "birth": ["出生年月"]},
    "deferred": {"name!": ["姓名"], "id!": ["身份证号"], "kind!": ["类型", "缓学/休学"], "term!": ["起止日期", "起止时间"],
                 "office!": ["批准机关", "审批单位"], "approval!": ["批准文号", "文号"]},
    "deaths": {"name!": ["姓名"], "id!": ["公民身份号码", "身份证号"], "death!": ["死亡日期", "死亡时间"], "cancelled": ["注销日期"], "sex": ["性别"], "birth": ["出生日期"]},
    "poverty": {"household!": ["户编号"], "person_code": ["人编号"], "name!": ["姓名"], "id!": ["证件号码", "身份证号码"], "relation!": ["与户主关系"],
                "kind!": ["户类型"], "birth": ["出生日期"], "township": ["乡(镇)"], "village": ["行政村", "村"], "school_status": ["在校生状况"], "sex": ["性别"]},
    "dibao": {"head!": ["户主姓名", "户主"], "head_id": ["户主身份证号"], "name!": ["家庭成员姓名", "保障对象姓名"], "id!": ["身份证号", "成员身份证号"],
              "relation": ["与户主关系"], "kind!": ["保障类别", "低保类别"], "since": ["开始享受时间"], "township": ["乡镇"], "village": ["村(社区)"]},
    "disabled": {"name!": ["姓名", "残疾人姓名"], "disability_number!": ["残疾人证号", "残疾证号"], "kind!": ["残疾类别"], "degree!": ["残疾等级"],
                 "since": ["发证日期"], "guardian": ["监护人"], "village": ["村(社区)"]},
}
# Of aid (aid.py): lists of another county, drawn with these.
AID_HEADINGS = {
    "roll": {**HEADINGS["roll"], "boarding!": HEADINGS["roll"]["boarding"], "school_code!": HEADINGS["roll"]["school_code"],
             "major!": ["专业类别"]},
    "poverty": {"household!": ["户编号"], "name!": ["姓名"], "id!": ["证件号码", "身份证号码"], "relation!": ["与户主关系"],
                "kind!": ["户类型"], "watch!": ["监测对象类别"], "identified": ["识别时间"], "removed": ["风险是否已消除"],
                "birth": ["出生日期"], "township!": ["乡(镇)", "乡镇"], "village!": ["行政村", "村"], "sex": ["性别"]},
    "dibao": {"head!": ["户主姓名", "户主"], "head_id": ["户主身份证号"], "name!": ["保障对象姓名", "家庭成员姓名"], "id!": ["身份证号", "成员身份证号"],
              "relation!": ["与户主关系"], "kind": ["低保类别"], "town_rural!": ["城乡"], "covered": ["保障人口"],
              "since": ["开始享受时间"], "township!": ["乡镇"], "village!": ["村(社区)"], "birth": ["出生日期"]},
    "destitute": {"name!": ["姓名"], "id!": ["身份证号"], "head": ["户主"], "kind!": ["保障类别"], "support!": ["供养方式"],
                  "township!": ["乡镇"], "village!": ["村"]},
    "orphans": {"name!": ["姓名", "儿童姓名"], "id!": ["身份证号"], "kind!": ["类型", "儿童类型"], "care!": ["养育方式"], "guardian": ["监护人"],
                "township!": ["乡镇"], "village": ["村"]},
    "disabled": {**HEADINGS["disabled"], "township!": ["乡镇"], "village!": ["村(社区)"]},
    "recognitions": {"name!": ["姓名", "学生姓名"], "number": ["学籍号"], "id!": ["身份证号"], "school!": ["学校", "学校名称"], "grade": ["年级"],
                     "year!": ["认定学年"], "level!": ["困难档次", "认定等级"], "basis": ["认定依据"]},
    "schools": {"school!": ["学校名称"], "school_code!": ["学校标识码"], "school_kind!": ["办学类型"], "township!": ["所在乡镇"], "place!": ["城乡"],
                "fee!": ["核定学费", "学期收费标准"], "students": ["学生数"], "teachers": ["教师数"]},
    "awards_paid": {"name!": ["学生姓名", "姓名"], "id!": ["身份证号", "身份证件号"], "number": ["学籍号"], "school!": ["学校", "学校名称"],
                    "grade": ["年级"], "scheme!": ["资助项目", "项目名称"], "period!": ["学年学期", "资助学期"], "amount!": ["金额", "实发金额", "资助金额"],
                    "paid_on": ["发放日期"], "serial": ["银行流水"]},
}
TITLES = {"population": "户籍人口信息表", "residents": "常住流动人口登记表", "door_survey": "控辍保学入户摸排表", "roll": "在籍学生信息表",
          "attending": "在校学生到校情况统计表", "graduates": "初中毕业生花名册", "elsewhere": "市外就读学生统计表", "homebound": "送教上门学生花名册",
          "destitute": "特困供养人员名册", "orphans": "孤儿和事实无人抚养儿童名册", "recognitions": "家庭经济困难学生认定名单",
          "schools": "学校名录", "awards_paid": "学生资助发放名单", "deferred": "缓学休学学生审批表", "deaths": "死亡注销人员名单", "poverty": "脱贫户家庭成员信息", "dibao": "低保对象花名册", "disabled": "持证残疾人名册"}
FILLERS = ["序号", "备注", "政治面貌", "健康状况", "曾用名", "国籍/地区"]


def date_text(value, style):
    return {0: f"{value:%Y-%m-%d}", 1: f"{value:%Y%m%d}", 2: f"{value.year}/{value.month}/{value.day}",
            3: f"{value.year}年{value.month}月{value.day}日", 4: f"{value.year}.{value.month}.{value.day}",
            5: f"{value:%Y.%m.%d}"}[style]


class Layout:
    """How one file looks: columns (meaning, heading), date form, rows around the table."""

    def __init__(self, rng, register, headings=None):
        self.rng, self.register = rng, register
        self.columns = []
        for meaning, words in (headings or HEADINGS)[register].items():
            if meaning.endswith("!") or rng.random() < 0.7:
                self.columns.append((meaning.rstrip("!"), self.heading(rng.choice(words))))
        rng.shuffle(self.columns)
        if not any(meaning in ("birth", "village", "township", "address", "school", "head", "number", "guardian")
                   for meaning, _ in self.columns) and "birth" in (headings or HEADINGS)[register]:
            self.columns.append(("birth", "出生日期"))
        for _ in range(rng.randrange(3)):
            self.columns.insert(rng.randrange(len(self.columns) + 1), (None, rng.choice(FILLERS)))
        self.date_style = rng.randrange(6)
        self.title, self.total, self.sign = rng.random() < 0.6, rng.random() < 0.4, rng.random() < 0.3

    def heading(self, word):
        draw = self.rng.random()
        if draw < 0.06:
            return word + "(必填)"
        if draw < 0.1:
            return " ".join(word)
        if draw < 0.13:
            return "*" + word
        return word

    def cell(self, row, meaning, number):
        if meaning is None:
            return str(number)
        defaults = {"permit": f"62{number:016d}", "visitor": "王干部", "proof": "有", "teacher": "李老师",
                    "office": "县教育局", "absent_days": "0", "counted": "2020-09-10", "cancelled": "",
                    "since": "2019-05-01", "identified": "2014", "care": "散居", "serial": f"20200914{number:08d}",
                    "school_kind": "学校", "students": "300", "teachers": "20", "person_code": f"{number:09d}", "visits": "4"}
        if meaning == "term":
            return f"{date_text(row['from'], 4)}-{date_text(row['to'], 4)}"
        value = row.get(meaning, defaults.get(meaning, ""))
        return date_text(value, self.date_style) if hasattr(value, "year") else str(value)

    def table(self, rows, title):
        """[(cells, entity or None)], the first rows title and header."""
        width = len(self.columns)
        lines = []
        if self.title:
            lines.append(([title] + [""] * (width - 1), None))
            if self.rng.random() < 0.5:
                lines.append((["填报单位：（盖章）"] + [""] * (width - 1), None))
        lines.append(([heading for _, heading in self.columns], None))
        for number, row in enumerate(rows, 1):
            lines.append(([self.cell(row, meaning, number) for meaning, _ in self.columns], row["entity"]))
        if self.total:
            lines.append((["合计", f"{len(rows)}人"][:width] + [""] * (width - 2), None))
        if self.sign:
            lines.append((["填表人：张三", "审核人：李四", "填表日期：2020年9月12日"][:width] + [""] * (width - 3), None))
        return lines


def column_letters(at):
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def xlsx_sheet(cells, shared, merged_title):
    out = ['<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>']
    for at, row in enumerate(cells, 1):
        out.append(f'<row r="{at}">')
        for column, text in enumerate(row):
            if text == "":
                continue
            reference = f"{column_letters(column)}{at}"
            if shared is not None:
                index = shared.setdefault(text, len(shared))
                out.append(f'<c r="{reference}" t="s"><v>{index}</v></c>')
            else:
                out.append(f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{html.escape(text)}</t></is></c>')
        out.append("</row>")
    out.append("</sheetData>")
    if merged_title and len(cells[0]) > 1:
        out.append(f'<mergeCells count="1"><mergeCell ref="A1:{column_letters(len(cells[0]) - 1)}1"/></mergeCells>')
    out.append("</worksheet>")
    return "".join(out)


def write_xlsx(path, sheets, rng):
    """sheets: [(name, [[cell]])]; shared or inline strings by chance."""
    shared = {} if rng.random() < 0.6 else None
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts, rels, types, names = {}, [], [], []
    for at, (name, cells) in enumerate(sheets, 1):
        merged = sum(1 for cell in cells[0] if cell) == 1
        parts[f"xl/worksheets/sheet{at}.xml"] = xlsx_sheet(cells, shared, merged)
        rels.append(f'<Relationship Id="rId{at}" Type="{office}/worksheet" Target="worksheets/sheet{at}.xml"/>')
        types.append(f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>')
        names.append(f'<sheet name="{html.escape(name)}" sheetId="{at}" r:id="rId{at}"/>')
    if shared is not None:
        items = "".join(f'<si><t xml:space="preserve">{html.escape(text)}</t></si>' for text in shared)
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{items}</sst>'
        rels.append(f'<Relationship Id="rId999" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>')
    parts["xl/workbook.xml"] = f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{"".join(names)}</sheets></workbook>'
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{package}/relationships">{"".join(rels)}</Relationships>'
    parts["_rels/.rels"] = f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    parts["[Content_Types].xml"] = f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{"".join(types)}</Types>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 9, 15, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)


def write_text(path, cells, separator, encoding, bom=False):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator="\r\n").writerows(cells)
    with open(path, "wb") as file:
        file.write((b"\xef\xbb\xbf" if bom else b"") + buffer.getvalue().encode(encoding))


def write_html(path, cells, encoding):
    rows = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>\n" for row in cells)
    text = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}"></head><body><table border=1>\n{rows}</table></body></html>'
    with open(path, "wb") as file:
        file.write(text.encode(encoding, "xmlcharrefreplace"))


def write_file(folder, stem, sheets, rng):
    """Writes one file of a kind drawn by chance; gives its name. sheets: [(name, [[cell]])]."""
    kind = rng.choices(["xlsx", "csv", "csv_bom", "csv_gb", "tab16", "html"], [40, 15, 15, 15, 5, 10])[0]
    if len(sheets) > 1:
        kind = "xlsx"
    path = os.path.join(folder, stem)
    cells = sheets[0][1]
    if kind == "xlsx":
        write_xlsx(path + ".xlsx", sheets, rng)
        return stem + ".xlsx"
    if kind == "tab16":
        write_text(path + ".xls", cells, "\t", "utf-16")
        return stem + ".xls"
    if kind == "html":
        write_html(path + ".xls", cells, rng.choice(["utf-8", "gb2312"]))
        return stem + ".xls"
    encoding = "gb18030" if kind == "csv_gb" else "utf-8"
    write_text(path + ".csv", cells, ",", encoding, bom=kind == "csv_bom")
    return stem + ".csv"
