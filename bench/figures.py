#!/usr/bin/env python3
"""How long figures of the sample city take: all of them, and the first page of the rows of each.

    figures.py [--workspace FOLDER] [--binary PROGRAM]

Cold is the first time a desk of figures is asked for; warm each time after. The city's desk is laid out by the
server itself once its snapshot is made; that of a county is laid out for who asks first.
"""
import argparse
import os
import statistics
import subprocess
import tempfile
import time

import web

PREPARED_SECONDS = 12


def timed(client, path):
    start = time.perf_counter()
    answer = client.ask("GET", path)
    return (time.perf_counter() - start) * 1000, answer


def pages(client, names):
    times = sorted((timed(client, f"/api/figures/{key}/rows")[0], key) for key in names)
    return f"median {statistics.median(t for t, _ in times):.0f} ms, slowest {times[-1][0]:.0f} ms ({times[-1][1]})"


def command(binary, path):
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([binary, "--db", path, "figures"], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    print(f"baoxue figures: {min(times):.2f} to {max(times):.2f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", default=os.path.join(web.ROOT, "demo"))
    parser.add_argument("--binary", default=web.BINARY)
    options = parser.parse_args()
    web.BINARY = options.binary
    with tempfile.TemporaryDirectory() as scratch:
        path = web.make_workspace(options.workspace, scratch)
        command(options.binary, path)
        clients = {}
        port = web.free_port()
        areas = {"city": "620400", "county": "620422"}
        passwords = {role: web.add_user(path, f"figures-{role}", role, area) for role, area in areas.items()}
        server = subprocess.Popen([options.binary, "--db", path, "serve", "--listen", f"127.0.0.1:{port}"],
                                  stdout=subprocess.DEVNULL)
        try:
            for role in areas:
                clients[role] = web.connect(port, server)
                clients[role].log_in(f"figures-{role}", passwords[role], web.PASSWORD)
            web.wait_for_snapshot(clients["city"])
            time.sleep(PREPARED_SECONDS)
            for role, client in clients.items():
                names = [row["figure"] for row in timed(client, "/api/figures/names")[1]["rows"]]
                print(f"{role}: all figures, first time: {timed(client, '/api/figures')[0]:.0f} ms")
                print(f"{role}: all figures, again: {timed(client, '/api/figures')[0]:.0f} ms")
                print(f"{role}: first page of each, first time: {pages(client, names)}")
                print(f"{role}: first page of each, again: {pages(client, names)}")
            print(f"memory: {web.memory_mb(server)[0]:.0f} MB, at most {web.memory_mb(server)[1]:.0f} MB")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
