#!/usr/bin/env python3
"""Fifty people at the console at once, and the same data from nginx and Datasette; writes the section `web` of
bench/RESULTS.md.

    web.py [--seconds N] [--workspace FOLDER] [--datasette PROGRAM]

The sample city is served whole. Fifty users of townships, counties and the city ask without a pause, each by
a connection and a session of their own: pages of children, the work queue, and searches letter by letter. The
load comes from wrk on the same machine. nginx serves the same answers as files, which is as fast as it gets;
Datasette serves the same persons and findings from SQLite with a full-text index of names.
"""
import argparse
import csv
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

import results
from web_client import Client

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
BINARY = os.path.join(ROOT, "build", "baoxue")
USERS = 50
PERSONS_EACH = 20
WARM_SECONDS = 2
PASSWORD = "五十人同时在线-2020"
KINDS = {"person": "page of a child", "queue": "work queue, 50 rows", "search": "search as typed"}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def connect(port, server):
    """A client of a server that may still be starting."""
    for _ in range(600):
        client = Client("127.0.0.1", port)
        try:
            client.connection.connect()
            return client
        except OSError:
            if server.poll() is not None:
                raise SystemExit(f"{server.args[0]} ended with {server.returncode}") from None
            time.sleep(0.1)
    raise SystemExit(f"{server.args[0]} does not listen")


