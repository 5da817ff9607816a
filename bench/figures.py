#!/usr/bin/env python3
"""How long figures and lists of the whole sample city take over the server, on the first visit and again, beside
Datasette on the same rows; writes the section `figures` of bench/RESULTS.md.

    figures.py [--workspace FOLDER] [--binary PROGRAM] [--datasette PROGRAM] [--rounds N] [--print]
               [--keep FILE] [--before FILE]

--keep writes what was found to a file, --before shows what an earlier program was found to do beside it.

Users of the city, of a county, a township and a school ask for every page that the API has: all figures, the first page
of the rows of each figure and list of the packs, each board, and every route that needs no more than an address. Each
county and each township of the city has a user besides, as in earnest. They visit first half a minute after the server
started, and again first half a minute after an import reached the pages, or once the server came to rest on a machine
that has other work. Time is by the clock, with whatever else the
machine does, and as processor time of all threads of the server, which other work lengthens less.
"""
import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import tempfile
import time
import urllib.parse

import results
import web

PAGE = 50
ROLES = {"city": ("--area", "620400"), "county": ("--area", "620422"), "township": ("--area", "620422100"),
         "school": ("--school", "")}
DOSSIERS = ("city", "county")
VISITS = ("first", "after an import", "again")
BOARDS = ("kindergartens", "teachers", "cooperation", "standards")
PROMISED_ALL_MS, PROMISED_PAGE_MS = 2000, 50
QUIET_SHARE, QUIET_SECONDS, WAIT_SECONDS, SETTLE_SECONDS = 0.05, 2.0, 240, 30
LARGEST = 12


def processor_ms(pid):
    """What all threads of a process have used so far."""
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/schedstat", encoding="ascii") as file:
                total += int(file.read().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            pass  # a thread that ended
    return total / 1e6


def wait_until_quiet(pid, least=0):
    """Until the server has done what it does by itself, and `least` seconds; how long that was."""
    begun = time.monotonic()
    time.sleep(least)
    while time.monotonic() - begun < WAIT_SECONDS:
        before = processor_ms(pid)
        time.sleep(QUIET_SECONDS)
        if processor_ms(pid) - before < QUIET_SHARE * QUIET_SECONDS * 1000:
            return time.monotonic() - begun
    raise SystemExit("the server does not come to rest")


def timed(pid, ask):
    """(milliseconds by the clock, of the processor, answer)"""
    before, begun = processor_ms(pid), time.perf_counter()
    answer = ask()
    return (time.perf_counter() - begun) * 1000, processor_ms(pid) - before, answer


class Visit:
    """A user's first look at every page, in an order in which people look."""

    def __init__(self, pid, client):
        self.pid, self.client = pid, client
        self.first = {}  # path: (clock, processor, what it is)

    def look(self, path, name):
        """The answer as JSON; None where the user may not see it."""
        if path in self.first:
            return self.client.ask("GET", path)
        clock, processor, (status, _, content) = timed(self.pid, lambda: self.client.send("GET", path))
        if status != 200:
            return None
        self.first[path] = (clock, processor, name)
        return json.loads(content)

    def routes(self):
        """{path: what it is}: the routes that need no more than an address, the first page of those that have pages."""
        paths = {}
        for path, row in self.client.ask("GET", "/api/openapi.json")["paths"].items():
            one = row.get("get")
            if one is None or "{" in path or path == "/api/openapi.json":
                continue
            named = {p["name"]: p for p in one.get("parameters", [])}
            if not any(p["required"] for p in named.values()):
                paths[f"{path}?page_size={PAGE}" if "page" in named else path] = path
        return paths

    def rows(self, figure):
        self.look(f"/api/figures/{figure}/rows?page_size={PAGE}", f"rows of {figure}")

    def everything(self):
        figures = self.look("/api/figures", "all figures")
        if figures is None:
            return self
        boards = [self.look(f"/api/boards/{board}", f"board {board}") for board in BOARDS]
        for row in self.look("/api/requirements", "/api/requirements")["rows"]:
            self.rows(row["figure"])
            self.look(f"/api/requirements/gaps?page_size={PAGE}&rule={row['figure']}", f"gaps of {row['figure']}")
        for row in figures["rows"] + [row for board in boards for row in board["figures"]]:
            self.rows(row["figure"])
        for path, name in self.routes().items():
            self.look(path, name)
        return self

    def again(self, rounds):
        return ask_lists(self.pid, self.client, {path: one[2] for path, one in self.first.items()}, rounds)


def ask_lists(pid, client, paths, rounds):
    """[(clock, processor, name)]: of each list the median of the rounds."""
    out = []
    for path, name in paths.items():
        asked = [timed(pid, lambda path=path: client.ask("GET", path)) for _ in range(rounds)]
        out.append((statistics.median(a[0] for a in asked), statistics.median(a[1] for a in asked), name))
    return out


def summary(asked):
    clock, processor = sorted(a[0] for a in asked), sorted(a[1] for a in asked)
    slowest, busiest = max(asked, key=lambda a: a[0]), max(asked, key=lambda a: a[1])
    return {"lists": len(asked), "clock": statistics.median(clock), "clock_most": clock[-1],
            "processor": statistics.median(processor), "processor_most": processor[-1], "slowest": slowest[2],
            "busiest": busiest[2], "above": sum(value > PROMISED_PAGE_MS for value in clock)}


def dossier(pid, client):
    """The workbook of the area, from the order to the file."""
    def make():
        task = client.ask("POST", "/api/dossiers", {"reason": "计时"})["task"]
        while True:
            state = client.ask("GET", f"/api/tasks/{task}")
            if state["state"] not in ("waiting", "running"):
                break
            time.sleep(0.05)
        status, _, content = client.send("POST", f"/api/dossiers/{state['result']['dossier']}/file")
        if status != 200 or not content.startswith(b"PK"):
            raise SystemExit("the dossier was not made")
    return timed(pid, make)[:2]


def largest_lists(client):
    """The figures of persons with the most rows, which Datasette gets as tables."""
    counts = {row["figure"]: client.ask("GET", f"/api/figures/{row['figure']}/rows?page_size=1")["total"]
              for row in client.ask("GET", "/api/figures/names")["rows"]}
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:LARGEST]


