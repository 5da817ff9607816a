#!/usr/bin/env python3
"""The web server as a stranger sees it: what may not be done is refused, and nothing brings it down.

    server_test.py BAOXUE
"""
import gzip
import http.client
import io
import json
import os
import re
import shutil
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from client import AREA, OTHER_AREA, PUPILS, SCHOOL, Client, Server  # noqa: E402

BINARY = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else "build/baoxue"
USERS = [("other", "county", OTHER_AREA), ("school", "school", SCHOOL), ("township", "township", AREA + "100"), ("county", "county", AREA),
         ("city", "city", "620400"), ("finance", "finance", AREA)]
ROLES = {"school": {"look", "import", "work"}, "township": {"look", "review", "export", "work"},
         "county": {"look", "reveal", "import", "review", "export", "work", "pay", "verify"},
         "city": {"look", "reveal", "import", "review", "export", "work", "pay", "verify"}, "finance": {"look", "work", "pay", "verify"},
         "auditor": {"audit", "verify"}, "security": {"users"}, "system": {"system"}}
HOST = b"Host: localhost\r\n"
HEALTH = b"GET /api/health HTTP/1.1\r\n" + HOST + b"\r\n"


def statuses(answer):
    return [int(code) for code in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answer)]


class Case(unittest.TestCase):
    """One server for all tests of the file, and one client logged in for each role."""

    server, clients = None, {}

    @classmethod
    def setUpClass(cls):
        if Case.server is None:
            Case.server = Server(BINARY, users=USERS)
            Case.clients = {role: Client(cls.server).enter(role) for role in ROLES}

    def no_files_left(self):
        """What is thrown away goes when the answer is sent."""
        for _ in range(100):
            if not os.listdir(self.server.db + ".uploads"):
                return
            time.sleep(0.05)
        self.assertEqual(os.listdir(self.server.db + ".uploads"), [])

    def healthy(self):
        status, _, body = Client(self.server).send("GET", "/api/health")
        self.assertEqual((status, body), (200, {"ok": True}))


class Framing(Case):
    """Two programs on the way must not read a request in two ways."""

    def refused(self, head, rest=b"", codes=(400,)):
        """One answer, an error, and the connection is over: what follows is not taken for a request."""
        answer = self.server.raw(b"POST /api/session HTTP/1.1\r\n" + head + b"\r\n" + rest + HEALTH)
        self.assertIn(statuses(answer)[0], codes, answer)
        self.assertNotIn(200, statuses(answer), answer)
        self.healthy()

    def test_length_and_coding(self):
        for name in (b"Transfer-Encoding", b"transfer-encoding"):
            self.refused(HOST + b"Content-Length: 5\r\n" + name + b": chunked\r\n", b"0\r\n\r\n")
            self.refused(HOST + name + b": chunked\r\nContent-Length: 5\r\n", b"0\r\n\r\n")

    def test_lengths(self):
        self.refused(HOST + b"Content-Length: 5\r\nContent-Length: 6\r\n", b"abcdef")
        self.refused(HOST + b"Content-Length: 5\r\nContent-Length: 5\r\n", b"abcde")
        for length in (b"5, 5", b"+5", b"0x5", b"-1", b"5 5"):
            self.refused(HOST + b"Content-Length: " + length + b"\r\n", b"abcde")

    def test_codings(self):
        for coding in (b"gzip, chunked", b"xchunked", b"identity", b"chunked, chunked", b"\x0bchunked"):
            self.refused(HOST + b"Transfer-Encoding: " + coding + b"\r\n", b"0\r\n\r\n")

    def test_names(self):
        self.refused(HOST + b"Content-Length : 5\r\n", b"abcde")
        self.refused(HOST + b"X[y]: 5\r\n")
        self.refused(HOST + b"X: a\rContent-Length: 5\r\n")

    def test_folded(self):
        """A folded line is read as one line, as a proxy reads it, or refused."""
        folded = b"POST /api/session HTTP/1.1\r\n" + HOST + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + HEALTH
        self.assertNotEqual(statuses(self.server.raw(folded))[0], 200)
        first = b"GET /api/health HTTP/1.1\r\n X: a\r\n" + HOST + b"\r\n"
        self.assertEqual(statuses(self.server.raw(first)), [400])

    def test_hosts(self):
        for head, code in ((b"", 400), (HOST + HOST, 400), (b"Host: evil.example\r\n", 421),
                           (b"Host: localhost@evil.example\r\n", 400), (b"Host: localhost/\r\n", 400)):
            answer = self.server.raw(b"GET /api/health HTTP/1.1\r\n" + head + b"\r\n")
            self.assertEqual(statuses(answer)[0], code, (head, answer))

    def test_pipelined(self):
        self.assertEqual(statuses(self.server.raw(HEALTH * 5)), [200] * 5)

    def test_chunks(self):
        head = b"POST /api/session HTTP/1.1\r\n" + HOST + \
            b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        body = b'{"user":"nobody","password":"x"}'
        whole = head + b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
        self.assertEqual(statuses(self.server.raw(whole)), [401])
        for size in (b"FFFFFFFFFFFFFFFFF", b"-1", b"0x5", b""):
            self.assertNotIn(200, statuses(self.server.raw(head + size + b"\r\nabcde\r\n0\r\n\r\n" + HEALTH)))
        self.healthy()

    def test_garbage(self):
        for data in (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"\0" * 100, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
                     b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"A" * 100000):
            self.assertNotIn(200, statuses(self.server.raw(data, wait=1)))
        self.healthy()


