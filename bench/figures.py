#!/usr/bin/env python3
"""How long figures and lists of the whole sample city take over the server, beside Datasette on the same rows; writes
the section `figures` of bench/RESULTS.md.

    figures.py [--workspace FOLDER] [--binary PROGRAM] [--datasette PROGRAM] [--rounds N] [--print]

All figures are asked for, and the first page of every list that the API has: the rows of each figure and each list of
the packs, and every route that gives pages. Time is by the clock, with whatever else the machine does, and as processor
time of all threads of the server, which other work lengthens less. The city's desk of figures is laid out by the server
itself once its snapshot is made; that of a county is laid out for who asks first.
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
# Of each route with a place in its path, what is asked for.
ROLES = {"city": "620400", "county": "620422"}
PROMISED_ALL_MS, PROMISED_PAGE_MS = 2000, 50
QUIET_SHARE, QUIET_SECONDS, WAIT_SECONDS = 0.05, 2.0, 240
LARGEST = 12


def processor_ms(pid):
    """What all threads of a process have used so far."""
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/schedstat", encoding="ascii") as file:
                total += int(file.read().split()[0])
        except FileNotFoundError:
            pass
    return total / 1e6


def wait_until_quiet(pid):
    """Until the server has done what it does by itself."""
    begun = time.monotonic()
    while time.monotonic() - begun < WAIT_SECONDS:
        before = processor_ms(pid)
        time.sleep(QUIET_SECONDS)
        if processor_ms(pid) - before < QUIET_SHARE * QUIET_SECONDS * 1000:
            return
    raise SystemExit("the server does not come to rest")


def timed(pid, ask):
    """(milliseconds by the clock, of the processor, answer)"""
    before, begun = processor_ms(pid), time.perf_counter()
    answer = ask()
    return (time.perf_counter() - begun) * 1000, processor_ms(pid) - before, answer


def lists_of(client):
    """{path: what it is}: the first page of every list that this user may see."""
    paths = {}
    for row in client.ask("GET", "/api/figures/names")["rows"]:
        paths[f"/api/figures/{row['figure']}/rows?page_size={PAGE}"] = f"rows of {row['figure']}"
    for row in client.ask("GET", "/api/requirements")["rows"]:
        paths[f"/api/figures/{row['figure']}/rows?page_size={PAGE}"] = f"rows of {row['figure']}"
        paths[f"/api/requirements/gaps?page_size={PAGE}&rule={row['figure']}"] = f"gaps of {row['figure']}"
    for board in ("kindergartens", "teachers", "cooperation", "standards"):
        paths[f"/api/boards/{board}"] = f"board {board}"
        for row in client.ask("GET", f"/api/boards/{board}")["figures"]:
            paths[f"/api/figures/{row['figure']}/rows?page_size={PAGE}"] = f"rows of {row['figure']}"
    for path, row in client.ask("GET", "/api/openapi.json")["paths"].items():
        one = row.get("get")
        if one is None or "{" in path:
            continue
        named = {p["name"]: p for p in one.get("parameters", [])}
        if "page" not in named or any(p["required"] for p in named.values()):
            continue
        address = f"{path}?page_size={PAGE}"
        if client.send("GET", address)[0] == 200:
            paths[address] = path
    return paths


def ask_lists(pid, client, paths, rounds):
    """[(clock, processor, name)]: of each list the median of the rounds."""
    out = []
    for path, name in paths.items():
        asked = [timed(pid, lambda path=path: client.ask("GET", path)) for _ in range(rounds)]
        out.append((statistics.median(a[0] for a in asked), statistics.median(a[1] for a in asked), name))
    return out


def summary(asked):
    clock, processor = sorted(a[0] for a in asked), sorted(a[1] for a in asked)
    slowest = max(asked, key=lambda a: a[1])
    return {"lists": len(asked), "clock": statistics.median(clock), "clock_most": clock[-1],
            "processor": statistics.median(processor), "processor_most": processor[-1], "slowest": slowest[2],
            "above": sum(value > PROMISED_PAGE_MS for value in clock)}


def all_figures(pid, client):
    first = timed(pid, lambda: client.ask("GET", "/api/figures"))
    again = [timed(pid, lambda: client.ask("GET", "/api/figures")) for _ in range(5)]
    return first[:2], (statistics.median(a[0] for a in again), statistics.median(a[1] for a in again))


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
        out = subprocess.run([binary, "--db", workspace, "--json", "figures", "show", key, "--rows", "--area", ROLES["city"],
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


def section(found, peer):
    lines = ["## Figures\n",
             "The whole sample city served by `baoxue serve`: all figures at once, and the first page (50 rows) of every list "
             "that the user may see: the rows of each figure, the gaps of each requirement, each board, and every route that "
             "gives pages. *Clock* is milliseconds until the answer is there, on a machine whose two cores other work shared; "
             "*processor* is what all threads of the server used for it. Each list is asked several times; of each the median, "
             "then over all lists the median and the slowest (by processor time). *First* is before anybody asked: the city's "
             "figures are prepared once the snapshot is made, a county's desk is laid out for who asks first.\n",
             "| what | | clock ms | processor ms |", "|---|---|---|---|"]
    for role, f in found.items():
        lines.append(f"| all figures of the {role} | first | {f['first'][0]:.0f} | {f['first'][1]:.0f} |")
        lines.append(f"| | again | {f['again'][0]:.1f} | {f['again'][1]:.1f} |")
        for name, s in (("first", f["cold"]), ("again", f["warm"])):
            lines.append(f"| first page of each of {s['lists']} lists, {role} | {name}, median | {s['clock']:.1f} | "
                         f"{s['processor']:.1f} |")
            lines.append(f"| | {name}, slowest: {s['slowest']} | {s['clock_most']:.0f} | {s['processor_most']:.0f} |")
        lines.append(f"| the dossier of the {role}, made in the background and taken | | {f['dossier'][0]:.0f} | "
                     f"{f['dossier'][1]:.0f} |")
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
    """What is promised: all figures and, at the median, the first page of a list."""
    for role, f in found.items():
        for name in ("first", "again"):
            if f[name][0] > PROMISED_ALL_MS:
                print(f"{role}: all figures, {name}: {f[name][0]:.0f} ms, more than {PROMISED_ALL_MS}")
        for name in ("cold", "warm"):
            if f[name]["clock"] > PROMISED_PAGE_MS:
                print(f"{role}: first page, {name}: {f[name]['clock']:.0f} ms at the median, more than {PROMISED_PAGE_MS}")


def measure(pid, client, rounds):
    found = {}
    found["first"], found["again"] = all_figures(pid, client)
    paths = lists_of(client)
    cold = ask_lists(pid, client, paths, 1)
    warm = ask_lists(pid, client, paths, rounds)
    for clock, processor, name in sorted(warm, key=lambda a: -a[1])[:10]:
        print(f"  {name}: clock {clock:.1f} ms, processor {processor:.1f} ms")
    found["cold"], found["warm"] = summary(cold), summary(warm)
    found["dossier"] = dossier(pid, client)
    return found


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
    parser.add_argument("--print", action="store_true", help="do not write the section")
    options = parser.parse_args()
    web.BINARY = options.binary
    with tempfile.TemporaryDirectory() as scratch:
        path = web.make_workspace(options.workspace, scratch)
        port = web.free_port()
        passwords = {role: web.add_user(path, f"figures-{role}", role, area) for role, area in ROLES.items()}
        server = subprocess.Popen([options.binary, "--db", path, "serve", "--listen", f"127.0.0.1:{port}"],
                                  stdout=subprocess.DEVNULL)
        found, peer = {}, None
        try:
            clients = {}
            for role in ROLES:
                clients[role] = web.connect(port, server)
                clients[role].log_in(f"figures-{role}", passwords[role], web.PASSWORD)
            web.wait_for_snapshot(clients["city"])
            wait_until_quiet(server.pid)
            for role, client in clients.items():
                found[role] = measure(server.pid, client, options.rounds)
                print(role, found[role], flush=True)
            if options.datasette:
                peer = compare(options, path, server.pid, clients["city"], scratch)
                print(peer, flush=True)
            memory = web.memory_mb(server)
        finally:
            server.terminate()
            server.wait()
    check(found)
    lines = section(found, peer)
    lines.append(f"\nMemory of the server: {memory[0]:.0f} MB, at most {memory[1]:.0f} MB.")
    if options.print:
        print("\n".join(lines))
    else:
        results.put("figures", "make bench-figures", lines)


if __name__ == "__main__":
    main()
