#!/usr/bin/env python3
"""The same placing by the Python library `matching` (hospital-resident, residents proposing).

    matching_place.py FOLDER OUT.csv

FOLDER holds the files of place_data.py --single. Writes applicant,group by applicant, and prints
{"read_ms", "build_ms", "place_ms"}: building is the library making its players, placing is its solve().
"""
import csv
import json
import os
import sys
import threading
import time

from matching.games import HospitalResident


def rows(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read(folder):
    total = {row["applicant"]: int(row["total"]) for row in rows(folder, "a.csv")}
    seats = {row["group"]: int(row["quota"]) for row in rows(folder, "p.csv")}
    wishes, asked = {}, {}
    for row in rows(folder, "c.csv"):
        wishes.setdefault(row["applicant"], []).append((int(row["rank"]), row["group"]))
        asked.setdefault(row["group"], []).append(row["applicant"])
    residents = {name: [group for _, group in sorted(own)] for name, own in wishes.items()}
    hospitals = {group: sorted(names, key=lambda name: -total[name]) for group, names in asked.items()}
    return residents, hospitals, {group: seats[group] for group in hospitals}


def main():
    folder, out = sys.argv[1:3]
    clock, times = time.monotonic, {}
    begin = clock()
    given = read(folder)
    times["read_ms"], begin = (clock() - begin) * 1000, clock()
    game = HospitalResident.create_from_dictionaries(*given)
    times["build_ms"], begin = (clock() - begin) * 1000, clock()
    solved = game.solve(optimal="resident")
    times["place_ms"] = (clock() - begin) * 1000
    placed = sorted((resident.name, hospital.name) for hospital, own in solved.items() for resident in own)
    with open(out, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(placed)
    print(json.dumps(times))


if __name__ == "__main__":
    # It copies its players by recursion, deeper than the interpreter allows by itself.
    sys.setrecursionlimit(10 ** 7)
    threading.stack_size(1 << 30)
    thread = threading.Thread(target=main)
    thread.start()
    thread.join()
