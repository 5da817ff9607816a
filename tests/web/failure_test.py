#!/usr/bin/env python3
"""What a browser is told when the system fails: a sentence and a number; the log has the rest under that number.

    failure_test.py PROGRAM
"""
import contextlib
import json
import sqlite3
import sys
import unittest

from client import AREA, PUPILS, Client, Server

BINARY = sys.argv[1]


class Failures(unittest.TestCase):
    """A table is gone from the workspace, so that whatever asks for it fails."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(BINARY, users=[("county", "county", AREA)])
        cls.client = Client(cls.server).enter("county")

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def setUp(self):
        self.rename("batch", "batch_gone")

    def tearDown(self):
        self.rename("batch_gone", "batch")

    def rename(self, old, new):
        with contextlib.closing(sqlite3.connect(self.server.db)) as store:
            store.execute(f"ALTER TABLE {old} RENAME TO {new}")

    def check(self, error, place):
        """The error tells nothing of the machine, and its number leads to the one line that does."""
        text = json.dumps(error, ensure_ascii=False)
        self.assertNotIn(self.server.folder, text)
        self.assertNotIn(".db", text)
        number = error["number"]
        self.assertIn(str(number), error["zh"])
        self.assertIn(str(number), error["en"])
        lines = [line for line in self.server.log_text().splitlines() if str(number) in line]
        self.assertEqual(len(lines), 1, self.server.log_text())
        self.assertIn(self.server.db, lines[0])
        self.assertRegex(lines[0], place)
        return number

    def test_answers(self):
        seen = set()
        for _ in range(2):
            status, _, content = self.client.send("GET", "/api/imports")
            self.assertEqual(status, 500, content)
            self.assertEqual(content["error"]["kind"], "store")
            seen.add(self.check(content["error"], "GET /api/imports "))
        self.assertEqual(len(seen), 2)

    def test_tasks(self):
        status, _, made = self.client.upload([("学籍.csv", PUPILS.encode())])
        self.assertEqual(status, 200, made)
        done = self.client.await_task(made["task"])
        self.assertEqual(done["state"], "failed")
        self.check(done["error"], rf"task {made['task']} upload ")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:], verbosity=0)
