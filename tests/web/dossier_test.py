#!/usr/bin/env python3
"""The dossier for an inspection over HTTP: made in the background, cancelled, taken by who may.

    dossier_test.py PROGRAM
"""
import io
import re
import sys
import unittest
import zipfile

from city import City
from client import Client


class Dossiers(City):
    def made_dossier(self, user, body, query=""):
        """The number of a dossier that somebody has made."""
        task = self.clients[user].await_task(self.ask(user, "POST", f"/api/dossiers{query}", body)["task"])
        self.assertEqual(task["state"], "done", task)
        return task["result"]["dossier"]

    def test_dossier(self):
        """One workbook of the asker's area: figures as told elsewhere, every sheet; no child's name; only who may export."""
        body = {"reason": "督导检查"}
        number = self.made_dossier("county", body)
        status, headers, sheet = self.clients["county"].send("POST", f"/api/dossiers/{number}/file")
        self.assertEqual(status, 200)
        self.assertIn("xlsx", headers["content-disposition"])
        with zipfile.ZipFile(io.BytesIO(sheet)) as book:
            names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
            whole = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
        self.assertEqual(names, ["封面", "指标", "按县区", "差距清单", "均衡差距", "台账汇总", "未销号案卷", "责任人和逾期",
                                 "已发布的指标"])
        self.assertIn(f"<v>{self.figure('county', 'enrolled_primary')['value']}</v>", whole)
        self.assertIn("督导检查", whole)
        for row in self.rows("county", "/api/cases?page_size=20"):
            self.assertFalse(row["person"] > 0 and f">{row['name']}<" in whole, row["case"])
        self.assertEqual(self.clients["county"].send("POST", "/api/dossiers?area=620000", body)[0], 403)
        self.assertEqual(self.clients["teacher"].send("POST", "/api/dossiers", body)[0], 403)
        self.assertEqual(self.clients["county"].send("POST", "/api/dossiers", {})[0], 400)
        # Taken again it is the same, and nobody else's; each time is on the trail, with the reason.
        self.assertEqual(self.clients["county"].send("POST", f"/api/dossiers/{number}/file")[2], sheet)
        self.ask("city", "POST", f"/api/dossiers/{number}/file", status=404)
        self.ask("teacher", "POST", f"/api/dossiers/{number}/file", status=403)
        trail = [(row["object"], row["reason"]) for row in self.rows("auditor", "/api/audit?user=county&page_size=500")
                 if row["object"].startswith("dossier")]
        self.assertEqual(sorted(trail), [("dossier", "督导检查")] + [(f"dossier {number}", "督导检查")] * 2)
        english = self.made_dossier("county", {**body, "lang": "en"})
        with zipfile.ZipFile(io.BytesIO(self.ask("county", "POST", f"/api/dossiers/{english}/file"))) as book:
            self.assertIn('name="open cases"', book.read("xl/workbook.xml").decode())

    def test_dossier_rights_of_now(self):
        """Who sees less than when it was made does not get it; who has four newer ones has lost the first."""
        self.server.add_user("mover", "county", self.county)
        mover = self.clients["mover"] = Client(self.server).enter("mover")
        number = self.made_dossier("mover", {"reason": "督导检查"})
        other = next(code for code in (self.first, self.second) if code[:6] == self.county)
        small = self.made_dossier("mover", {"reason": "督导检查"}, f"?area={other}")
        user = next(u for u in self.rows("security", "/api/users?page_size=500") if u["user"] == "mover")
        self.ask("security", "PUT", "/api/users/mover", {"display_name": "调动", "role": "county", "areas": [other],
                                                         "version": user["version"]})
        if mover.send("GET", "/api/session")[0] != 200:
            mover.enter("mover")
        self.ask("mover", "POST", f"/api/dossiers/{number}/file", status=403)
        self.ask("mover", "POST", f"/api/dossiers/{small}/file")
        for _ in range(4):
            last = self.made_dossier("mover", {"reason": "督导检查"})
        self.ask("mover", "POST", f"/api/dossiers/{small}/file", status=404)
        self.ask("mover", "POST", f"/api/dossiers/{last}/file")

    def test_dossier_cancelled(self):
        """One that waits ends at once, one that runs where it can stop; another's is not there; what ended cannot."""
        tasks = [self.ask("county", "POST", "/api/dossiers", {"reason": "督导检查"})["task"] for _ in range(3)]
        self.ask("city", "DELETE", f"/api/tasks/{tasks[2]}", status=404)
        for task in reversed(tasks):
            # The first may have been made meanwhile.
            self.assertIn(self.clients["county"].send("DELETE", f"/api/tasks/{task}")[0],
                          (200, 409) if task == tasks[0] else (200,))
        ended = [self.clients["county"].await_task(task) for task in tasks]
        self.assertEqual([task["state"] for task in ended[1:]], ["cancelled"] * 2)
        self.assertEqual([task["result"] for task in ended[1:]], [None, None])
        self.ask("county", "DELETE", f"/api/tasks/{tasks[2]}", status=409)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
