#!/usr/bin/env python3
"""Pages over HTTP: who sees what of a small sample city, exports, decisions taken back, the trail of looks.

    pages_test.py PROGRAM
"""
import csv
import io
import json
import os
import re
import sys
import time
import unittest
import zipfile

from city import City
from client import Client


RUN = {
    "规则.yaml": """ties: [tie1]
batches:
  - {key: main, mode: parallel, choices_max: 3, majors_max: 2, ratio: "1.05"}
""",
    "计划.csv": """batch,plan,group,programme,quota,track,county
main,general,101,01,1,physics,
main,general,101,02,1,physics,
main,poverty,102,01,1,,COUNTY
""",
    "考生.csv": """applicant,track,county,total,tie1,plans
20001,physics,COUNTY,600,120,
20002,physics,OTHER,590,110,poverty
20003,physics,OTHER,590,110,
20004,physics,COUNTY,580,100,poverty
20005,history,COUNTY,500,90,
""",
    "志愿.csv": """applicant,batch,rank,group,majors,adjust
20001,main,1,101,01;02,no
20002,main,1,101,01,no
20003,main,1,101,01,yes
20004,main,2,101,02,no
20004,main,3,102,01,yes
20005,main,1,101,01,yes
""",
}

# A senior school of three seats, one for each of two junior schools. The first does not use its own, and nobody asks for what
# flows back.
ALLOTTED = {
    "规则.yaml": "batches:\n"
                 "  - {key: general, mode: parallel, choices_max: 2, majors_max: 0, ratio: \"1\"}\n"
                 "  - {key: allotted, of: general, mode: parallel, choices_max: 1, majors_max: 0, ratio: \"1\",\n"
                 "     allot: {least: \"0.5\", below: 100, rest: rest}}\n"
                 "  - {key: rest, of: general, mode: parallel, choices_max: 1, majors_max: 0, ratio: \"1\"}\n",
    "计划.csv": "batch,plan,group,programme,quota,track,county\ngeneral,general,101,01,3,,\n",
    "考生.csv": "applicant,track,county,total,plans,source\n"
                "20001,,COUNTY,600,,一初\n20002,,COUNTY,590,,二初\n20003,,COUNTY,580,,二初\n",
    "志愿.csv": "applicant,batch,rank,group,majors,adjust\n20001,general,1,101,,yes\n20002,allotted,1,101,,yes\n"
                "20003,general,1,101,,yes\n20003,allotted,1,101,,yes\n",
    "名额.csv": "batch,group,source,seats\nallotted,101,一初,1\nallotted,101,二初,1\n",
}