class Paths(Case):
    def test_traversal(self):
        for path in ("/../../etc/passwd", "/assets/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
                     "/assets/%2e%2e%2f%2e%2e%2fetc/passwd", "/..%5c..%5cetc%5cpasswd", "/assets/..%00/x",
                     "//etc/passwd", "/assets//etc/passwd", "/%c0%ae%c0%ae/etc/passwd", "/console/dist/index.html",
                     "/assets/..;/x", "/baoxue.db.key", "/policies/national/fields.yaml"):
            answer = self.server.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            self.assertNotIn(b"root:", answer)
            self.assertIn(statuses(answer)[0], (200, 400, 404), answer)
            if statuses(answer)[0] == 200:  # a page of the console, whatever its address
                self.assertIn(b"<!doctype html>", answer.lower())

    def test_methods(self):
        for method in ("TRACE", "CONNECT", "OPTIONS", "PATCH", "get", "X" * 40):
            answer = self.server.raw(f"{method} /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            self.assertNotIn(200, statuses(answer), method)
        status, headers, _ = Client(self.server).send("DELETE", "/api/health")
        self.assertEqual((status, headers["allow"]), (405, "GET"))

    def test_headers_of_answers(self):
        for path in ("/", "/api/health", "/api/session", "/api/nothing", "/nothing.js"):
            _, headers, _ = Client(self.server).send("GET", path)
            self.assertIn("default-src 'none'", headers["content-security-policy"])
            self.assertNotIn("unsafe", headers["content-security-policy"])
            self.assertEqual(headers["x-content-type-options"], "nosniff")
            self.assertEqual(headers["referrer-policy"], "no-referrer")
            self.assertEqual(headers["x-frame-options"], "DENY")
            if path.startswith("/api"):
                self.assertTrue(headers["content-type"].startswith("application/json"))
                self.assertEqual(headers["cache-control"], "no-store")
        nonces = {re.search("nonce-([0-9a-f]+)", Client(self.server).send("GET", "/")[1]["content-security-policy"] or "")
                  for _ in range(2)}
        self.assertTrue(len(nonces) == 2 or nonces == {None})

    def test_packed_and_unchanged(self):
        client = Client(self.server)
        _, _, plain = client.send("GET", "/api/openapi.json")
        headers, packed = self.packed(client)
        self.assertEqual(json.loads(gzip.decompress(packed)), plain)
        status, _, body = client.send("GET", "/api/openapi.json", headers={"If-None-Match": headers["etag"]})
        self.assertEqual((status, body), (304, b""))

    def packed(self, client):
        connection = http.client.HTTPConnection("127.0.0.1", client.server.port)
        connection.request("GET", "/api/openapi.json", headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        content = answer.read()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        connection.close()
        self.assertEqual(headers["content-encoding"], "gzip")
        return headers, content


class Sizes(Case):
    def test_addresses_and_headers(self):
        for path, code in (("/" + "a" * 5000, 414), ("/" + "a" * 100000, 414)):
            answer = self.server.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            self.assertEqual(statuses(answer)[:1], [code])
        long = b"GET /api/health HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 100000 + b"\r\n\r\n"
        self.assertEqual(statuses(self.server.raw(long))[:1], [431])
        many = b"GET /api/health HTTP/1.1\r\n" + HOST + b"X: a\r\n" * 200 + b"\r\n"
        self.assertEqual(statuses(self.server.raw(many))[:1], [431])

    def test_bodies(self):
        client = Client(self.server)
        status, _, _ = client.send("POST", "/api/session", {"user": "a" * (2 << 20), "password": "x"})
        self.assertEqual(status, 413)
        status, _, _ = client.send("POST", "/api/nothing", {"user": "a" * (2 << 20), "password": "x"})
        self.assertEqual(status, 404)
        head = b"POST /api/session HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
        answer = self.server.raw(head + b"Content-Length: 99999999999\r\n\r\n")
        self.assertEqual(statuses(answer), [413])
        chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
        answer = self.server.raw(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 30 + b"0\r\n\r\n")
        self.assertIn(statuses(answer)[:1], ([413], []))
        self.healthy()

    def test_json(self):
        for body in (b"", b"[]", b"{", b"nul", b'{"user":1,"password":"x"}', b'{"user":"a","user":"b","password":"x"}',
                     b'{"user":"a\\u0000b","password":"x"}', b'{"user":"\xff","password":"x"}', b"[" * 10000,
                     b'{"user":"a","password":"x","more":1}', b'{"user":"","password":""}',
                     b'{"user":"a\\u0007","password":"x"}', b'{"user":{"$gt":""},"password":"x"}'):
            status, headers, _ = Client(self.server).send("POST", "/api/session", raw_body=body,
                                                          headers={"Content-Type": "application/json"})
            self.assertIn(status, (400, 413), body)
            self.assertEqual(headers["x-content-type-options"], "nosniff")
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", None):
            status, _, _ = Client(self.server).send("POST", "/api/session", raw_body=b'{"user":"a","password":"x"}',
                                                    headers={"Content-Type": kind})
            self.assertEqual(status, 415, kind)

    def test_slow_clients(self):
        """Half-sent requests keep nobody waiting, and those who send a byte now and then are ended."""
        slow = [socket.create_connection(("127.0.0.1", self.server.port)) for _ in range(200)]
        for connection in slow:
            connection.sendall(b"GET /api/health HTTP/1.1\r\nHost: loc")
        began = time.monotonic()
        self.healthy()
        self.assertLess(time.monotonic() - began, 5)
        began = time.monotonic()
        watched = slow[0]
        watched.settimeout(0.1)
        ended = False
        while not ended and time.monotonic() - began < 60:
            try:
                watched.sendall(b"a")
                time.sleep(0.4)
                ended = watched.recv(100) == b""
            except socket.timeout:
                pass
            except OSError:
                ended = True
        self.assertTrue(ended, "a slow client keeps its connection")
        self.assertLess(time.monotonic() - began, 45)
        for connection in slow:
            connection.close()
        self.healthy()


class Sessions(Case):
    def test_tokens_and_origins(self):
        client = self.clients["county"]
        path, body = "/api/session/second-factor", None
        good = client.token
        for headers in ({"X-Baoxue-Token": None}, {"X-Baoxue-Token": "0" * 64}, {"X-Baoxue-Token": ""},
                        {"X-Baoxue-Token": good + "0"}, {"X-Baoxue-Token": self.clients["city"].token}):
            status, _, answer = client.send("POST", path, body, headers=headers)
            self.assertEqual((status, answer["error"]["kind"]), (403, "token"), headers)
        for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
                        {"Sec-Fetch-Site": "same-site"}, {"Origin": f"https://127.0.0.1:{self.server.port}"},
                        {"Origin": "http://127.0.0.1:1"}):
            status, _, answer = client.send("POST", path, body, headers=headers)
            self.assertEqual((status, answer["error"]["kind"]), (403, "denied"), headers)
        for headers in ({"Origin": f"http://127.0.0.1:{self.server.port}"}, {"Sec-Fetch-Site": "same-origin"}, {}):
            status, _, _ = client.send("POST", path, body, headers=headers)
            self.assertEqual(status, 200, headers)

    def test_cookie(self):
        client = Client(self.server)
        status, headers, _ = client.send("POST", "/api/session",
                                         {"user": "city", "password": self.server.passwords["city"]})
        self.assertEqual(status, 200)
        for word in ("HttpOnly", "SameSite=Strict", "Path=/"):
            self.assertIn(word, headers["set-cookie"])
        self.assertNotIn("Domain", headers["set-cookie"])
        self.assertNotIn("Max-Age", headers["set-cookie"])

    def test_fixation(self):
        """A session that somebody else put into the browser is not the one after log-in; of two cookies
        none is taken; log-out ends the session for good."""
        planted = "ab" * 32
        client = Client(self.server)
        client.cookie = planted
        self.assertEqual(client.send("GET", "/api/session")[0], 401)
        client.log_in("city", self.server.passwords["city"])
        self.assertNotEqual(client.cookie, planted)
        self.assertEqual(client.send("GET", "/api/session", headers={"Cookie": f"baoxue_session={planted}"})[0], 401)
        both = f"baoxue_session={planted}; baoxue_session={client.cookie}"
        self.assertEqual(client.send("GET", "/api/session", headers={"Cookie": both})[0], 401)
        self.assertEqual(client.send("GET", "/api/session")[0], 200)
        self.assertEqual(client.send("DELETE", "/api/session")[0], 200)
        self.assertEqual(client.send("GET", "/api/session")[0], 401)

    def test_one_time_password(self):
        """Whoever has not chosen a password of their own can do nothing else."""
        self.server.add_user("fresh", "county", AREA)
        client = Client(self.server)
        self.assertEqual(client.log_in("fresh", self.server.passwords["fresh"])[0], 200)
        status, _, answer = client.send("GET", "/api/uploads/1")
        self.assertEqual((status, answer["error"]["kind"]), (403, "password"))
        least = client.send("GET", "/api/session")[2]["password_characters_min"]
        words = "越山 tall 8 牛 quiet river"
        for fresh, wanted in ((words[:least - 1], 400), (words[:least], 200)):
            status, _, _ = client.send("PUT", "/api/session/password",
                                       {"old": self.server.passwords["fresh"], "new": fresh})
            self.assertEqual(status, wanted, fresh)

    def test_timing(self):
        """An unknown user takes as long as a wrong password, in the same words."""
        self.server.add_user("known", "county", AREA)
        took, answers = {}, {}
        for name in ("known", "unknown"):
            times = []
            for attempt in range(4):
                began = time.perf_counter()
                status, _, answer = Client(self.server).send("POST", "/api/session",
                                                             {"user": name, "password": f"wrong-{attempt}"})
                times.append(time.perf_counter() - began)
                self.assertEqual(status, 401)
                answers[name] = answer
            took[name] = statistics.median(times)
        self.assertEqual(answers["known"], answers["unknown"])
        self.assertLess(max(took.values()), 3 * min(took.values()), took)

    def test_lock(self):
        self.server.add_user("guessed", "county", AREA)
        for _ in range(5):
            status, _, _ = Client(self.server).send("POST", "/api/session", {"user": "guessed", "password": "wrong"})
        status, _ = Client(self.server).log_in("guessed", self.server.passwords["guessed"])
        self.assertEqual(status, 429)


class Rights(Case):
    """Every route with every role, from the description that the server gives of itself."""

    def routes(self):
        _, _, description = Client(self.server).send("GET", "/api/openapi.json")
        for path, methods in description["paths"].items():
            for method, row in methods.items():
                yield method.upper(), path, row

    @staticmethod
    def example(path):
        return re.sub(r"\{[^}]*\}", "999999999", path)

    @staticmethod
    def value_of(schema):
        """A value of the right form, so that it is not the form that is refused."""
        if "enum" in schema:
            return schema["enum"][0]
        if schema.get("format") == "date":
            return "2020-09-15"
        return {"string": "x", "integer": 1, "boolean": False, "array": []}[schema["type"]]

    def values_of(self, row, kind):
        content = row.get("requestBody", {}).get("content", {})
        if kind not in content:
            return None
        schema = content[kind]["schema"]
        return {name: self.value_of(schema["properties"][name]) for name in schema.get("required", [])}

    def send(self, client, method, path, row, **given):
        form = self.values_of(row, "multipart/form-data")
        if form is not None:
            form.pop("file", None)
            return client.upload([("a.csv", b"x")], list(dict(form, **given).items()), path=self.example(path))
        query = {one["name"]: self.value_of(one["schema"]) for one in row["parameters"]
                 if one["in"] == "query" and one["required"]}
        body = self.values_of(row, "application/json") if method != "GET" else None
        if any(one["name"] in given for one in row["parameters"]):
            query.update(given)
        elif given:
            body = dict(body or {}, **given)
        return client.send(method, self.example(path) + ("?" + urllib.parse.urlencode(query) if query else ""), body)

    def test_every_route_says_who(self):
        count = 0
        for method, path, row in self.routes():
            count += 1
            self.assertIn(row["x-capability"], {"public", "any"} | set.union(*ROLES.values()), path)
            self.assertIn(row["x-area"], {"none", "rows", "given"}, path)
            if row["x-capability"] == "public":
                self.assertIn((method, path), {("GET", "/api/health"), ("GET", "/api/openapi.json"),
                                               ("POST", "/api/session")})
        self.assertGreater(count, 20)

    def test_nobody(self):
        for method, path, row in self.routes():
            if row["x-capability"] == "public":
                continue
            status, _, answer = self.send(Client(self.server), method, path, row)
            self.assertEqual((status, answer["error"]["kind"]), (401, "session"), (method, path))

    def test_every_role(self):
        for method, path, row in self.routes():
            if row["x-capability"] in ("public", "any"):
                continue
            for role, capabilities in ROLES.items():
                if row["x-capability"] in capabilities:
                    continue
                status, _, answer = self.send(self.clients[role], method, path, row)
                self.assertEqual((status, answer["error"]["kind"]), (403, "denied"), (role, method, path))

    def test_other_areas(self):
        """Where a request names an area, another's is refused; in the query and in the body."""
        tried = 0
        for method, path, row in self.routes():
            if row["x-area"] != "given":
                continue
            for role in ("county", "township", "finance", "school"):
                if row["x-capability"] not in ROLES[role]:
                    continue
                for area in (OTHER_AREA, OTHER_AREA + "100", "620000", "11"):
                    tried += 1
                    status, _, answer = self.send(self.clients[role], method, path, row, area=area)
                    self.assertEqual((status, answer["error"]["kind"]), (403, "denied"), (role, method, path, area))
        self.assertGreater(tried, 0)

    def test_reading_takes_no_token_and_changes_nothing(self):
        """A GET never needs the request token, so it may not change anything: it is not even given a
        store that it could write to. Every GET twice gives the same."""
        for method, path, row in self.routes():
            if method != "GET" or "text/event-stream" in json.dumps(row["responses"]):
                continue
            client = self.clients["county"]
            self.assertLess(client.send("GET", self.example(path))[0], 500, path)

    def test_bad_parameters(self):
        for method, path, row in self.routes():
            if row["x-capability"] not in ROLES["county"] or method != "GET":
                continue
            status, _, _ = self.clients["county"].send(method, self.example(path) + "?no_such_parameter=1")
            self.assertIn(status, (400, 404), path)
            status, _, _ = self.clients["county"].send(method, self.example(path).replace("999999999", "x%27--"))
            self.assertIn(status, (200, 400, 404), path)


class Uploads(Case):
    def wait(self, client, made):
        status, _, body = made
        self.assertEqual(status, 200, body)
        task = client.await_task(body["task"])
        self.assertEqual(task["state"], "done", task)
        return body["upload"], task

    def test_whole_job(self):
        client = self.clients["county"]
        upload, _ = self.wait(client, client.upload([("学籍.csv", PUPILS.encode())], [("at", "2020-09-01")]))
        _, _, looked = client.send("GET", f"/api/uploads/{upload}")
        file = looked["files"][0]
        self.assertEqual((file["file"], file["register"], file["status"]), ("学籍.csv", "roll", "ready"))
        self.assertEqual((file["rows"], file["warned"], file["at"]), (3, 1, "2020-09-01"))
        columns = {column["heading"]: column for column in file["sheets"][0]["columns"]}
        self.assertEqual(columns["姓名"]["field"], "name")
        self.assertEqual(columns["身份证号码"]["sample"][0], "620422********0013")
        self.assertNotIn("201203050013", json.dumps(looked))
        noted = file["rows_with_notes"]
        self.assertEqual([(row["row"], row["notes"]) for row in noted], [(3, [{"column": 1, "code": "id_wrong_check"}])])
        self.assertEqual(noted[0]["cells"][1], "62042220120406002X")
        status, _, content = client.send("POST", f"/api/uploads/{upload}/export", {"file": "学籍.csv", "reason": "x"})
        self.assertEqual(status, 200)
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            whole = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
        for word in ("身份证号码：身份证号校验位或出生日期不对", "王小明", "赵大山"):
            self.assertIn(word, whole)
        self.wait(client, client.send("PUT", f"/api/uploads/{upload}/cells",
                                      {"file": "学籍.csv", "sheet": "", "row": 3, "place": 1, "value": ""}))
        _, _, looked = client.send("GET", f"/api/uploads/{upload}")
        self.assertEqual(looked["files"][0]["warned"], 0)
        _, task = self.wait(client, client.send("POST", f"/api/uploads/{upload}/import", {"complete": False}))
        self.assertEqual((task["result"]["rows"], task["result"]["accepted"], task["result"]["refused"]), (3, 3, 0))
        self.assertEqual(client.send("GET", f"/api/uploads/{upload}")[0], 404)
        self.no_files_left()
        self.batch_of_the_job(client, task["result"]["batches"][0])
        trail = self.server.run("audit").stdout
        self.assertIn("batch %d, sheet , row 3, column 2" % task["result"]["batches"][0], trail)

    def batch_of_the_job(self, client, batch):
        """Its place among the imports; the workbook of what is wrong with it; taken back, but by nobody else."""
        _, _, listed = client.send("GET", "/api/imports")
        first = listed["rows"][0]
        self.assertEqual((first["batch"], first["file"], first["user"], first["undone"]),
                         (batch, "学籍.csv", "county", False))
        self.assertEqual(client.send("GET", f"/api/imports/{batch}/rejects")[2]["rows"], [])
        self.assertEqual(client.send("GET", "/api/imports/999/rejects")[0], 404)
        corrected = client.send("GET", f"/api/imports/{batch}/corrections")[2]["rows"]
        self.assertEqual([(row["row"], row["heading"], row["value"]) for row in corrected], [(3, "身份证号码", "")])
        self.assertTrue(corrected[0]["was"].endswith("002X"))
        self.assertNotIn("20406002", corrected[0]["was"])
        why = {"why": "the wrong file"}
        other = Client(self.server).enter("other")
        self.assertEqual(other.send("DELETE", f"/api/imports/{batch}", why)[0], 403)
        self.assertEqual(other.send("GET", f"/api/imports/{batch}/corrections")[0], 404)
        self.assertEqual(client.send("DELETE", f"/api/imports/{batch}", {})[0], 400)
        self.assertEqual(client.send("DELETE", f"/api/imports/{batch}", why)[0], 200)
        self.assertEqual(client.send("DELETE", f"/api/imports/{batch}", why)[0], 409)
        self.assertIn("the wrong file", self.server.run("audit").stdout)
        self.assertTrue(client.send("GET", "/api/imports")[2]["rows"][0]["undone"])

    def test_rejects(self):
        """A workbook of rows with what is wrong, which can be corrected and sent again."""
        client = self.clients["county"]
        text = "姓名,身份证号码,住址,户籍地\n王小明,620422201203050014,=1+1,620422\n,,@x,620422\n"
        upload, _ = self.wait(client, client.upload([("户籍人口.csv", text.encode())], [("as", "population")]))
        _, task = self.wait(client, client.send("POST", f"/api/uploads/{upload}/import", {}))
        batch = task["result"]["batches"][0]
        _, _, page = client.send("GET", f"/api/imports/{batch}/rejects")
        self.assertEqual(page["columns"], ["姓名", "身份证号码", "住址", "户籍地"])
        self.assertEqual(page["rows"][0]["notes"], [{"column": 1, "code": "id_wrong_check"}])
        self.assertNotIn("620422201203050014", json.dumps(page))
        status, headers, content = client.send("POST", f"/api/imports/{batch}/rejects/export", {"reason": "to correct"})
        self.assertEqual(status, 200)
        self.assertIn("attachment", headers["content-disposition"])
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            whole = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
        self.assertIn("620422201203050014", whole)
        self.assertNotIn("<f>", whole)  # no cell is a formula
        self.no_files_left()
        self.assertIn("to correct", self.server.run("audit").stdout)
        upload, _ = self.wait(client, client.upload([("again.xlsx", content)]))
        file = client.send("GET", f"/api/uploads/{upload}")[2]["files"][0]
        self.assertEqual((file["register"], file["rows"]), ("population", len(page["rows"])), file)
        client.send("DELETE", f"/api/uploads/{upload}")

    def test_sentences_name_no_options(self):
        """What is refused is said for a page: options of the command line are not on it."""
        client = self.clients["county"]
        upload, _ = self.wait(client, client.upload([("words.csv", "春天来了\n花开了\n".encode())]))
        error = client.send("GET", f"/api/uploads/{upload}")[2]["files"][0]["error"]
        self.assertIn("没有找到表头", error["zh"])
        self.assertNotIn("--", error["zh"] + error["en"])
        client.send("DELETE", f"/api/uploads/{upload}")

    def test_other_areas(self):
        """A county does not speak for another one, nor a school for another."""
        pupils = PUPILS.replace("620422,", "620423,").replace(",620422\n", ",620423\n")
        upload, _ = self.wait(self.clients["county"], self.clients["county"].upload(
            [("户籍人口.csv", pupils.encode())], [("as", "population")]))
        file = self.clients["county"].send("GET", f"/api/uploads/{upload}")[2]["files"][0]
        self.assertEqual(file["status"], "refused", file)
        self.assertIn("620423", file["error"]["en"])
        self.clients["county"].send("DELETE", f"/api/uploads/{upload}")
        upload, _ = self.wait(self.clients["school"], self.clients["school"].upload(
            [("学籍.csv", PUPILS.replace("学校", "学校标识码").replace("红堡子小学", "2162000124").encode())]))
        file = self.clients["school"].send("GET", f"/api/uploads/{upload}")[2]["files"][0]
        self.assertEqual(file["status"], "refused", file)
        self.clients["school"].send("DELETE", f"/api/uploads/{upload}")

    def test_one_server(self):
        """A second server on the workspace is refused, and what waits in the first one stays."""
        client = self.clients["county"]
        upload, _ = self.wait(client, client.upload([("a.csv", PUPILS.encode())]))
        done = self.server.run("serve", "--listen", "127.0.0.1:0", check=False)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("baoxue serve", done.stderr)
        self.assertTrue(os.listdir(self.server.db + ".uploads"))
        self.assertEqual(client.send("DELETE", f"/api/uploads/{upload}")[0], 204)

    def test_rights_of_now(self):
        """Who may not speak for an area any more does not import what they sent while they could."""
        security, client = self.clients["security"], Client(self.server).enter("other")
        seen = [row for row in security.send("GET", "/api/users")[2]["rows"] if row["user"] == "other"][0]
        areas = [area["code"] for area in seen["areas"]]
        change = {"display_name": seen["display_name"], "role": seen["role"], "version": seen["version"]}
        status, _, wider = security.send("PUT", "/api/users/other", dict(change, areas=areas + ["620422"]))
        self.assertEqual(status, 200, wider)
        upload, _ = self.wait(client, client.upload([("户籍人口.csv", PUPILS.encode())], [("as", "population")]))
        file = client.send("GET", f"/api/uploads/{upload}")[2]["files"][0]
        self.assertEqual(file["status"], "ready", file)
        change["version"] = wider["version"]
        self.assertEqual(security.send("PUT", "/api/users/other", dict(change, areas=areas))[0], 200)
        before = self.clients["county"].send("GET", "/api/imports")[2]["total"]
        _, _, made = client.send("POST", f"/api/uploads/{upload}/import", {})
        client.await_task(made["task"])
        self.assertEqual(self.clients["county"].send("GET", "/api/imports")[2]["total"], before)
        client.send("DELETE", f"/api/uploads/{upload}")

    def test_columns(self):
        client = self.clients["county"]
        text = "甲,乙,丙\n王小明,620422201203050013,红堡子小学\n"
        upload, _ = self.wait(client, client.upload([("a.csv", text.encode())]))
        _, _, looked = client.send("GET", f"/api/uploads/{upload}")
        self.assertEqual(looked["files"][0]["status"], "refused")
        self.assertIsNotNone(looked["files"][0]["error"])
        self.assertEqual(looked["files"][0]["sheets"][0]["columns"][1]["sample"], ["620422********0013"])
        columns = [{"place": 0, "field": "name"}, {"place": 1, "field": "id_number"}, {"place": 2, "field": None}]
        change = {"file": "a.csv", "sheet": "", "columns": columns, "register": "attending"}
        self.wait(client, client.send("PUT", f"/api/uploads/{upload}/map", change))
        _, _, looked = client.send("GET", f"/api/uploads/{upload}")
        file = looked["files"][0]
        self.assertEqual((file["register"], file["status"], file["rows"]), ("attending", "ready", 1))
        self.assertEqual([column["field"] for column in file["sheets"][0]["columns"]], ["name", "id_number", None])
        for wrong, code in ((dict(change, register="nothing"), 400), (dict(change, file="b.csv"), 404),
                            (dict(change, sheet="b"), 404), (dict(change, columns=[{"place": 77, "field": "name"}]), 404),
                            (dict(change, columns=[{"place": 0, "field": "nothing"}]), 400),
                            (dict(change, columns=[{"place": "0"}]), 400), (dict(change, columns=[7]), 400)):
            self.assertEqual(client.send("PUT", f"/api/uploads/{upload}/map", wrong)[0], code, wrong)
        self.assertEqual(client.send("DELETE", f"/api/uploads/{upload}")[0], 204)

    def test_private(self):
        """Another user, of the same rights or more, does not even learn that it is there."""
        client = self.clients["county"]
        upload, _ = self.wait(client, client.upload([("a.csv", PUPILS.encode())]))
        _, _, body = client.send("GET", f"/api/uploads/{upload}")
        for method, path, sent in (("GET", "", None), ("DELETE", "", None), ("POST", "/import", {}),
                                   ("POST", "/export", {"file": "a.csv", "reason": "x"}),
                                   ("PUT", "/map", {"file": "a.csv", "columns": []}),
                                   ("PUT", "/cells", {"file": "a.csv", "row": 2, "place": 0, "value": "x"})):
            self.assertEqual(self.clients["city"].send(method, f"/api/uploads/{upload}{path}", sent)[0], 404)
        self.assertEqual(self.clients["city"].send("GET", f"/api/tasks/{body['task']}")[0], 404)
        folder = os.path.join(self.server.db + ".uploads", str(upload))
        self.assertEqual(os.stat(folder).st_mode & 0o077, 0)
        self.assertEqual(client.send("DELETE", f"/api/uploads/{upload}")[0], 204)
        self.assertFalse(os.path.exists(folder))

    def test_names_of_files(self):
        client = self.clients["county"]
        names = ["../../../../outside.csv", "/etc/x.csv", "..\\..\\x.csv", "a\x01b.csv", ".hidden.csv", "", "a" * 500,
                 "x.csv", "x.csv", "名册.csv"]
        upload, _ = self.wait(client, client.upload([(name or " ", PUPILS.encode()) for name in names]))
        _, _, looked = client.send("GET", f"/api/uploads/{upload}")
        given = [file["file"] for file in looked["files"]]
        self.assertEqual(len(set(given)), len(names))
        self.assertIn("outside.csv", given)
        self.assertIn("名册.csv", given)
        top = os.path.realpath(self.server.db + ".uploads")
        for base, _, files in os.walk(self.server.folder):
            for name in files:
                if name.endswith("outside.csv"):
                    self.assertTrue(os.path.realpath(base).startswith(top))
        client.send("DELETE", f"/api/uploads/{upload}")

    def test_broken_forms(self):
        client = self.clients["county"]
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        for body in (b"", b"--x--\r\n", b"--x\r\n", b"garbage", b"--x\r\nContent-Disposition: form-data\r\n\r\n",
                     b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
                     b'--x\r\nContent-Disposition: form-data; name="at"\r\n\r\n2020-09-01\r\n--x--\r\n'):
            status, _, _ = client.send("POST", "/api/uploads", raw_body=body, headers=kind)
            self.assertIn(status, (400, 413), body)
        status, _, _ = client.send("POST", "/api/uploads", raw_body=b"abc", headers={"Content-Type": "multipart/form-data"})
        self.assertEqual(status, 400)
        self.assertEqual(client.upload([("a.csv", b"x")], [("nothing", "1")])[0], 400)
        self.assertEqual(client.upload([("a.csv", b"x")], [("at", "yesterday")])[0], 400)
        self.assertEqual(client.upload([("a.csv", b"x")], [("as", "nothing")])[0], 400)
        self.assertEqual(client.upload([("a.csv", b"x")] * 201)[0], 413)
        self.no_files_left()
        self.healthy()

    def test_refused_before_the_files_come(self):
        """Who may not send files leaves none behind, however large they are."""
        client = self.clients["finance"]
        status, _, answer = client.upload([("a.csv", b"x" * 1000000)])
        self.assertEqual((status, answer["error"]["kind"]), (403, "denied"))
        self.no_files_left()

    def test_markup_and_formulas(self):
        """A name that is markup stays text in JSON that no browser takes for a page."""
        client = self.clients["county"]
        name = "<script>alert(1)</script>"
        upload, _ = self.wait(client, client.upload([(name + ".csv", ("姓名,学校\n" + name + ",=1+1\n").encode())]))
        _, headers, looked = client.send("GET", f"/api/uploads/{upload}")
        self.assertEqual(headers["content-type"], "application/json; charset=utf-8")
        self.assertEqual(headers["x-content-type-options"], "nosniff")
        self.assertIn("script", json.dumps(looked))
        client.send("DELETE", f"/api/uploads/{upload}")


class Events(Case):
    def test_stream(self):
        """A task tells how it goes until it has ended; then the stream ends."""
        client = self.clients["county"]
        _, _, made = client.upload([(f"{i}.csv", PUPILS.encode()) for i in range(20)])
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        connection.request("GET", f"/api/tasks/{made['task']}/events",
                           headers={"Cookie": f"baoxue_session={client.cookie}"})
        answer = connection.getresponse()
        self.assertEqual(answer.getheader("Content-Type"), "text/event-stream")
        text = answer.read().decode()
        connection.close()
        told = [json.loads(line[6:]) for line in text.split("\n") if line.startswith("data: ")]
        self.assertEqual(told[-1]["state"], "done")
        self.assertEqual(told[-1]["result"], {"upload": made["upload"]})
        self.assertEqual([one["done"] for one in told], sorted(one["done"] for one in told))
        client.send("DELETE", f"/api/uploads/{made['upload']}")

    def test_stranger(self):
        _, _, made = self.clients["county"].upload([("a.csv", PUPILS.encode())])
        self.assertEqual(self.clients["city"].send("GET", f"/api/tasks/{made['task']}/events")[0], 404)
        self.assertEqual(Client(self.server).send("GET", f"/api/tasks/{made['task']}/events")[0], 401)
        self.clients["county"].send("DELETE", f"/api/uploads/{made['upload']}")


class Stopping(unittest.TestCase):
    def test_in_flight(self):
        """What came in is answered, nobody new is let in, the program ends with 0."""
        server = Server(BINARY, users=[("county", "county", AREA)])
        # All four are sent before the signal, however busy the machine is.
        body = json.dumps({"user": "nobody", "password": "x"})
        waiting = [http.client.HTTPConnection("127.0.0.1", server.port, timeout=60) for _ in range(4)]
        for connection in waiting:
            connection.request("POST", "/api/session", body=body, headers={"Content-Type": "application/json"})
        time.sleep(0.1)
        server.process.send_signal(signal.SIGTERM)
        answers = [connection.getresponse().status for connection in waiting]
        self.assertEqual(server.process.wait(timeout=30), 0)
        self.assertEqual(answers, [401] * 4)
        with self.assertRaises(ConnectionRefusedError):
            Client(server).send("GET", "/api/health")
        server.process.stdout.close()
        server.log.close()

    def test_started_wrongly(self):
        server = Server(BINARY, users=[("county", "county", AREA)])
        for options, words in ((["--listen", "0.0.0.0:0"], "TLS"), (["--listen", "nowhere"], "no address"),
                               (["--listen", f"127.0.0.1:{server.port}"], "could not listen"),
                               (["--tls-cert", "x"], "together")):
            done = server.run("serve", *options, check=False)
            self.assertIn(words, done.stderr)
            self.assertNotEqual(done.returncode, 0)
        server.stop()

    def test_tls(self):
        """Over TLS the cookie is for TLS only; plain HTTP and old versions of TLS get nowhere."""
        if shutil.which("openssl") is None:
            self.skipTest("openssl is not here")
        server = Server(BINARY, users=[("county", "county", AREA)])
        server.stop(keep=True)
        key, certificate = (os.path.join(server.folder, name) for name in ("key.pem", "cert.pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                        "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost"],
                       check=True, stderr=subprocess.DEVNULL)
        server.start(["--tls-cert", certificate, "--tls-key", key])
        context = ssl.create_default_context(cafile=certificate)
        context.check_hostname = False
        connection = http.client.HTTPSConnection("127.0.0.1", server.port, context=context)
        connection.request("POST", "/api/session", headers={"Content-Type": "application/json"},
                           body=json.dumps({"user": "county", "password": server.passwords["county"]}))
        answer = connection.getresponse()
        self.assertEqual(answer.status, 200)
        self.assertIn("; Secure", answer.getheader("Set-Cookie"))
        connection.close()
        self.assertNotIn(200, statuses(server.raw(HEALTH, wait=2)))
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        with self.assertRaises((ssl.SSLError, ConnectionError, ValueError)):
            with socket.create_connection(("127.0.0.1", server.port)) as plain:
                context.wrap_socket(plain)
        server.stop(keep=True)
        done = server.run("serve", "--listen", "127.0.0.1:0", "--tls-cert", key, "--tls-key", key, check=False)
        self.assertIn("certificate", done.stderr)
        shutil.rmtree(server.folder)

    def test_behind_proxy(self):
        """What the proxy says of its client counts, for the origin and the cookie too."""
        server = Server(BINARY, ["--behind-proxy", "https", "--name", "edu.example"],
                        users=[("county", "county", AREA)])
        body = {"user": "county", "password": server.passwords["county"]}
        for headers, code in (({"Host": "edu.example", "Origin": "https://edu.example"}, 200),
                              ({"Host": "edu.example", "Origin": "http://edu.example"}, 403),
                              ({"Host": "evil.example", "Origin": "https://evil.example"}, 421)):
            status, sent, _ = Client(server).send("POST", "/api/session", body, headers=headers)
            self.assertEqual(status, code, headers)
            if code == 200:
                self.assertIn("; Secure", sent["set-cookie"])
        server.stop()

    def test_no_users(self):
        empty = Server.__new__(Server)
        empty.binary, empty.passwords = BINARY, {}
        with tempfile.TemporaryDirectory() as folder:
            empty.db = os.path.join(folder, "baoxue.db")
            empty.run("init")
            done = empty.run("serve", "--listen", "127.0.0.1:0", check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn("user add", done.stderr)


def tearDownModule():  # pylint: disable=invalid-name
    """Ends with 0: under a sanitizer that means that nothing leaked."""
    if Case.server is not None:
        Case.server.stop()


class Timed(unittest.TextTestResult):
    """Says which tests take long, where somebody wants to know."""

    def startTest(self, test):
        self.began = time.monotonic()
        super().startTest(test)

    def stopTest(self, test):
        took = time.monotonic() - self.began
        if took > 2 and os.environ.get("BAOXUE_TEST_TIMES"):
            print(f"{took:.1f} s {test.id()}", flush=True)
        super().stopTest(test)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:], verbosity=0,
                  testRunner=unittest.TextTestRunner(resultclass=Timed))
