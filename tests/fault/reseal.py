#!/usr/bin/env python3
"""Kills `keys reseal` at random moments and at its nth write, and looks at what is left.

    reseal.py PROGRAM [--seed S] [--times N] [--children N] [--die-at-write LIBRARY]

After each kill -9 the workspace either opens as it did, or says that sealing anew is to be done first; the next
run goes on. At the end everything that was sealed opens and says what it said, lies under another key, and is
found by the same numbers; the books and the trail are whole; a backup is restored; and one who serves is not
disturbed. The seed is printed, so that a failure can be had again.
"""
import argparse
import contextlib
import csv
import io
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

SEALED = {"reject": "sealed", "correction": "sealed", "case_event": "fields", "case_attachment": "sealed",
          "pay_line": "payee", "link_state": "bytes", "placing_file": "content",
          "user_account": "second_factor_pending"}
DAY = "2020-09-15"


class Reseal:
    """One program and one sample city."""

    def __init__(self, program, folder, options):
        self.program = os.path.abspath(program)
        self.folder = folder
        self.rng = random.Random(options.seed)
        self.run(["demo", os.path.join(folder, "city"), "--children", str(options.children), "--seed", "11"])
        self.city = os.path.join(folder, "city", "baoxue.db")
        self.run(["user", "add", "county", "--role", "county", "--area", "620422"], self.city)
        rejects = os.path.join(folder, "rejects.csv")
        with open(rejects, "w", encoding="utf-8") as file:
            # More than are sealed anew at once.
            file.write("姓名,身份证号码,住址,户籍地\n王小明,620422201203050014,红堡子,620422\n"
                       + "".join(f",,甘沟驿 {number},620422\n" for number in range(5000)))
        self.run(["import", rejects, "--as", "population", "--at", "2020-09-01"], self.city)
        self.attach(folder)
        self.ids = self.some_ids()
        self.said = self.everything(self.city)
        self.lay = self.lies(self.city)
        for table in ("reject", "case_event", "case_attachment", "pay_line", "link_state"):
            assert self.lay[table], f"nothing is sealed in {table}: the test says little"
        self.took_s = self.timed()

    def run(self, arguments, database=None, codes=(0,)):
        command = [self.program, "--quiet", "--lang", "en", *arguments]
        if database:
            command += ["--db", database]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if done.returncode not in codes:
            raise AssertionError(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr.decode()}")
        self.errors = done.stderr.decode()
        return done.stdout.decode()

    def attach(self, folder):
        """A paper to a case that is open."""
        paper = os.path.join(folder, "paper.pdf")
        with open(paper, "wb") as file:
            file.write(b"%PDF-1.4\n" + bytes(range(256)) * 40 + b"\n%%EOF\n")
        with contextlib.closing(sqlite3.connect(self.city)) as store:
            self.case = str(store.execute("SELECT min(number) FROM case_file WHERE status <> 'closed'").fetchone()[0])
        self.run(["case", self.case, "attach", paper], self.city)

    def some_ids(self):
        rows = csv.DictReader(io.StringIO(self.run(["check", "--at", DAY, "--reveal", "test"], self.city)))
        return sorted({row["id_number"] for row in rows if len(row["id_number"]) == 18})[:3]

    def everything(self, database):
        """What the workspace says, of each kind of thing that is sealed."""
        said = [self.run(["check", "--at", DAY, "--reveal", "test"], database)]
        said += [self.run(["person", number, "--at", DAY, "--reveal", "test"], database) for number in self.ids]
        assert all(number in text for number, text in zip(self.ids, said[1:]))
        with contextlib.closing(sqlite3.connect(database)) as store:
            batches = [row[0] for row in store.execute("SELECT DISTINCT batch FROM reject ORDER BY batch LIMIT 3")]
            cases = [row[0] for row in store.execute("SELECT DISTINCT case_number FROM case_event LIMIT 5")]
        said += [self.run(["import", "rejects", str(batch), "--reveal", "test"], database) for batch in batches]
        said += [self.run(["case", str(case)], database) for case in cases]
        out = os.path.join(self.folder, "out.pdf")
        version = re.findall(r"^(\d+)", self.run(["case", self.case, "files"], database), re.M)[0]
        self.run(["case", self.case, "files", version, "--out", out], database)
        with open(out, "rb") as file:
            said.append(file.read())
        os.remove(out)
        return said

    def lies(self, database):
        """The sealed bytes by table and row, and which rows have one index."""
        found = {}
        with contextlib.closing(sqlite3.connect(database)) as store:
            registers = [row[0] for row in store.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'register\\_%' ESCAPE '\\'")]
            for table in [*SEALED, *registers]:
                column = SEALED.get(table, "sealed")
                found[table] = [row[0] for row in store.execute(f"SELECT {column} FROM {table} ORDER BY 1")
                                if row[0]]
            for table, column, key in [(name, "blind", "statement") for name in registers] + [
                    ("pay_line", "account_blind", "number")]:
                groups = {}
                for blind, row in store.execute(f"SELECT {column}, {key} FROM {table} ORDER BY {key}"):
                    groups.setdefault(blind, []).append(row)
                found[(table,)] = sorted(rows for blind, rows in groups.items() if blind is not None)
                found[table + "#"] = [blind for blind in groups if blind is not None]
        return found

    def copy(self, name):
        path = os.path.join(self.folder, name)
        for ending in ("", ".key", "-wal", "-shm"):
            if os.path.exists(path + ending):
                os.remove(path + ending)
            if os.path.exists(self.city + ending):
                shutil.copy(self.city + ending, path + ending)
        return path

    def timed(self):
        database = self.copy("calm.db")
        began = time.monotonic()
        self.run(["keys", "reseal"], database)
        took = time.monotonic() - began
        self.kept_is_gone(database)
        self.look(database)
        return took

    def look(self, database, lay=None, said=None):
        """Sealed anew, all of it, and saying the same as before."""
        self.look_at_rows(database, lay)
        assert self.everything(database) == (said or self.said), "it says something else"
        self.run(["ledger", "verify"], database)

    def look_at_rows(self, database, lay=None):
        """All of it lies as it did not before; the trail is whole."""
        after = self.lies(database)
        for table, before in (lay or self.lay).items():
            now = after[table]
            assert len(now) == len(before), f"{table}: {len(before)} sealed before, {len(now)} now"
            if isinstance(table, tuple):
                assert now == before, f"{table[0]}: other rows share an index"
            else:
                assert not set(now) & set(before), f"{table}: something lies as it lay"
        self.run(["audit", "verify"], database)

    def kill(self, number):
        database = self.copy(f"kill{number}.db")
        kills, moments = 0, []
        for _ in range(4):
            process = subprocess.Popen([self.program, "--quiet", "--db", database, "keys", "reseal"],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            moments.append(self.rng.uniform(0, self.took_s))
            try:
                process.wait(timeout=moments[-1])
                break
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
            self.cut_off(database)
        self.run(["keys", "reseal"], database)
        self.look(database)
        print(f"killed {kills} times, after {' '.join(f'{moment:.3f}' for moment in moments)} s")

    def cut_off(self, database):
        """It opens as it did, or sealing anew is to be done first; whether it is."""
        with contextlib.closing(sqlite3.connect(database)) as store:
            under_way = store.execute("SELECT count(*) FROM reseal").fetchone()[0]
        self.run(["import", "list"], database, codes=(4 if under_way else 0,))
        assert ("keys reseal" in self.errors) == bool(under_way), self.errors
        self.run(["backup", database + ".copy"], database, codes=(4 if under_way else 0,))
        if not under_way:
            os.remove(database + ".copy")
        return under_way > 0

    def die_at_writes(self, library, times):
        """Killed in the middle of its nth write, for the first and last n and some between."""
        count_path = os.path.join(self.folder, "writes")
        command = [self.program, "--quiet", "keys", "reseal", "--db"]
        preload = {**os.environ, "LD_PRELOAD": library}
        subprocess.run([*command, self.copy("counted.db")], check=True,
                       stderr=subprocess.DEVNULL, env={**preload, "DIE_AT_WRITE_COUNT": count_path})
        with open(count_path, encoding="utf-8") as file:
            writes = int(file.read())
        moments = {*range(1, times + 1), *range(writes - 2 * times, writes + 1),
                   *(self.rng.randrange(1, writes + 1) for _ in range(4 * times))}
        stopped = 0
        for number in sorted(moments):
            database = self.copy("write.db")
            done = subprocess.run([*command, database], check=False, stderr=subprocess.DEVNULL,
                                  env={**preload, "DIE_AT_WRITE": str(number)})
            # A run writes a few more or less than another: its journal is as long as the clock has it.
            assert done.returncode == -signal.SIGKILL or number > writes - 2 * times, (
                f"write {number} of {writes}: exit {done.returncode}")
            under_way = self.cut_off(database)
            stopped += under_way
            with contextlib.closing(sqlite3.connect(database)) as store:
                finished = store.execute("SELECT count(*) FROM audit WHERE action = 'key_reseal' AND "
                                         "object LIKE 'done%'").fetchone()[0]
            if under_way or not finished:
                self.run(["keys", "reseal"], database)
            self.kept_is_gone(database)
            self.look_at_rows(database)
        assert stopped > times, "hardly any was cut off on its way: the test says little"
        print(f"killed at {len(moments)} of {writes} writes, {stopped} times on its way")

    def kept_is_gone(self, database):
        """What the last check left, and where sealing anew stood."""
        with contextlib.closing(sqlite3.connect(database)) as store:
            for table in ("near_run", "near_part", "near_kin", "reseal"):
                assert store.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0, table

    def rotated_and_restored(self):
        """With new key files before and after, and from a backup."""
        database = self.copy("rotated.db")
        self.run(["keys", "rotate"], database)
        self.run(["keys", "reseal"], database)
        self.run(["keys", "rotate"], database)
        self.look(database)
        self.run(["backup", os.path.join(self.folder, "copy")], database)
        restored = os.path.join(self.folder, "restored.db")
        shutil.copy(database + ".key", restored + ".key")
        self.run(["restore", os.path.join(self.folder, "copy")], restored)
        self.look(restored)
        # The key of before opens nothing made since.
        shutil.copy(self.city + ".key", restored + ".key")
        self.run(["import", "list"], restored, codes=(4,))

    def served(self):
        database = self.copy("served.db")
        server = subprocess.Popen([self.program, "--db", database, "--json", "serve", "--listen", "127.0.0.1:0"],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8")
        try:
            assert json.loads(server.stdout.readline())["address"]
            self.run(["keys", "reseal"], database, codes=(4,))
            assert "another program" in self.errors, self.errors
        finally:
            server.send_signal(signal.SIGTERM)
            assert server.wait() == 0
            server.stdout.close()
        # It has opened cases of its own.
        lay, said = self.lies(database), self.everything(database)
        self.run(["keys", "reseal"], database)
        self.look(database, lay, said)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--times", type=int, default=20 if os.environ.get("BAOXUE_TEST_LONG") else 4)
    parser.add_argument("--children", type=int, default=2000)
    parser.add_argument("--die-at-write", help="tests/fault/die_at_write.c, made")
    options = parser.parse_args()
    print(f"seed {options.seed}")
    with tempfile.TemporaryDirectory() as folder:
        reseal = Reseal(options.program, folder, options)
        for number in range(options.times):
            reseal.kill(number)
        if options.die_at_write:
            reseal.die_at_writes(os.path.abspath(options.die_at_write), options.times)
        reseal.rotated_and_restored()
        reseal.served()
    print(f"[  PASSED  ] {options.times + 3 + bool(options.die_at_write)} test(s).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
