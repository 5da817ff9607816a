#!/usr/bin/env python3
"""The evaluator of `make bench-link`, the same for both programs.

    link_score.py TRUTH.csv PAIRS.csv

Pairs have the columns left_id, right_id and a third with the weight; ids are L1, L2 … and R1, R2 …. Prints, as one
JSON line, F1, precision and recall where F1 is best over all weights (to the thousandth of a bit), and at even odds
(weight 0). A true pair that was never compared is missed. Needs no more memory than the truth.
"""
import array
import csv
import json
import sys


def truth_of(path):
    """({"L": entity by number, "R": …}, number of true pairs)."""
    entities = {"L": array.array("i", [-1]), "R": array.array("i", [-2])}
    with open(path, encoding="utf-8", newline="") as file:
        next(file)
        for line in file:
            number, entity = line.rstrip("\r\n").split(",")
            side = entities[number[0]]
            if int(number[1:]) != len(side):
                raise SystemExit(f"{path}: {number} is out of order")
            side.append(int(entity))
    left = set(entities["L"])
    return entities, sum(entity in left for entity in entities["R"])


def measures(right, found, total):
    if right == 0:
        return {"f1": 0.0, "precision": 0.0, "recall": 0.0}
    return {"f1": 2 * right / (found + total), "precision": right / found, "recall": right / total}


def score(truth, pairs):
    entities, total = truth_of(truth)
    counts = {}
    with open(pairs, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        scale = 1 if next(rows)[2].endswith("millibits") else 1000
        for row in rows:
            same = entities["L"][int(row[0][1:])] == entities["R"][int(row[1][1:])]
            weight = round(float(row[2]) * scale)
            count = counts.get(weight)
            if count is None:
                count = counts[weight] = [0, 0]
            count[same] += 1
    best, even, right, found = measures(0, 0, total), measures(0, 0, total), 0, 0
    for weight in sorted(counts, reverse=True):
        right += counts[weight][1]
        found += sum(counts[weight])
        now = measures(right, found, total)
        if now["f1"] > best["f1"]:
            best = dict(now, weight=weight / 1000)
        if weight >= 0:
            even = now
    return {"true_pairs": total, "listed": found, "reach": right / total, "best": best, "even_odds": even}


if __name__ == "__main__":
    print(json.dumps(score(*sys.argv[1:3])))