def memory_mb(process):
    """(now, at most) resident, of a running process."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        sizes = {line.split(":")[0]: int(line.split()[1]) for line in file if line.startswith(("VmRSS", "VmHWM"))}
    return sizes["VmRSS"] / 1024, sizes["VmHWM"] / 1024


def make_workspace(folder, scratch):
    """A copy of the demo city's workspace, made when it is not there."""
    if not os.path.exists(os.path.join(folder, "baoxue.db")):
        subprocess.run([BINARY, "demo", folder, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    path = os.path.join(scratch, "city.db")
    shutil.copy(os.path.join(folder, "baoxue.db"), path)
    shutil.copy(os.path.join(folder, "baoxue.db.key"), path + ".key")
    return path


def add_users(path, areas):
    """[(name, one-time password, area)]: one of five sees the city, two a county each, two a township each."""
    counties = [a["code"] for a in areas if a["level"] == "county"]
    townships = [a["code"] for a in areas if a["level"] == "township"]
    users = []
    for number in range(USERS):
        role, code = [("city", "620400"), ("county", counties[number % len(counties)]),
                      ("county", counties[number % len(counties)]),
                      ("township", townships[number * 7 % len(townships)]),
                      ("township", townships[number * 11 % len(townships)])][number % 5]
        users.append((f"user{number:02}", add_user(path, f"user{number:02}", role, code), code))
    return users


def add_user(path, name, role, place, option="--area"):
    out = subprocess.run([BINARY, "--db", path, "user", "add", name, "--role", role, option, place],
                         check=True, capture_output=True, text=True).stdout
    return next(row["one_time_password"] for row in csv.DictReader(out.splitlines()) if row["user"] == name)


def wait_for_snapshot(client, number=1):
    start = time.monotonic()
    while time.monotonic() - start < 600:
        snapshot = client.ask("GET", "/api/summary")["snapshot"]
        if snapshot and snapshot["number"] >= number:
            return time.monotonic() - start
        time.sleep(0.1)
    raise SystemExit("no snapshot was made")


def raw(client, method, path, body=None):
    """A whole request as it goes over the wire."""
    headers = client.headers()
    content = b""
    if body is not None:
        content = json.dumps(body, ensure_ascii=False).encode()
        headers["Content-Type"] = "application/json"
        headers["Content-Length"] = str(len(content))
    lines = [f"{method} {path} HTTP/1.1"] + [f"{k}: {v}" for k, v in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def write_requests(path, requests):
    with open(path, "wb") as file:
        for request in requests:
            file.write(b"%d\n" % len(request) + request)


def run_wrk(port, requests, seconds, scratch):
    """{requests, per_second, bad, p50, p95, p99, max}: times in ms."""
    path = os.path.join(scratch, "requests")
    write_requests(path, requests)
    for length in (WARM_SECONDS, seconds):
        out = subprocess.run(["wrk", "-t", "1", "-c", str(USERS), "-d", f"{length}s", "--timeout", "10s", "-s",
                              os.path.join(HERE, "web_load.lua"), f"http://127.0.0.1:{port}", "--", path],
                             check=True, capture_output=True, text=True).stdout
    count, microseconds, bad, p50, p95, p99, most = map(int, next(
        line for line in out.splitlines() if line.startswith("RESULT")).split()[1:])
    return {"requests": count, "per_second": count / (microseconds / 1e6), "bad": bad, "p50": p50 / 1000,
            "p95": p95 / 1000, "p99": p99 / 1000, "max": most / 1000}


def typed(text):
    """What stands in the box after each letter, from the second on."""
    return [text[:n] for n in range(2, len(text) + 1)]


QUERIES = ["wangxiaoming", "zhangwei", "lijie", "wxm", "zjh", "liyt", "620422201", "62040220130415", "王小明", "张伟",
           "李佳怡", "曾", "单", "小学", "shiyan", "zengjun", "1234"]


def gather(clients, rng):
    """Requests by kind, and the (path, answer) pairs that nginx serves as files."""
    requests = {kind: [] for kind in KINDS}
    answers = {kind: [] for kind in KINDS}
    persons = set()

    def note(kind, client, method, path, body=None):
        requests[kind].append(raw(client, method, path, body))
        if len(answers[kind]) < 300:
            answers[kind].append(client.ask(method, path, body))

    for client, area in clients:
        own = set()
        for kind in ("", "enrolled_twice", "roll_unknown"):
            for page in (1, 2):
                path = f"/api/findings?area={area}&page={page}" + (f"&kind={kind}" if kind else "")
                note("queue", client, "GET", path)
        for query in rng.sample(QUERIES, 8):
            for text in typed(query) if len(query) > 1 else [query]:
                note("search", client, "POST", "/api/search", {"q": text})
        for query in ("wang", "zhang", "li", "zhao"):
            own.update(p["person"] for p in client.ask("POST", "/api/search", {"q": query, "limit": 20})["persons"])
        for person in rng.sample(sorted(own), min(PERSONS_EACH, len(own))):
            note("person", client, "GET", f"/api/persons/{person}")
        persons.update(own)
    return requests, answers, sorted(persons)


def bench_ours(path, scratch, seconds, rows):
    port = free_port()
    chief = add_user(path, "chief", "city", "620400")
    server = subprocess.Popen([BINARY, "--db", path, "serve", "--listen", f"127.0.0.1:{port}"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        first = connect(port, server)
        first.log_in("chief", chief, PASSWORD)
        start = wait_for_snapshot(first)
        clients = []
        for name, password, area in add_users(path, first.ask("GET", "/api/areas")["rows"]):
            client = Client("127.0.0.1", port)
            client.log_in(name, password, PASSWORD)
            clients.append((client, area))
        requests, answers, persons = gather(clients, random.Random(20201125))
        quiet = memory_mb(server)[0]
        for kind in KINDS:
            rows.append(("baoxue", kind, run_wrk(port, requests[kind], seconds, scratch)))
            print(rows[-1], flush=True)
        mixed = sum((requests[kind][:2000] for kind in KINDS), [])
        rows.append(("baoxue", "mixed", run_wrk(port, mixed, seconds, scratch)))
        print(rows[-1], flush=True)
        refresh = bench_refresh(first, port, mixed, seconds, scratch, rows)
        now, most = memory_mb(server)
        return answers, persons, {"start": start, "refresh": refresh, "quiet": quiet, "now": now, "most": most}
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)


def bench_refresh(client, port, requests, seconds, scratch, rows):
    """Somebody decides a pair: how long until pages rest on it, alone and with everybody at work."""
    times = []
    for loaded in (False, True):
        number = client.ask("GET", "/api/summary")["snapshot"]["number"]
        row = client.ask("GET", "/api/reviews?page_size=1")["rows"][0]
        client.ask("POST", f"/api/reviews/{row['pair']}/decision",
                   {"verdict": "different", "why": "计时", "version": row["version"]})
        if loaded:
            rows.append(("baoxue", "mixed, while a refresh runs", run_wrk(port, requests, seconds, scratch)))
            print(rows[-1], flush=True)
        else:
            times.append(wait_for_snapshot(client, number + 1))
    wait_for_snapshot(client, number + 1)
    return times[0]


def bench_nginx(answers, scratch, seconds, rows):
    """The same answers as files."""
    folder = os.path.join(scratch, "nginx")
    os.makedirs(folder)
    requests = {}
    port = free_port()
    client = Client("127.0.0.1", port)
    for kind, bodies in answers.items():
        requests[kind] = []
        for number, body in enumerate(bodies):
            with open(os.path.join(folder, f"{kind}{number}.json"), "w", encoding="utf-8") as file:
                json.dump(body, file, ensure_ascii=False, separators=(",", ":"))
            requests[kind].append(raw(client, "GET", f"/{kind}{number}.json"))
    settings = os.path.join(scratch, "nginx.conf")
    with open(settings, "w", encoding="ascii") as file:
        file.write(f"daemon off; worker_processes 2; pid {scratch}/nginx.pid; error_log {scratch}/nginx.log;\n"
                   f"events {{ worker_connections 256; }}\n"
                   f"http {{ access_log off; default_type application/json; client_body_temp_path {scratch}/b;\n"
                   f"proxy_temp_path {scratch}/p; fastcgi_temp_path {scratch}/f; uwsgi_temp_path {scratch}/u;\n"
                   f"scgi_temp_path {scratch}/s; server {{ listen 127.0.0.1:{port}; root {folder}; }} }}\n")
    os.chmod(scratch, 0o755)
    server = subprocess.Popen(["nginx", "-c", settings], stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        for kind in KINDS:
            rows.append(("nginx, files", kind, run_wrk(port, requests[kind], seconds, scratch)))
            print(rows[-1], flush=True)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)


def make_datasette_file(workspace_folder, path, findings):
    """Persons of the city by their true names, and the findings, with indexes and a full-text index."""
    store = sqlite3.connect(path)
    store.execute("CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, id_number TEXT, birth_date TEXT, sex TEXT, area TEXT)")
    with open(os.path.join(workspace_folder, "truth", "people.csv"), encoding="utf-8-sig", newline="") as file:
        store.executemany("INSERT INTO person (name, id_number, birth_date, sex, area) VALUES (?, ?, ?, ?, ?)",
                          ((r["name"], r["id_number"], r["birth_date"], r["sex"], r["area"]) for r in csv.DictReader(file)))
    store.execute("CREATE TABLE finding (id INTEGER PRIMARY KEY, kind TEXT, queue TEXT, person INTEGER, name TEXT, area TEXT, "
                  "school TEXT, probability TEXT, reason TEXT, status TEXT)")
    store.executemany("INSERT OR IGNORE INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      ((f["finding"], f["kind"], f["queue"], f["person"], f["name"], f["area"], f["school"],
                        f["probability"], ";".join(f["reason"]), f["status"]) for f in findings))
    store.execute("CREATE INDEX finding_kind ON finding (kind)")
    # Each character by itself, so that part of a name is found.
    store.execute("CREATE VIRTUAL TABLE person_fts USING fts5 (name, content='')")
    store.execute("INSERT INTO person_fts (rowid, name) SELECT id, "
                  "substr(name,1,1)||' '||substr(name,2,1)||' '||substr(name,3,1)||' '||substr(name,4,1) FROM person")
    store.commit()
    store.close()


def bench_datasette(program, folder, answers, scratch, seconds, rows):
    path = os.path.join(scratch, "city_plain.db")
    make_datasette_file(folder, path, [row for answer in answers["queue"] for row in answer["rows"]])
    port = free_port()
    server = subprocess.Popen([program, "serve", path, "--port", str(port), "--setting", "num_sql_threads", "2",
                               "--setting", "sql_time_limit_ms", "5000"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    rng = random.Random(20201125)
    try:
        client = connect(port, server)
        search = ("select p.* from person_fts f join person p on p.id = f.rowid where person_fts match "
                  "%3Aq limit 20")
        # No pinyin there: names by their characters, which is less work.
        names = ["王", "王小", "王小明", "张", "张伟", "李", "李佳", "李佳怡", "曾", "赵", "刘洋", "陈静"]
        from urllib.parse import quote
        requests = {
            "person": [raw(client, "GET", f"/city_plain/person/{rng.randint(1, 280000)}.json") for _ in range(1000)],
            "queue": [raw(client, "GET", f"/city_plain/finding.json?_size=50&kind={kind}") for kind in
                      ("enrolled_twice", "roll_unknown", "not_attending", "attending_unregistered")],
            "search": [raw(client, "GET", f"/city_plain.json?sql={search.replace(' ', '+')}&q={quote(' '.join(name))}")
                       for name in names],
        }
        for kind in KINDS:
            rows.append(("Datasette", kind, run_wrk(port, requests[kind], seconds, scratch)))
            print(rows[-1], flush=True)
        return memory_mb(server)[1]
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)


def write_section(rows, ours, datasette_mb):
    lines = ["## The console with fifty users at once\n",
             "The sample city (280,000 children) served by `baoxue serve`; fifty users, each with a session of a township, "
             "a county or the city, ask without a pause; the load (`wrk`) runs on the same cores. Milliseconds until an answer "
             "is there. nginx serves the same answers as ready files, Datasette the same persons and findings from SQLite "
             "(names by character, no pinyin, no rights).\n",
             "| server | what | answers/s | p50 ms | p95 ms | p99 ms | not 200 |", "|---|---|---|---|---|---|---|"]
    for server, kind, r in rows:
        lines.append(f"| {server} | {KINDS.get(kind, kind)} | {r['per_second']:.0f} | {r['p50']:.1f} | {r['p95']:.1f} | "
                     f"{r['p99']:.1f} | {r['bad']} |")
    lines.append("")
    lines.append(f"First snapshot after the start: {ours['start']:.1f} s. After a decision on a pair, pages rest on it in "
                 f"{ours['refresh']:.1f} s. Memory of the server: {ours['quiet']:.0f} MB with one snapshot, "
                 f"{ours['most']:.0f} MB at most, while a refresh makes the next"
                 + (f"; Datasette {datasette_mb:.0f} MB." if datasette_mb else "."))
    results.put("web", "make bench-web", lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--workspace", default=os.path.join(HERE, "out", "city"))
    parser.add_argument("--datasette")
    arguments = parser.parse_args()
    for program in ("wrk", "nginx"):
        if shutil.which(program) is None:
            raise SystemExit(f"{program} is not installed (apt-get install wrk nginx-light)")
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        path = make_workspace(arguments.workspace, scratch)
        answers, _, ours = bench_ours(path, scratch, arguments.seconds, rows)
        print(ours, flush=True)
        bench_nginx(answers, scratch, arguments.seconds, rows)
        datasette_mb = None
        if arguments.datasette:
            datasette_mb = bench_datasette(arguments.datasette, arguments.workspace, answers, scratch,
                                           arguments.seconds, rows)
    write_section(rows, ours, datasette_mb)


if __name__ == "__main__":
    sys.exit(main())
