"""A server with a small sample city and users of every level, for tests of pages."""
import csv
import os
import sys
import time
import unittest

from client import Client, Server

BINARY = sys.argv[1]


class Demo(unittest.TestCase):
    """One server for all tests, over a small sample city."""

    CHILDREN, SEED = "8000", "7"

    @classmethod
    def make(cls):
        """A server that is not started yet, over the city's workspace, without users; gives the city's folder."""
        cls.server = Server(BINARY, users=[("city", "city", "620400")])
        cls.server.process.terminate()
        cls.server.process.wait(timeout=60)
        cls.server.process.stdout.close()
        cls.server.log.close()
        folder = os.path.join(cls.server.folder, "demo")
        cls.server.run("demo", folder, "--children", cls.CHILDREN, "--seed", cls.SEED)
        cls.server.db = os.path.join(folder, "baoxue.db")
        cls.server.passwords = {}
        return folder

    @classmethod
    def enter(cls):
        """Starts the server, logs in all users, and waits for the first snapshot."""
        cls.server.start()
        cls.clients = {name: Client(cls.server).enter(name) for name in list(cls.server.passwords)}
        for _ in range(600):
            if cls.clients["city"].send("GET", "/api/summary")[2]["snapshot"]:
                break
            time.sleep(0.1)

    @classmethod
    def add_teacher(cls, school):
        cls.server.add_user("teacher", "school", school)
        cls.clients["teacher"] = Client(cls.server).enter("teacher")

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    @classmethod
    def ask(cls, user, method, path, body=None, status=200):
        got, _, content = cls.clients[user].send(method, path, body)
        if got != status:
            raise AssertionError(f"{user} {method} {path}: {got} {content}")
        return content

    @classmethod
    def rows(cls, user, path):
        return cls.ask(user, "GET", path)["rows"]


class City(Demo):
    """They read, and what they decide they take back."""

    @classmethod
    def setUpClass(cls):
        folder = cls.make()
        cls.county, cls.first, cls.second = cls.places(folder)
        for name, role, place in (("city", "city", cls.county[:4] + "00"), ("city2", "city", cls.county[:4] + "00"),
                                  ("county", "county", cls.county), ("finance", "finance", cls.county),
                                  ("first", "township", cls.first), ("second", "township", cls.second)):
            cls.server.add_user(name, role, place)
        cls.enter()
        school = next(s for s in cls.rows("city", "/api/schools?page_size=500")
                      if s["code"] and s["on_roll"] > 5)
        cls.school = school["code"]
        cls.add_teacher(cls.school)

    @staticmethod
    def places(folder):
        """The two townships where most children live, and the county of the first."""
        with open(os.path.join(folder, "truth", "people.csv"), encoding="utf-8-sig", newline="") as file:
            areas = [row["area"] for row in csv.DictReader(file) if len(row["area"]) >= 9]
        townships = sorted({a[:9] for a in areas}, key=lambda code: -sum(a[:9] == code for a in areas))
        return townships[0][:6], townships[0], townships[1]

    def figure(self, user, key, query=""):
        """One figure as somebody sees it."""
        status, _, found = self.clients[user].send("GET", f"/api/figures/{key}{query}")
        self.assertEqual(status, 200)
        return found
