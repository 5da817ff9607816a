#!/usr/bin/env python3
"""Throws made-up requests at every route as every role, by the API's own description.

    fuzz_api.py BAOXUE --st SCHEMATHESIS [--examples N] [--role ROLE]

Schemathesis makes the requests; a server error (500), an answer that is not what the description says, or
a server that does not end well is a failure. Data of the sample city are in the workspace, so that rows
are there to be found.
"""
import argparse
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from client import AREA, SCHOOL, Client, Server  # noqa: E402

USERS = [("county", "county", AREA), ("school", "school", SCHOOL), ("finance", "finance", AREA)]
ROLES = ["county", "school", "finance", "auditor", "security", "system"]
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance"
# Routes that would end the client's own session or take away its rights to go on.
LEFT_OUT = ["/api/session", "/api/session/password", "/api/session/second-factor"]


def fill(server, folder):
    """A small city in the server's workspace, as clerks would send it."""
    subprocess.run([server.binary, "demo", os.path.join(folder, "city"), "--children", "3000", "--quiet"],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server.run("import", os.path.join(folder, "city", "files"))
    server.run("check")


def attack(server, role, st, examples):
    """True when nothing was found."""
    client = Client(server).enter(role)
    command = [st, "run", f"http://127.0.0.1:{server.port}/api/openapi.json", "--checks", CHECKS,
               "--max-examples", str(examples), "--phases", "examples,coverage,fuzzing", "--no-color",
               "--generation-deterministic", "--suppress-health-check", "all", "--workers", "1",
               "--header", f"Cookie: baoxue_session={client.cookie}",
               "--header", f"X-Baoxue-Token: {client.token}"]
    for path in LEFT_OUT:
        command += ["--exclude-path", path]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
                          errors="replace", check=False)
    if done.returncode != 0:
        print(done.stdout)
    print(f"{role}: {'nothing found' if done.returncode == 0 else 'see above'}", flush=True)
    return done.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--st", default="st")
    parser.add_argument("--examples", type=int, default=30)
    parser.add_argument("--role", choices=ROLES, action="append")
    arguments = parser.parse_args()
    server = Server(os.path.abspath(arguments.binary), users=USERS)
    with tempfile.TemporaryDirectory() as folder:
        fill(server, folder)
    server.stop(keep=True)
    server.start()
    good = [attack(server, role, arguments.st, arguments.examples) for role in arguments.role or ROLES]
    log = server.log_text()
    server.stop()
    if " failed: " in log:
        print(log)
        good.append(False)
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