class Pages(City):
    def test_words_name_all_that_pages_say(self):
        words = self.ask("city", "GET", "/api/words")
        kinds = {w["key"] for w in words["finding_kinds"]}
        reasons = {w["key"] for w in words["reasons"]}
        for finding in self.rows("city", "/api/findings?page_size=500"):
            self.assertIn(finding["kind"], kinds)
            self.assertTrue(set(finding["reason"]) <= reasons)
        for name in ("queues", "statuses", "registers", "fields", "notes", "roles", "capabilities", "verdicts", "stages",
                     "actions"):
            self.assertTrue(words[name], name)
        client = self.clients["city"]
        tag = client.send("GET", "/api/words")[1]["etag"]
        self.assertEqual(client.send("GET", "/api/words", headers={"If-None-Match": tag})[0], 304)

    def test_findings_are_those_of_the_area(self):
        everybody = self.ask("city", "GET", "/api/findings?page_size=500")
        counted = 0
        for user, area in (("first", self.first), ("second", self.second)):
            own = self.ask(user, "GET", "/api/findings?page_size=500")
            self.assertTrue(all(row["area"].startswith(area) for row in own["rows"] if row["person"]))
            narrowed = self.ask("city", "GET", f"/api/findings?page_size=500&area={area}")
            self.assertEqual([r["finding"] for r in own["rows"]], [r["finding"] for r in narrowed["rows"]])
            counted += own["total"]
        self.assertLessEqual(counted, everybody["total"])
        self.assertGreater(everybody["total"], 0)
        self.ask("first", "GET", f"/api/findings?area={self.second}", status=403)
        self.ask("first", "GET", f"/api/summary?area={self.county}", status=403)

    def test_pages_add_up(self):
        whole = self.ask("city", "GET", "/api/findings?page_size=500")
        parts = []
        for page in range(1, whole["total"] // 7 + 2):
            parts += self.rows("city", f"/api/findings?page_size=7&page={page}")
        self.assertEqual(parts, whole["rows"])
        summary = self.ask("city", "GET", "/api/summary")
        self.assertEqual(sum(c["count"] for c in summary["findings"]), whole["total"])
        standings = sum(summary[k] for k in ("on_roll", "finished", "lawful", "reported_schooled", "not_enrolled"))
        self.assertEqual(standings, summary["expected"])
        self.assertEqual(sum(a["expected"] for a in summary["areas"]), summary["expected"])

    def test_a_person_elsewhere_is_not_there(self):
        surnames = ("zhang", "wang", "li", "liu", "chen", "yang", "zhao", "sun")
        own = {p["person"] for name in surnames for p in self.search("first", name)}
        others = {p["person"] for name in surnames for p in self.search("second", name)} - own
        self.assertTrue(own and others)
        refused = 0
        for person in sorted(others)[:20]:
            records = self.ask("second", "GET", f"/api/persons/{person}")["records"]
            if any(r["visible"] is False for r in records):
                continue
            self.ask("first", "GET", f"/api/persons/{person}", status=404)
            if not self.second.startswith(self.county):
                self.ask("county", "POST", f"/api/persons/{person}/reveal", {"reason": "试"}, status=404)
            refused += 1
        self.assertGreater(refused, 0)

    def search(self, user, text):
        return self.ask(user, "POST", "/api/search", {"q": text, "limit": 50})["persons"]

    def test_hidden_records_tell_register_and_area(self):
        hidden = seen = 0
        for user in ("county", "teacher", "first"):
            for text in ("zhang", "wang", "li", "liu", "chen"):
                for found in self.search(user, text)[:10]:
                    person = self.ask(user, "GET", f"/api/persons/{found['person']}")
                    for record in person["records"]:
                        if record["visible"]:
                            seen += 1
                            continue
                        hidden += 1
                        self.assertEqual(set(record), {"visible", "register", "area_name"})
        self.assertGreater(seen, 0)
        self.assertGreater(hidden, 0)

    def test_a_teacher_sees_the_own_school(self):
        schools = self.rows("teacher", "/api/schools")
        self.assertEqual([s["code"] for s in schools], [self.school])
        other = next(s["code"] for s in self.rows("city", "/api/schools?page_size=500")
                     if s["code"] not in ("", self.school))
        self.ask("teacher", "GET", f"/api/schools/{other}", status=404)
        summary = self.ask("teacher", "GET", "/api/summary")
        self.assertLess(summary["expected"], self.ask("city", "GET", "/api/summary")["expected"])
        self.ask("teacher", "GET", "/api/reviews", status=403)

    def test_numbers_are_masked_until_revealed(self):
        found = next(p for p in self.search("city", "wang") if p["id_number"])
        text = json.dumps(self.ask("city", "GET", f"/api/persons/{found['person']}"), ensure_ascii=False)
        revealed = self.ask("city", "POST", f"/api/persons/{found['person']}/reveal", {"reason": "家访"})
        for value in revealed["values"]:
            if len(value["value"]) > 4 and any(c.isdigit() for c in value["value"]):
                self.assertNotIn('"' + value["value"] + '"', text)
        self.ask("city", "POST", f"/api/persons/{found['person']}/reveal", {}, status=400)
        self.ask("finance", "POST", f"/api/persons/{found['person']}/reveal", {"reason": "试"}, status=403)
        history = self.ask("city", "GET", f"/api/persons/{found['person']}")["history"]
        self.assertEqual([(h["action"], h["reason"]) for h in history if h["action"] == "reveal"],
                         [("reveal", "家访")])

    def test_looking_is_on_the_trail(self):
        person = self.search("city", "li")[0]["person"]
        self.ask("city", "GET", f"/api/persons/{person}")
        for _ in range(100):
            history = self.ask("city", "GET", f"/api/persons/{person}")["history"]
            if any(h["action"] == "look" and h["user"] == "city" for h in history):
                return
            time.sleep(0.1)
        self.fail("the look was not written")

    def test_figures_are_counts_of_rows(self):
        """What is listed is what was counted; counties add up to the city; nobody sees another's area."""
        whole = self.figure("city", "enrolled_primary")
        self.assertGreater(int(whole["value"]), 0)
        self.assertEqual(int(whole["value"]), whole["rows"])
        self.assertEqual(sum(int(part["value"]) for part in whole["parts"]), int(whole["value"]))
        status, _, listed = self.clients["city"].send("GET", "/api/figures/enrolled_primary/rows?page_size=7&page=2")
        self.assertEqual((status, listed["total"]), (200, whole["rows"]))
        self.assertTrue(all("*" in row["id_number"] or not row["id_number"] for row in listed["rows"]))
        own = self.figure("county", "enrolled_primary")
        part = next(part for part in whole["parts"] if part["code"] == self.county[:6])
        self.assertEqual(own["value"], part["value"])
        self.assertEqual(self.figure("city", "enrolled_primary", f"?area={self.county[:6]}")["value"], part["value"])
        status, _, _ = self.clients["county"].send("GET", "/api/figures/enrolled_primary?area=620400")
        self.assertEqual(status, 403)
        self.assertEqual(self.clients["city"].send("GET", "/api/figures/no_such")[0], 404)
        names = self.rows("city", "/api/figures/names")
        self.assertEqual({row["figure"] for row in self.rows("city", "/api/figures")},
                         {row["figure"] for row in names})

    def test_parts_that_a_figure_has_not(self):
        """Only a figure about everyone has more than its rows: anything else is refused, and the server goes on."""
        for part in ("expected", "verified", "open"):
            self.ask("county", "GET", f"/api/figures/rotation_key_short/rows?part={part}", status=404)
            self.ask("county", "GET", f"/api/figures/enrolled_primary/rows?part={part}", status=404)
        self.ask("county", "GET", "/api/figures/children_out_of_school/rows?part=expected")

    def test_parts_in_public(self):
        """Townships and schools add up to the whole; in public no small part stands, nor can be computed from the rest."""
        for key in ("enrolled_primary", "suspected_not_attending", "suspected_not_enrolled"):
            for by in ("township", "school"):
                whole = self.figure("city", key, f"?by={by}")
                if not whole["parts"]:
                    continue
                self.assertEqual(sum(part["rows"] for part in whole["parts"]), whole["rows"])
                shown = self.figure("city", key, f"?by={by}&public=true")["parts"]
                hidden = [part["rows"] for part, public in zip(whole["parts"], shown) if public["withheld"]]
                self.assertTrue(all(public["value"] is None and public["rows"] is None
                                    for public in shown if public["withheld"]))
                self.assertTrue(all(part["rows"] in (0, *hidden) or part["rows"] >= 10 for part in whole["parts"]))
                if hidden and len(hidden) < sum(part["rows"] > 0 for part in whole["parts"]):
                    self.assertGreater(len(hidden), 1)
                    self.assertGreaterEqual(sum(hidden), 10)
        older = self.figure("city", "enrolled_primary", "?at=2019-01-01")
        self.assertEqual(older["at"], "2019-01-01")

    def test_a_figure_follows_a_record(self):
        """One pupil more between two requests is one more in the figure and in its list, and one less when taken back."""
        before = self.figure("city", "enrolled_primary")
        city = self.county[:4] + "00"
        path = os.path.join(self.server.folder, "学籍册.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write("姓名,出生日期,性别,学校标识码,学段,年级,区划代码,学籍状态\n"
                       f"周新来,2012-01-02,男,{self.school},小学,三年级,{self.first},在籍\n")
        self.server.run("figures", "publish", "enrolled_primary", "--at", before["at"], "--area", city)
        self.server.run("import", path, "--at", before["at"])
        self.server.run("figures", "publish", "enrolled_primary", "--at", before["at"], "--area", city)
        after = self.figure("city", "enrolled_primary")
        self.assertEqual(int(after["value"]), int(before["value"]) + 1)
        self.assertEqual(self.ask("city", "GET", "/api/figures/enrolled_primary/rows")["total"], after["rows"])
        self.assertEqual(int(self.figure("first", "enrolled_primary")["rows"]),
                         int(next(row["rows"] for row in self.rows("first", "/api/figures")
                                  if row["figure"] == "enrolled_primary")))
        second, first = self.rows("city", "/api/publications?figure=enrolled_primary")[:2]
        self.assertEqual((int(second["value"]), first["value"]), (int(before["value"]) + 1, before["value"]))
        between = f"/api/publications/{first['number']}/differences/{second['number']}"
        self.assertEqual([(row["change"], row["of"], row["why"]) for row in self.rows("city", between)],
                         [("added", "roll", "stated")])
        self.assertEqual(self.rows("county", "/api/publications"), [])
        self.ask("county", "GET", between, status=404)
        batch = max(int(line.split(",")[0]) for line in self.server.run("import", "list").stdout.splitlines()[1:])
        self.server.run("import", "undo", str(batch))
        self.assertEqual(self.figure("city", "enrolled_primary"), before)

    def test_publishing(self):
        """Who may take lists out freezes figures, all of those named or none; others and other areas are refused."""
        keys = [{"figure": "enrolled_primary"}, {"figure": "enrolled_junior"}]
        def publish(user, figures, status=200, query="", **more):
            return self.ask(user, "POST", f"/api/publications{query}", {"figures": figures, "reason": "核对", **more},
                            status=status)
        before = len(self.rows("county", "/api/publications"))
        made = publish("county", keys)["rows"]
        listed = self.rows("county", "/api/publications")
        self.assertEqual(listed[:2], made[::-1])
        self.assertEqual(len(listed), before + 2)
        for one in made:
            own = self.figure("county", one["figure"])
            self.assertEqual((one["value"], one["rows"], one["user"]), (own["value"], own["rows"], "county"))
        self.assertEqual(self.ask("county", "GET", f"/api/publications/{made[0]['number']}/differences/"
                                  f"{publish('county', keys[:1])['rows'][0]['number']}")["total"], 0)
        publish("county", keys + [{"figure": "no_such"}], status=404)
        publish("county", keys + keys[:1], status=400)
        publish("county", [], status=400)
        publish("county", keys, status=403, query=f"?area={self.county[:4]}00")
        publish("teacher", keys, status=403)
        self.assertEqual(len(self.rows("county", "/api/publications")), before + 3)

    def test_boards(self):
        """What a board says of a list is its rows; counties add up to the city; a county sees its own column only."""
        for board in ("kindergartens", "teachers", "cooperation", "standards"):
            whole = self.ask("city", "GET", f"/api/boards/{board}")
            self.assertTrue(whole["figures"], board)
            for i, one in enumerate(whole["figures"]):
                listed = self.ask("city", "GET", f"/api/figures/{one['figure']}/rows?page_size=5")
                self.assertEqual(listed["total"], one["rows"], one["figure"])
                values = [place["values"][i] for place in whole["places"] if place["values"][i] is not None]
                if one["unit"]["en"] not in ("%", "yuan") and values:
                    self.assertEqual(sum(int(value) for value in values), int(one["value"]), one["figure"])
            own = self.ask("county", "GET", f"/api/boards/{board}")
            self.assertLessEqual({place["code"] for place in own["places"]}, {self.county[:6]})
            column = next((place["values"] for place in whole["places"] if place["code"] == self.county[:6]), None)
            # Hours of training may be registered in another county, which only the city sees.
            for one, mine, citys in zip(whole["figures"], own["places"][0]["values"] if own["places"] else [], column or []):
                if "trainings" not in self.figure("city", one["figure"])["sources"]:
                    self.assertEqual(mine, citys, one["figure"])
        self.ask("city", "GET", "/api/boards/nothing", status=404)
        self.ask("county", "GET", f"/api/boards/teachers?area={self.county[:4]}00", status=403)
        self.ask("city", "GET", "/api/figures/subject_gaps")

    def test_requirements(self):
        """Gaps by children, most first; each rule's are as many as it says; what has a price costs lacking times it."""
        rules = self.rows("city", "/api/requirements")
        gaps = self.ask("city", "GET", "/api/requirements/gaps?page_size=500")
        self.assertEqual(gaps["total"], sum(rule["gaps"] for rule in rules))
        children = [row["concerned"] for row in gaps["rows"]]
        self.assertEqual(children, sorted(children, reverse=True))
        for rule in rules:
            listed = self.ask("city", "GET", f"/api/requirements/gaps?rule={rule['figure']}&page_size=500")
            self.assertEqual(listed["total"], rule["gaps"], rule["figure"])
            self.assertEqual(listed["total"], int(self.figure("city", rule["figure"])["value"]))
            if rule["cost"] is not None and listed["total"] <= 500:
                self.assertEqual(sum(float(row["cost"]) for row in listed["rows"]), float(rule["cost"]))
        self.ask("city", "GET", "/api/requirements/gaps?rule=aid_paid", status=404)
        self.ask("county", "GET", f"/api/requirements/gaps?area={self.county[:4]}00", status=403)

    def test_gaps_of_schools(self):
        """By pupils, most first; the counties' gaps are the city's; a county is judged only by who sees all of it."""
        whole = self.ask("city", "GET", "/api/standards")
        listed = self.ask("city", "GET", "/api/standards/gaps?page_size=500")
        self.assertGreater(whole["gaps"], 0)
        self.assertEqual(listed["total"], whole["gaps"])
        pupils = [row["pupils"] for row in listed["rows"]]
        self.assertEqual(pupils, sorted(pupils, reverse=True))
        for row in listed["rows"]:
            self.assertGreater(float(row["lacking"]), 0)
            self.assertLess(float(row["value"]), float(row["least"]))
        by_stage = [self.ask("city", "GET", f"/api/standards/gaps?stage={stage}")["total"]
                    for stage in ("primary", "junior")]
        self.assertEqual(sum(by_stage), whole["gaps"])
        by_indicator = [self.ask("city", "GET", f"/api/standards/gaps?indicator={word['key']}")["total"]
                        for word in whole["indicators"]]
        self.assertEqual(sum(by_indicator), whole["gaps"])
        own = self.ask("county", "GET", "/api/standards")
        narrowed = self.ask("city", "GET", f"/api/standards?area={self.county}")
        self.assertEqual(own, narrowed)
        self.assertEqual(own["counties"], [row for row in whole["counties"] if row["code"] == self.county[:6]])
        self.assertTrue(own["counties"])
        self.assertEqual(own["lines"], [row for row in whole["lines"] if row["code"] == self.county[:6]])
        for line in own["lines"]:
            gaps = self.rows("county", f"/api/standards/gaps?page_size=500&indicator={line['indicator']['key']}")
            self.assertEqual(line["below"], len(gaps))
            self.assertAlmostEqual(float(line["lacking"]), sum(float(row["lacking"]) for row in gaps), 2)
            self.assertEqual(line["raised"] > 0, any(stage["uneven"] for stage in line["stages"]))
        self.assertEqual(sum(line["below"] for line in own["lines"]), own["gaps"])
        small = self.ask("first", "GET", "/api/standards")
        self.assertEqual((small["counties"], small["lines"]), ([], []))
        self.ask("county", "GET", "/api/standards/gaps?area=620400", status=403)
        self.ask("city", "GET", "/api/standards?set=none", status=400)
        self.assertEqual(self.ask("city", "GET", "/api/standards/gaps?set=basic")["total"], 0)
        self.assertIn(None, [row["indicator"] for row in self.ask("city", "GET", "/api/standards?set=basic")["counties"]])

    def test_duty_to_exchange(self):
        """A number of a county is the teachers that it opens; schools sum to counties; who sees a part is not told."""
        whole = self.ask("city", "GET", "/api/placing/duty")
        teachers = self.rows("city", "/api/placing/duty/teachers?page_size=500")
        schools = self.rows("city", "/api/placing/duty/schools?page_size=500")
        self.assertTrue(whole["counties"])
        for row in whole["counties"]:
            for state in ("eligible", "not_yet", "unknown"):
                listed = self.ask("city", "GET", f"/api/placing/duty/teachers?area={row['code']}&state={state}")
                self.assertEqual(listed["total"], row[state])
            self.assertEqual(row["required"], -(-row["eligible"] * whole["share_percent"] // 100))
            self.assertEqual(row["lacking"], max(0, row["required"] - row["exchanged"]))
            own = [school for school in schools if school["county"] == row["name"]]
            for key in ("teachers", "eligible", "unknown", "exchanged", "key_exchanged"):
                self.assertEqual(sum(school[key] for school in own), row[key])
        self.assertGreater(sum(row["eligible"] for row in whole["counties"]), 0)
        self.assertGreater(sum(row["due"] for row in teachers), 0)
        own = self.ask("county", "GET", "/api/placing/duty")
        self.assertEqual(own["counties"], [row for row in whole["counties"] if row["code"] == self.county])
        self.assertEqual(self.ask("first", "GET", "/api/placing/duty")["counties"], [])
        for row in self.rows("teacher", "/api/placing/duty/teachers?page_size=500"):
            self.assertEqual(row["school_code"], self.school)
        earlier = self.ask("city", "GET", f"/api/placing/duty?year={whole['year'] - 1}")
        self.assertNotEqual(earlier["counties"], whole["counties"])
        self.ask("county", "GET", "/api/placing/duty?area=620400", status=403)
        self.ask("county", "GET", "/api/placing/duty/teachers?area=620400", status=403)

    def test_admissions_are_counted(self):
        """Each way to count has the same sum, which is the published figure; a county has its own."""
        total = self.ask("city", "GET", "/api/placing/admissions/total")
        for unit in ("year", "county", "school", "institution", "major"):
            rows = self.rows("city", f"/api/placing/admissions?by={unit}&page_size=500")
            self.assertEqual(sum(row["total"] for row in rows), total["total"]["total"])
            for i in range(len(total["plans"])):
                self.assertEqual(sum(row["plans"][i] for row in rows), total["total"]["plans"][i])
        for i, plan in enumerate(total["plans"]):
            if plan["key"] != "general":
                self.assertEqual(total["total"]["plans"][i],
                                 int(float(self.figure("city", f"admissions_{plan['key']}")["value"] or 0)))
        year = total["years"][0]
        one = self.ask("city", "GET", f"/api/placing/admissions/total?from_year={year}&to_year={year}")
        self.assertEqual(one["total"]["total"], next(row["total"] for row in self.rows("city", "/api/placing/admissions")
                                                     if row["name"] == str(year)))
        own = self.ask("county", "GET", "/api/placing/admissions/total")
        county = next(row for row in self.rows("city", "/api/placing/admissions?by=county") if row["code"] == self.county)
        self.assertEqual(own["total"]["total"], county["total"])
        self.ask("county", "GET", "/api/placing/admissions?area=620400", status=403)

    def keep(self, user, files, status=200, area=None):
        given = [("name", "2020年模拟投档"), ("area", area or self.county[:4] + "00")]
        other = self.county[:4] + ("21" if self.county[4:] != "21" else "22")
        content = [(name, text.replace("COUNTY", self.county).replace("OTHER", other).encode()) for name, text in files.items()]
        got, _, answer = self.clients[user].upload(content, given, "/api/placing/runs")
        self.assertEqual(got, status, answer)
        return answer

    def test_a_kept_run_answers_a_family(self):
        """Kept whole and sealed; who sees all of it reports and explains, a county its own, a township nothing."""
        run = self.keep("city", RUN)
        self.assertEqual([run[key] for key in ("applicants", "choices", "seats", "placed", "given", "violations")],
                         [5, 6, 3, 3, False, 0])
        path = f"/api/placing/runs/{run['run']}"
        self.assertEqual([row["run"] for row in self.rows("city", "/api/placing/runs")], [run["run"]])
        plans = self.rows("city", f"{path}/report")
        self.assertEqual([(row["plan"], row["seats"], row["placed"], row["free"]) for row in plans if row["seats"]],
                         [("general", 2, 2, 0), ("poverty", 1, 1, 0)])
        self.assertEqual(len(self.rows("city", f"{path}/report?by=programme")), 3)
        mine = self.ask("city", "POST", f"{path}/explain", {"applicant": "20002"})
        self.assertEqual((mine["placed"], mine["differs"], mine["rank"], mine["equal"]), (False, False, 2, 1))
        self.assertEqual([remedy["key"] for remedy in mine["choices"][0]["remedies"]], ["adjust", "points", "seats"])
        self.assertNotIn("20001", json.dumps(mine))
        self.assertNotIn("20003", json.dumps(mine))
        for receipt, found in ((mine["receipt"], True), (mine["receipt"].upper(), True), ("0" * 64, False), ("abc", False)):
            self.assertEqual(self.ask("city", "POST", f"{path}/receipt", {"receipt": receipt})["found"], found)
        for form, begins in (("pdf", b"%PDF-"), ("docx", b"PK")):
            status, _, letter = self.clients["city"].send("POST", f"{path}/letter",
                                                          {"applicant": "20002", "lang": "en", "format": form})
            self.assertEqual((status, letter[:len(begins)]), (200, begins))
        self.ask("city", "POST", f"{path}/explain", {"applicant": "29999"}, status=404)
        # A county: its own rows and applicants alone.
        self.assertTrue(self.rows("county", f"{path}/report?by=programme"))
        self.assertEqual({row["county"] for row in self.rows("county", f"{path}/report?by=programme")}, {self.county})
        self.assertTrue(self.ask("county", "POST", f"{path}/explain", {"applicant": "20004"})["placed"])
        self.ask("county", "POST", f"{path}/explain", {"applicant": "20002"}, status=404)
        self.ask("county", "POST", f"{path}/letter", {"applicant": "20002"}, status=404)
        self.ask("county", "DELETE", path, status=403)
        self.keep("county", RUN, status=403)
        for user in ("first", "teacher"):
            self.ask(user, "POST", f"{path}/explain", {"applicant": "20001"}, status=404)
        self.assertEqual(self.rows("teacher", "/api/placing/runs"), [])
        # What stands on disk is sealed, and what was asked is on the trail without a number.
        for name in (self.server.db, self.server.db + "-wal"):
            if os.path.exists(name):
                with open(name, "rb") as file:
                    self.assertNotIn(b"20002,physics", file.read())
        trail = self.server.run("audit").stdout
        self.assertIn("placing_explain", trail)
        self.assertNotIn("20002", trail)
        self.ask("city", "DELETE", path, status=204)
        self.ask("city", "GET", f"{path}/report", status=404)

    def test_a_given_result_is_verified(self):
        """A result that another office sent is held against the rules; files that are none are told."""
        result = "applicant,batch,group,programme,choice_rank,via\n20002,main,101,01,1,wish1\n"
        run = self.keep("city", {**RUN, "结果.csv": result})
        self.assertTrue(run["given"])
        self.assertGreater(run["violations"], 0)
        path = f"/api/placing/runs/{run['run']}"
        self.assertTrue(self.ask("city", "POST", f"{path}/explain", {"applicant": "20002"})["differs"])
        self.assertFalse(self.ask("city", "POST", f"{path}/explain", {"applicant": "20005"})["differs"])
        self.ask("city", "DELETE", path, status=204)
        without = {name: text for name, text in RUN.items() if name != "计划.csv"}
        self.assertIn("quota", self.keep("city", without, status=400)["error"]["zh"])
        self.assertIn("另一份", self.keep("city", {**RUN, "计划2.csv": RUN["计划.csv"]}, status=400)["error"]["zh"])
        self.assertIn("既不是", self.keep("city", {**RUN, "别的.csv": "a,b\n1,2\n"}, status=400)["error"]["zh"])
        self.assertEqual(self.rows("city", "/api/placing/runs"), [])

    def test_seats_given_to_junior_schools(self):
        """Allotments are a table like the others: kept, placed, verified, reported by junior school and explained."""
        run = self.keep("city", ALLOTTED)
        self.assertEqual([run[key] for key in ("placed", "violations")], [2, 0])
        path = f"/api/placing/runs/{run['run']}"
        schools = self.rows("city", f"{path}/allotments")
        self.assertEqual([[row[key] for key in ("source", "seats", "used", "flowed_back", "applicants", "placed")] for row in schools],
                         [["一初", 1, 0, 1, 1, 1], ["二初", 1, 1, 0, 2, 1]])
        seats = self.rows("city", f"{path}/allotments?by=allotment")
        self.assertEqual([(row["batch"], row["group"], row["source"], row["applicants"]) for row in seats],
                         [("allotted", "101", "一初", None), ("allotted", "101", "二初", None)])
        choices = self.ask("city", "POST", f"{path}/explain", {"applicant": "20003"})["choices"]
        self.assertEqual([choice["barred_by"] for choice in choices], ["", ""])
        self.assertIn("二初", choices[1]["allotted"]["zh"])
        self.assertEqual([remedy["key"] for remedy in choices[1]["remedies"]], ["points", "allotted"])
        self.ask("county", "GET", f"{path}/allotments", status=403)
        self.ask("city", "DELETE", path, status=204)
        without = {name: text for name, text in ALLOTTED.items() if name != "名额.csv"}
        self.assertIn("分配表", self.keep("city", without, status=400)["error"]["zh"])
        run = self.keep("city", RUN)
        self.assertEqual(self.rows("city", f"/api/placing/runs/{run['run']}/allotments"), [])
        self.ask("city", "DELETE", f"/api/placing/runs/{run['run']}", status=204)

    def test_an_article_is_checked(self):
        """A number that is right agrees; one that is not is told by how much, for who asks and by their area."""
        pupils = int(self.figure("city", "enrolled_primary")["value"])
        for said, verdict in ((pupils, "agrees"), (pupils + 5, "differs")):
            status, _, found = self.clients["city"].send(
                "POST", "/api/figures/check", {"text": f"全市小学在校学生{said}人。"})
            self.assertEqual(status, 200)
            self.assertEqual([(claim["verdict"], claim["ours"]) for claim in found["claims"]], [(verdict, pupils)])

    def test_a_decision_is_taken_back(self):
        row = self.rows("city", "/api/reviews?page_size=1")[0]
        path = f"/api/reviews/{row['pair']}"
        pair = self.ask("city", "GET", path)
        self.assertEqual(len(pair["fields"]), 8)
        self.assertTrue(pair["left_record"]["values"] and pair["right_record"]["values"])
        self.ask("city", "DELETE", path + "/decision", {"why": "无", "version": row["version"]}, status=409)
        self.ask("city", "POST", path + "/decision", {"verdict": "same", "version": 0}, status=400)
        self.ask("city", "POST", path + "/decision", {"verdict": "same", "why": "未看版本"}, status=400)
        decided = self.ask("city", "POST", path + "/decision", {"verdict": "different", "why": "双胞胎", "version": row["version"]})
        self.assertNotIn(row["pair"], [r["pair"] for r in self.rows("city", "/api/reviews?page_size=500")])
        self.assertEqual(self.rows("city", "/api/reviews?status=decided")[0]["why"], "双胞胎")
        self.assertEqual(self.clients["city"].await_task(decided["task"])["state"], "done")
        back = self.ask("city", "DELETE", path + "/decision", {"why": "看错了", "version": decided["version"]})
        self.assertEqual(self.rows("city", "/api/reviews?status=decided"), [])
        self.assertEqual(self.clients["city"].await_task(back["task"])["state"], "done")
        self.assertIn(row["pair"], [r["pair"] for r in self.rows("city", "/api/reviews?page_size=500")])

    def test_two_at_one_pair(self):
        """Who comes second is told both decisions, and the first holds until they have seen it."""
        row = self.rows("city", "/api/reviews?page_size=2")[1]
        path = f"/api/reviews/{row['pair']}/decision"
        mine = {"verdict": "same", "why": "电话核实", "version": row["version"]}
        first = self.ask("city", "POST", path, {**mine, "verdict": "visit", "why": "地址不明"})
        answer = self.ask("city2", "POST", path, mine, status=409)
        self.assertEqual(answer["error"]["kind"], "conflict")
        self.assertEqual(answer["yours"], {"verdict": "same", "why": "电话核实"})
        theirs = answer["theirs"]
        self.assertEqual((theirs["verdict"], theirs["why"], theirs["by"]), ("visit", "地址不明", "city"))
        self.assertEqual(theirs["version"], first["version"])
        self.ask("city2", "DELETE", path, {"why": "撤回", "version": row["version"]}, status=409)
        held = [r for r in self.rows("city2", "/api/reviews?status=decided") if r["pair"] == row["pair"]]
        self.assertEqual([(r["verdict"], r["version"]) for r in held], [("visit", first["version"])])
        second = self.ask("city2", "POST", path, {**mine, "version": theirs["version"]})
        last = self.ask("city2", "DELETE", path, {"why": "试完", "version": second["version"]})
        self.assertEqual(self.clients["city2"].await_task(last["task"])["state"], "done")
        open_row = self.ask("city", "GET", f"/api/reviews/{row['pair']}")
        self.assertEqual((open_row["verdict"], open_row["version"]), (None, last["version"]))

    def test_two_at_one_user(self):
        """Two who change one user: the second is told what stands there now and who wrote it."""
        self.server.add_user("changed", "township", self.first)
        seen = next(u for u in self.rows("security", "/api/users?page_size=500") if u["user"] == "changed")
        path = "/api/users/changed"
        first = {"display_name": "王一", "role": "township", "areas": [self.second], "version": seen["version"]}
        second = {"display_name": "王二", "role": "county", "areas": [self.county], "version": seen["version"]}
        now = self.ask("security", "PUT", path, first)
        answer = self.ask("security", "PUT", path, second, status=409)
        self.assertEqual((answer["theirs"]["display_name"], answer["theirs"]["by"]), ("王一", "security"))
        self.assertEqual([a["code"] for a in answer["theirs"]["areas"]], [self.second])
        self.assertEqual((answer["yours"]["display_name"], answer["yours"]["role"]), ("王二", "county"))
        self.assertEqual([a["code"] for a in answer["yours"]["areas"]], [self.county])
        answer = self.ask("security", "PUT", path + "/disabled", {"disabled": True, "version": seen["version"]},
                          status=409)
        self.assertEqual(answer["yours"], {"disabled": True})
        self.assertEqual(answer["theirs"]["disabled_ms"], 0)
        self.assertEqual(answer["theirs"]["version"], now["version"])
        self.ask("security", "PUT", path, {**second, "version": now["version"]})
        without = {key: value for key, value in second.items() if key != "version"}
        self.ask("security", "PUT", path, without, status=400)

    @staticmethod
    def cases_of(sheet):
        """Numbers of the cases in a case sheet, row by row from row 3."""
        with zipfile.ZipFile(io.BytesIO(sheet)) as book:
            text = book.read("xl/worksheets/sheet1.xml").decode()
        return [int(n) for n in re.findall(r'<c r="A(?:[3-9]|[1-9][0-9]+)"[^>]*><v>([0-9]+)</v>', text)]

    @staticmethod
    def filled(sheet, cells):
        """The same with cells filled in, as another program would write them."""
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(sheet)) as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                text = old.read(name).decode()
                for cell, value in cells.items() if name == "xl/worksheets/sheet1.xml" else ():
                    put = f'<c r="{cell}" t="inlineStr"><is><t>{value}</t></is></c>'
                    text, count = re.subn(rf'<c r="{cell}"(?: [^>/]*)?(?:/>|>.*?</c>)', put, text)
                    if count != 1:
                        raise AssertionError(cell)
                new.writestr(name, text)
        return out.getvalue()

    def unpack(self, user, sheet, status=200, path="read", **fields):
        got, _, content = self.clients[user].upload([("表.xlsx", sheet)], list(fields.items()),
                                                    f"/api/case-sheets/{path}")
        self.assertEqual(got, status, content)
        return content

    def test_case_sheets_hold_what_one_sees(self):
        everything = self.cases_of(self.ask("city", "POST", "/api/case-sheets", {}))
        named = {row["school"] for row in self.rows("city", "/api/cases?page_size=500") if row["step"]}
        codes = [school["code"] for school in self.rows("city", "/api/schools?page_size=500")
                 if school["code"] and school["name"] in named]
        self.server.add_user("principal", "school", codes[0])
        self.clients["principal"] = Client(self.server).enter("principal")
        for user in ("first", "principal"):
            seen = {row["case"] for page in range(1, 9)
                    for row in self.rows(user, f"/api/cases?page_size=500&page={page}")}
            packed = self.cases_of(self.ask(user, "POST", "/api/case-sheets", {}))
            self.assertTrue(packed)
            self.assertLessEqual(set(packed), seen)
            self.assertLess(len(packed), len(everything))
            self.assertEqual(packed, [n for n in everything if n in seen])
        township = self.ask("county", "POST", "/api/case-sheets", {"area": self.first})
        self.assertEqual(self.cases_of(township), self.cases_of(self.ask("first", "POST", "/api/case-sheets", {})))
        self.ask("county", "POST", "/api/case-sheets", {"position": "emperor"}, 400)
        self.ask("county", "POST", "/api/case-sheets", {"school": "no such school"}, 404)
        some = self.cases_of(self.ask("first", "POST", "/api/case-sheets", {"position": "principal"}))
        self.assertLess(len(some), len(everything))

    def test_a_case_sheet_comes_back(self):
        sheet = self.ask("first", "POST", "/api/case-sheets", {})
        number = self.cases_of(sheet)[0]
        story = f"/api/cases/{number}"
        before = self.ask("first", "GET", story)["version"]
        visit = {"K3": "2020-11-20", "L3": "home", "M3": "父亲", "O3": "promised", "K4": "2020-02-30"}
        mine = self.filled(sheet, visit)
        for _ in range(2):
            tried = self.unpack("first", mine, dry_run="true")
            self.assertEqual([row["result"] for row in tried["rows"]], ["taken", "refused"])
            self.assertIn("2020-02-30", tried["rows"][1]["why"]["zh"])
        self.assertEqual(self.ask("first", "GET", story)["version"], before)
        # Who does not see the case cannot write in it, and is told no more than that it is not there.
        for user in ("second", "teacher"):
            row = self.unpack(user, mine, dry_run="true")["rows"][0]
            self.assertEqual((row["result"], row["conflicts"]), ("refused", []))
        # Somebody writes in the case meanwhile: both sides are shown, and nothing is written.
        self.ask("county", "POST", f"{story}/events", {"action": "contact", "seen": before, "way": "phone",
                                                       "who": "母亲", "result": "undecided", "on": "2020-11-21"})
        row = self.unpack("first", mine)["rows"][0]
        self.assertEqual((row["result"], row["case"]), ("conflict", number))
        sides = {c["field"]: (c["yours"]["key"], c["theirs"]["key"], c["theirs"]["zh"]) for c in row["conflicts"]}
        self.assertEqual(sides["way"], ("home", "phone", "电话"))
        self.assertEqual(sides["who"], ("父亲", "母亲", "母亲"))
        self.assertEqual(self.ask("first", "GET", story)["version"], before + 1)
        rejected = self.unpack("first", mine, path="rejects")
        self.assertEqual(len(self.cases_of(rejected)), 2)
        # It is kept in spite of that; the same again adds nothing, and what is left is one row.
        kept = self.unpack("first", mine, keep=f"{row['sheet']}:{row['row']}")
        self.assertEqual((kept["rows"][0]["result"], kept["rows"][0]["version"]), ("taken", before + 2))
        self.assertEqual(self.unpack("first", mine)["rows"][0]["result"], "already")
        self.assertEqual(self.ask("first", "GET", story)["version"], before + 2)
        self.assertEqual(len(self.cases_of(self.unpack("first", mine, path="rejects"))), 1)
        self.unpack("first", mine, 400, keep="x")
        self.unpack("first", mine, 400, keep="其他表:3")
        self.unpack("first", b"no workbook", 400)
        got, _, _ = self.clients["first"].upload([("a.xlsx", mine), ("b.xlsx", mine)], (), "/api/case-sheets/read")
        self.assertEqual(got, 400)

    def ledger(self, user, key, area=""):
        asked = f"/api/ledgers?ledger={key}&page_size=500" + (f"&area={area}" if area else "")
        rows, page = [], 1
        while True:
            answer = self.ask(user, "GET", f"{asked}&page={page}")
            rows += answer["rows"]
            if len(rows) >= answer["total"] or not answer["rows"]:
                self.assertEqual(len(rows), answer["total"])
                return rows
            page += 1

    def test_ledgers_are_those_of_the_command(self):
        for key in ("children", "suspected", "dropout"):
            told = self.server.run("cases", "ledger", key, "--quiet").stdout
            numbers = [int(row["person"]) for row in csv.DictReader(io.StringIO(told))]
            self.assertEqual([row["person"] for row in self.ledger("city", key)], numbers)
        everybody = self.ledger("city", "children")
        self.assertTrue(all("*" in row["id_number"] for row in everybody if row["id_number"]))
        self.assertEqual(self.ledger("first", "children"), self.ledger("city", "children", self.first))
        self.assertEqual(self.ledger("second", "suspected"), self.ledger("city", "suspected", self.second))
        school = self.ask("teacher", "GET", f"/api/schools/{self.school}")["name"]
        own = self.ledger("teacher", "children")
        self.assertTrue(own)
        self.assertEqual({row["school"] for row in own}, {school})
        self.assertEqual({row["person"] for row in own},
                         {row["person"] for row in everybody if row["school"] == school})

    def test_ledgers_add_up(self):
        rows = self.ledger("city", "children")
        for by in ("county", "township", "village", "school"):
            answer = self.ask("city", "GET", f"/api/ledgers/units?ledger=children&by={by}")
            self.assertEqual(sum(unit["rows"] for unit in answer["units"]), len(rows))
            for standing in ("on_roll", "not_enrolled", "lawful"):
                self.assertEqual(sum(unit[standing] for unit in answer["units"]),
                                 sum(row["standing"]["key"] == standing for row in rows))
            for i, look in enumerate(answer["looks"]):
                self.assertEqual(sum(unit["looks"][i] for unit in answer["units"]),
                                 sum(look["key"] in [one["key"] for one in row["looks"]] for row in rows))
        body = {"ledger": "children", "by": "village", "reason": "report to the county"}
        sheet = self.ask("first", "POST", "/api/ledgers/export", body)
        with zipfile.ZipFile(io.BytesIO(sheet)) as book:
            text = b"".join(book.read(name) for name in book.namelist()).decode()
        mine = self.ledger("first", "children")
        self.assertTrue(mine)
        for row in mine:
            self.assertIn(row["name"], text)
        self.ask("first", "POST", "/api/ledgers/export", dict(body, reason=""), 400)
        self.ask("teacher", "POST", "/api/ledgers/export", body, 403)
        self.assertIn("ledger children area all", self.server.run("audit", "--json").stdout)

    def export(self, user, body):
        return self.clients[user].send("POST", "/api/findings/export", body)

    def test_exports(self):
        self.ask("city", "POST", "/api/findings/export", {"format": "csv"}, status=400)
        self.ask("finance", "POST", "/api/findings/export", {"reason": "试", "format": "csv"}, status=403)
        status, headers, content = self.export("county", {"reason": "分发", "format": "csv"})
        self.assertEqual(status, 200)
        self.assertIn("attachment", headers["content-disposition"])
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        self.assertEqual([int(r["finding"]) for r in rows],
                         [r["finding"] for r in self.rows("county", "/api/findings?page_size=500")])
        status, _, content = self.export("county", {"reason": "分发"})
        self.assertEqual((status, content[:2]), (200, b"PK"))

    def test_full_numbers_leave_with_four_eyes(self):
        body = {"reason": "上报", "format": "csv", "reveal": True, "kind": "roll_unknown"}
        status, _, content = self.export("city", body)
        self.assertEqual((status, content["error"]["kind"]), (409, "approval"))
        number = content["approval"]
        self.assertEqual(self.export("city", {**body, "approval": number})[0], 403)
        path = f"/api/approvals/{number}/decision"
        self.ask("city", "POST", path, {"grant": True, "why": "自己"}, status=403)
        self.ask("city2", "POST", path, {"grant": True, "why": "同意"})
        self.assertEqual(self.export("city", {**body, "kind": "enrolled_twice", "approval": number})[0], 403)
        status, _, content = self.export("city", {**body, "approval": number})
        self.assertEqual(status, 200)
        self.assertNotIn(b"********", content)
        self.assertEqual(self.export("city", {**body, "approval": number})[0], 403)

    def test_search_takes_anything(self):
        for text in ("", " ", "'; DROP TABLE person; --", "%", "<script>", "𠮷", "ｗａｎｇ", "王" * 60):
            status = self.clients["city"].send("POST", "/api/search", {"q": text})[0]
            self.assertIn(status, (200, 400), text)
        self.ask("city", "POST", "/api/search", {"q": "王", "limit": 51}, status=400)

    def test_administrators_see_no_children(self):
        for user in ("system", "security", "auditor"):
            for path in ("/api/summary", "/api/findings", "/api/persons/1", "/api/reviews", "/api/schools", "/api/areas"):
                self.ask(user, "GET", path, status=403)
            self.ask(user, "POST", "/api/search", {"q": "王"}, status=403)

    def test_places_are_chosen_without_seeing_children(self):
        """Who makes users goes down the divisions and finds schools, and counts nobody there."""
        self.ask("city", "GET", "/api/places/divisions", status=403)
        top = self.rows("security", "/api/places/divisions")
        by_code = {row["code"]: row for row in top}
        self.assertIn(self.first, by_code)
        self.assertTrue(all(row["parent"] is None or row["parent"] in by_code for row in top))
        below = self.rows("security", f"/api/places/divisions?below={self.first}")
        self.assertTrue(below and all(row["parent"] == self.first and not row["more"] for row in below))
        found = self.rows("security", f"/api/places/divisions?q={self.first}")
        self.assertTrue({self.first, self.county} <= {row["code"] for row in found})
        schools = self.rows("security", f"/api/places/schools?q={self.school}")
        self.assertEqual([set(row) for row in schools], [{"code", "name", "area_name"}])
        self.assertEqual(self.rows("security", "/api/places/schools?q=nowhere"), [])
        self.assertLessEqual(len(self.rows("security", "/api/places/schools")), 50)
        places = {role["key"]: role["place"] for role in self.ask("security", "GET", "/api/words")["roles"]}
        self.assertEqual((places["county"], places["school"], places["auditor"]), ("areas", "school", "none"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