def make_tables(binary, workspace, keys, scratch):
    """The same rows as tables of a plain SQLite file."""
    path = os.path.join(scratch, "rows.db")
    store = sqlite3.connect(path)
    for key in keys:
        out = subprocess.run([binary, "--db", workspace, "--json", "figures", "show", key, "--rows", "--area", ROLES["city"][1],
                              "--all"], check=True, capture_output=True, text=True).stdout
        rows = json.loads(out)
        rows = rows["rows"] if isinstance(rows, dict) else rows
        names = list(rows[0])
        store.execute(f"CREATE TABLE {key} ({', '.join(chr(34) + n + chr(34) for n in names)})")
        store.executemany(f"INSERT INTO {key} VALUES ({', '.join('?' * len(names))})",
                          ([row[n] for n in names] for row in rows))
        store.execute(f"CREATE INDEX {key}_area ON {key} (substr(area, 1, 6))")
    store.commit()
    store.close()
    return path


def ask_datasette(program, path, keys, rounds):
    """First page and parts by county of each table, asked of Datasette."""
    port = web.free_port()
    server = subprocess.Popen([program, "serve", path, "--port", str(port), "--setting", "num_sql_threads", "2", "--setting",
                               "sql_time_limit_ms", "5000", "--setting", "suggest_facets", "off"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        client = web.connect(port, server)
        pages = {f"/rows/{key}.json?_size={PAGE}&_shape=objects": key for key in keys}
        parts = {"/rows.json?" + urllib.parse.urlencode(
            {"sql": f"select substr(area, 1, 6) as county, count(*) from {key} group by 1"}): key for key in keys}
        for address in [*pages, *parts]:
            client.ask("GET", address)
        return ask_lists(server.pid, client, pages, rounds), ask_lists(server.pid, client, parts, rounds)
    finally:
        server.terminate()
        server.wait()


def line_of(role, visit, s):
    return (f"| {role} | {visit} | {s['lists']} | {s['clock']:.1f} | {s['clock_most']:.0f} | {s['slowest']} | {s['processor']:.1f} | "
            f"{s['processor_most']:.0f} | {s['busiest']} | {s['figures']:.1f} | {s['above']} |")


def section(found, before, peer, rested):
    lines = ["## Figures\n",
             "The whole sample city served by `baoxue serve`, and every page that a user may see: all figures at once, the first "
             "page (50 rows) of the rows of each figure, the gaps of each requirement, each board, and every other route that "
             "needs no more than an address. *Clock* is milliseconds until the answer is there, on a machine whose two cores "
             "other work shared; *processor* is what all threads of the server used for it. *First* is the first visit of this "
             f"role, {SETTLE_SECONDS} s after the server started or once it has done what it does by itself (here after "
             f"{rested[0]:.0f} s); *after an import* the first {SETTLE_SECONDS} s after the pages rest on a file that came, or once "
             f"it has (after {rested[1]:.0f} s); *again* the median of several. Each county and each township has a user besides, "
             f"whose pages are prepared too. *Above* is how many pages took more than {PROMISED_PAGE_MS} ms by the clock.\n",
             "| who | visit | pages | clock ms, median | slowest | | processor ms, median | most | | all figures, clock ms | "
             "above |", "|---|---|---|---|---|---|---|---|---|---|---|"]
    for role, f in found.items():
        for name in VISITS:
            for when, s in (("", f[name]),) if before is None else ((", before", before[role][name]), (", now", f[name])):
                lines.append(line_of(role, name + when, s))
    lines += ["", "| the dossier, made in the background and taken | clock ms | processor ms |", "|---|---|---|"]
    for role in DOSSIERS:
        if before is not None:
            lines.append(f"| of the {role}, before | {before[role]['dossier'][0]:.0f} | {before[role]['dossier'][1]:.0f} |")
        lines.append(f"| of the {role} | {found[role]['dossier'][0]:.0f} | {found[role]['dossier'][1]:.0f} |")
    if peer:
        lines += ["", f"The {LARGEST} figures with the most rows ({peer['rows']:,} rows in all) beside Datasette, which has just "
                  "these rows as tables of an SQLite file, indexed by county, and no rights, no names of persons to look up, no "
                  "masking, and suggests no facets; both answer JSON, asked in turn by one user. What was counted and split "
                  "once is kept by ours until anything changes; Datasette counts each time.\n",
                  "| | baoxue clock | processor | Datasette clock | processor | ratio, clock | processor |",
                  "|---|---|---|---|---|---|---|"]
        for name, ours, theirs in peer["pairs"]:
            lines.append(f"| {name} | {ours['clock']:.1f} | {ours['processor']:.1f} | {theirs['clock']:.1f} | "
                         f"{theirs['processor']:.1f} | **{theirs['clock'] / ours['clock']:.1f}×** | "
                         f"**{theirs['processor'] / ours['processor']:.1f}×** |")
    return lines


def check(found):
    """What is promised: no page takes longer, whoever asks for it first."""
    for role, f in found.items():
        for name in VISITS:
            if f[name]["above"] > 0:
                print(f"{role}, {name}: {f[name]['above']} pages take more than {PROMISED_PAGE_MS} ms, "
                      f"{f[name]['slowest']} {f[name]['clock_most']:.0f}")


def told(role, name, asked):
    """The summary of a visit, and what took longest said aloud."""
    for clock, processor, what in sorted(asked, key=lambda a: -a[0])[:8]:
        print(f"  {role}, {name}: {what}: clock {clock:.1f} ms, processor {processor:.1f} ms", flush=True)
    out = summary(asked)
    out["figures"] = next(one[0] for one in asked if one[2] == "all figures")
    return out


def import_file(client):
    """A pupil more, as a school sends it; returns once pages rest on it."""
    number = client.ask("GET", "/api/summary")["snapshot"]["number"]
    mark = "boundary" * 4
    text = "姓名,出生日期,性别,学校标识码,学段,年级,区划代码,学籍状态\n晚来,2010-02-03,女,2162000001,小学,四年级,620422100,在读\n"
    body = (f'--{mark}\r\nContent-Disposition: form-data; name="as"\r\n\r\nroll\r\n--{mark}\r\n'
            'Content-Disposition: form-data; name="file"; filename="late.csv"\r\nContent-Type: text/csv\r\n\r\n'
            f"{text}\r\n--{mark}--\r\n").encode()
    headers = client.headers() | {"Content-Type": f"multipart/form-data; boundary={mark}"}
    client.connection.request("POST", "/api/uploads", body, headers)
    started = json.loads(client.connection.getresponse().read())
    await_task(client, started["task"])
    await_task(client, client.ask("POST", f"/api/uploads/{started['upload']}/import", {})["task"])
    web.wait_for_snapshot(client, number + 1)


def await_task(client, number):
    while True:
        state = client.ask("GET", f"/api/tasks/{number}")
        if state["state"] not in ("waiting", "running"):
            break
        time.sleep(0.05)
    if state["state"] != "done":
        raise SystemExit(f"a task ended otherwise: {state}")
    return state


def add_users(path):
    """{role: one-time password}, and a user for each county and township of the city."""
    store = sqlite3.connect(path)
    areas = [row[0] for digits in (6, 9) for row in store.execute(
        "SELECT DISTINCT substr(area, 1, ?) FROM batch_area WHERE length(area) >= ? AND area LIKE ? ORDER BY 1",
        (digits, digits, ROLES["city"][1][:4] + "%"))]
    school = store.execute("SELECT min(school_code) FROM register_schools WHERE area LIKE ?",
                           (ROLES["township"][1] + "%",)).fetchone()[0]
    store.close()
    for area in areas:
        web.add_user(path, f"office-{area}", "county" if len(area) == 6 else "township", area)
    return {role: web.add_user(path, f"figures-{role}", role, place or school, option)
            for role, (option, place) in ROLES.items()}


def measure(server, clients, rounds):
    found = {role: {} for role in clients}
    for role, client in clients.items():
        visit = Visit(server.pid, client).everything()
        found[role]["first"] = told(role, "first", visit.first.values())
        found[role]["again"] = told(role, "again", visit.again(rounds))
    for role in DOSSIERS:
        found[role]["dossier"] = dossier(server.pid, clients[role])
    import_file(clients["county"])
    rested = wait_until_quiet(server.pid, SETTLE_SECONDS)
    for role, client in clients.items():
        found[role]["after an import"] = told(role, "after an import", Visit(server.pid, client).everything().first.values())
    return found, rested


def compare(options, path, pid, client, scratch):
    keys = largest_lists(client)
    names = [key for key, _ in keys]
    tables = make_tables(options.binary, path, names, scratch)
    pages, parts = ask_datasette(options.datasette, tables, names, options.rounds)
    own_pages = ask_lists(pid, client, {f"/api/figures/{key}/rows?page_size={PAGE}": key for key in names}, options.rounds)
    own_parts = ask_lists(pid, client, {f"/api/figures/{key}?by=county": key for key in names}, options.rounds)
    return {"rows": sum(count for _, count in keys),
            "pairs": [("first page of the rows, median", summary(own_pages), summary(pages)),
                      ("numbers by county, median", summary(own_parts), summary(parts))]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", default=os.path.join(web.HERE, "out", "city"))
    parser.add_argument("--binary", default=web.BINARY)
    parser.add_argument("--datasette")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep")
    parser.add_argument("--before")
    parser.add_argument("--print", action="store_true", help="do not write the section")
    options = parser.parse_args()
    web.BINARY = options.binary
    with tempfile.TemporaryDirectory() as scratch:
        path = web.make_workspace(options.workspace, scratch)
        port = web.free_port()
        passwords = add_users(path)
        started = time.monotonic()
        server = subprocess.Popen([options.binary, "--db", path, "serve", "--listen", f"127.0.0.1:{port}"],
                                  stdout=subprocess.DEVNULL)
        peer = None
        try:
            clients = {}
            for role in ROLES:
                clients[role] = web.connect(port, server)
                clients[role].log_in(f"figures-{role}", passwords[role], web.PASSWORD)
            web.wait_for_snapshot(clients["city"])
            wait_until_quiet(server.pid, max(0.0, started + SETTLE_SECONDS - time.monotonic() - QUIET_SECONDS))
            rested = [time.monotonic() - started]
            found, again = measure(server, clients, options.rounds)
            rested.append(again)
            print(rested, found, flush=True)
            wait_until_quiet(server.pid)
            if options.datasette:
                peer = compare(options, path, server.pid, clients["city"], scratch)
                print(peer, flush=True)
            memory = web.memory_mb(server)
        finally:
            server.terminate()
            server.wait()
    check(found)
    before = None
    if options.keep:
        with open(options.keep, "w", encoding="utf-8") as file:
            json.dump(found, file, ensure_ascii=False)
    if options.before:
        with open(options.before, encoding="utf-8") as file:
            before = json.load(file)
    lines = section(found, before, peer, rested)
    lines.append(f"\nMemory of the server after all of it: {memory[0]:.0f} MB; at most {memory[1]:.0f} MB, while pages of the "
                 "import were made beside those before.")
    if options.print:
        print("\n".join(lines))
    else:
        results.put("figures", "make bench-figures", lines)


if __name__ == "__main__":
    main()
