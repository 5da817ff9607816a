#!/usr/bin/env python3
"""Eligibility over HTTP: the same verdicts as `place eligible`, to each user those of the own area or school, numbers
masked until a reason is given, the public told no more than it may be, and every look on the trail.

    eligible_test.py PROGRAM
"""
import csv
import io
import os
import re
import sys
import time
import unittest
import zipfile

from city import Demo

YEAR = 2020
BASE = "/api/placing/eligible"
# Two of another school than all the others of the sample.
MORE = """考生号,姓名,身份证号,性别,年度,县区,毕业学校,科类,总分,申报专项,实际就读
20620422199001,赵一,620422200301010010,男,2020,会宁县,另一所中学,理工,500,国家专项,是
20620422199002,钱二,,男,2020,会宁县,另一所中学,理工,501,地方专项,是
"""


class Eligibility(Demo):
    CHILDREN, SEED = "9000", "5"

    @classmethod
    def setUpClass(cls):
        cls.make()
        more = os.path.join(cls.server.folder, "专项计划考生信息补充.csv")
        with open(more, "w", encoding="utf-8") as file:
            file.write(MORE)
        cls.server.run("import", more, "--at", "2020-11-25")
        told = cls.server.run("place", "eligible", "--year", str(YEAR), "--quiet").stdout
        cls.lines = list(csv.DictReader(io.StringIO(told)))
        cls.records = sorted({int(line["record"]) for line in cls.lines})
        counties = sorted({line["applicant"][2:8] for line in cls.lines})
        cls.counties = counties
        for name, role, place in (("city", "city", "620400"), ("here", "county", counties[0]),
                                  ("there", "county", counties[1]), ("town", "township", counties[0] + "101"),
                                  ("finance", "finance", counties[0]), ("admin", "system", None)):
            cls.server.add_user(name, role, place)
        cls.enter()
        schools = {line["school"] for line in cls.lines}
        found = [s for s in cls.ask("city", "GET", "/api/schools?page_size=500")["rows"] if s["name"] in schools]
        cls.school = found[0]
        cls.add_teacher(cls.school["code"])

    def applicants(self, user, query=""):
        rows, page = [], 1
        while True:
            answer = self.ask(user, "GET", f"{BASE}/applicants?year={YEAR}&page_size=500&page={page}{query}")
            rows += answer["rows"]
            page += 1
            if len(rows) >= answer["total"]:
                return rows

    @staticmethod
    def flat(rows):
        return sorted((row["record"], line["plan"]["key"], line["verdict"]["key"], "yes" if line["asked"] else "no",
                       line["missing"]["key"]) for row in rows for line in row["lines"])

    def test_the_verdicts_of_the_command(self):
        told = sorted((int(line["record"]), line["plan"], line["verdict"], line["asked"], line["needs"])
                      for line in self.lines)
        rows = self.applicants("city")
        self.assertEqual(self.flat(rows), told)
        self.assertEqual(len({line[2] for line in told}), 3)
        for verdict in ("eligible", "refused", "unknown"):
            for query, kept in (("", told), ("&asked=true", [line for line in told if line[3] == "yes"])):
                self.assertEqual(self.flat(self.applicants("city", f"&verdict={verdict}{query}")),
                                 [line for line in kept if line[2] == verdict])
        self.ask("city", "GET", f"{BASE}/applicants?plan=no_such_plan", status=400)

    def test_counts_are_those_of_rows(self):
        whole = self.ask("city", "GET", f"{BASE}?year={YEAR}")
        self.assertEqual(whole["year"], YEAR)
        for plan in whole["plans"]:
            key = plan["plan"]["key"]
            mine = [line for line in self.lines if line["plan"] == key]
            asked = [line for line in mine if line["asked"] == "yes"]
            self.assertEqual((plan["applicants"], plan["asked"]), (len(mine), len(asked)))
            for verdict in ("eligible", "refused", "unknown"):
                self.assertEqual(plan[verdict], sum(line["verdict"] == verdict for line in mine))
                self.assertEqual(plan["asked_" + verdict], sum(line["verdict"] == verdict for line in asked))
            for by in ("county", "school"):
                units = self.ask("city", "GET", f"{BASE}/units?year={YEAR}&by={by}&plan={key}&page_size=500")["rows"]
                self.assertEqual(sum(unit["unknown"] for unit in units), plan["unknown"])

    def test_each_sees_the_own_area(self):
        everybody = self.applicants("city")
        for user, county in (("here", self.counties[0]), ("there", self.counties[1])):
            own = self.applicants(user)
            self.assertEqual(self.flat(own), self.flat(row for row in everybody if row["area"] == county))
            self.assertEqual(self.flat(own), self.flat(self.applicants("city", f"&area={county}")))
        self.assertEqual(self.applicants("town"), [])
        own = self.applicants("teacher")
        self.assertEqual({row["school"] for row in own}, {self.school["name"]})
        self.assertEqual(self.flat(own), self.flat(row for row in everybody if row["school"] == self.school["name"]))
        self.ask("here", "GET", f"{BASE}?area={self.counties[1]}", status=403)
        self.ask("admin", "GET", BASE, status=403)

    def test_somebody_elsewhere_is_not_there(self):
        other = self.applicants("there")[0]
        for user in ("here", "town"):
            self.ask(user, "GET", f"{BASE}/applicants/{other['record']}", status=404)
        elsewhere = next(row for row in self.applicants("city") if row["school"] != self.school["name"])
        self.ask("teacher", "GET", f"{BASE}/applicants/{elsewhere['record']}", status=404)
        self.ask("here", "POST", f"{BASE}/applicants/{other['record']}/reveal", {"reason": "资格审查"}, status=404)
        self.assertEqual(self.ask("here", "POST", f"{BASE}/find", {"q": other["number"]})["rows"], [])
        found = self.ask("there", "POST", f"{BASE}/find", {"q": other["number"]})["rows"]
        self.assertEqual([row["record"] for row in found], [other["record"]])

    def facts(self, node):
        yield from [node] if node["kind"] == "fact" else []
        for part in node["parts"]:
            yield from self.facts(part)

    def test_evidence_names_rows(self):
        row = next(row for row in self.applicants("here", "&verdict=unknown") if row["person"])
        one = self.ask("here", "GET", f"{BASE}/applicants/{row['record']}")
        self.assertEqual(one["number"], row["number"])
        self.assertEqual(len(one["lines"]), 5)
        stated = [source for line in one["lines"] for fact in self.facts(line["why"]["reasons"])
                  for source in fact["sources"] if source["kind"] == "stated" and source["file"]]
        self.assertTrue(stated)
        for source in stated:
            self.assertTrue(source["row"] > 0 and len(source["since"]) == 10, source)
        unknown = next(line for line in one["lines"] if line["verdict"]["key"] == "unknown")
        self.assertTrue(all(need["holder_zh"] for need in unknown["why"]["needs"]))
        self.clients["here"].send("GET", f"{BASE}/applicants/{row['record']}")
        time.sleep(2)
        self.assertIn(f"candidate {row['record']}", self.server.run("audit", "--json").stdout)

    def test_numbers_are_masked_until_revealed(self):
        row = next(row for row in self.applicants("here") if row["id_number"])
        path = f"{BASE}/applicants/{row['record']}/reveal"
        self.assertIn("********", row["id_number"])
        self.ask("here", "POST", path, {}, status=400)
        whole = self.ask("here", "POST", path, {"reason": "资格审查核对"})["id_number"]
        self.assertEqual((whole[:6], whole[-4:], len(whole)), (row["id_number"][:6], row["id_number"][-4:], 18))
        self.assertIn("资格审查核对", self.server.run("audit", "--json").stdout)

    def test_conflicts(self):
        told = self.server.run("place", "eligible", "--year", str(YEAR), "--conflicts", "--quiet").stdout
        told = [(line["conflict"], line["applicant"], line["other"]) for line in csv.DictReader(io.StringIO(told))]
        answer = self.ask("city", "GET", f"{BASE}/conflicts?year={YEAR}&page_size=500")
        self.assertTrue(told)
        self.assertEqual([(row["kind"]["key"], row["number"], row["other"]) for row in answer["rows"]], told)
        counted = self.ask("city", "GET", f"{BASE}?year={YEAR}")["conflicts"]
        self.assertEqual(sum(kind["count"] for kind in counted), len(told))
        seen = [row for user in ("here", "there") for row in
                self.ask(user, "GET", f"{BASE}/conflicts?year={YEAR}&page_size=500")["rows"]]
        self.assertTrue(all(row["record"] is not None for row in seen))

    def test_findings_and_cases_are_told_in_words(self):
        """A key of a plan, a register or a step is no word for a clerk."""
        keys = re.compile(r"[a-z]{2,}[_.=][a-z0-9]")
        findings = self.ask("city", "GET", "/api/findings?page_size=500&kind=duty_late")["rows"]
        self.assertTrue(findings)
        for finding in findings:
            for lang in ("zh", "en"):
                self.assertIsNone(keys.search(finding["notes"][lang]), finding["notes"])
        cases = self.ask("city", "GET", "/api/cases?procedure=exam_twice")["rows"]
        self.assertTrue(cases)
        for row in cases[:5]:
            opened = self.ask("city", "GET", f"/api/cases/{row['case']}")["events"][0]["fields"]
            reason = next(field for field in opened if field["key"] == "reason")
            self.assertNotIn("=", reason["value"])
            self.assertIn("考生号：", reason["notes"]["zh"])
            self.assertIn("candidates: ", reason["notes"]["en"])

    def test_files(self):
        body = {"year": YEAR, "format": "csv", "reason": "资格公示"}
        told = list(csv.reader(io.StringIO(self.ask("city", "POST", f"{BASE}/public", body).decode("utf-8-sig"))))
        out = os.path.join(self.server.folder, "public.csv")
        self.server.run("place", "eligible", "--year", str(YEAR), "--by", "plan", "--public", out)
        with open(out, encoding="utf-8-sig", newline="") as file:
            self.assertEqual([row[:3] for row in told[1:]], [row[:3] for row in csv.reader(file)][1:])
        self.assertEqual(told[0], ["姓名", "学校", "报名县区", "专项"])
        self.assertFalse([row for row in told if "精准扶贫" in row[3]])
        self.ask("city", "POST", f"{BASE}/public", {"year": YEAR}, status=400)
        self.ask("teacher", "POST", f"{BASE}/public", body, status=403)
        sheet = self.ask("here", "POST", f"{BASE}/export", {"year": YEAR, "asked": True, "reason": "资格审查"})
        with zipfile.ZipFile(io.BytesIO(sheet)) as book:
            text = b"".join(book.read(name) for name in book.namelist()).decode()
        for row in self.applicants("here", "&asked=true"):
            self.assertIn(row["number"], text)
        self.assertNotIn(self.applicants("there", "&asked=true")[0]["number"], text)
        self.assertIn(f"eligibility {YEAR} area all", self.server.run("audit", "--json").stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
