#!/usr/bin/env python3
"""Makes up the students of a city for bench/policy.py: the columns of `aid decide --students`, the same bytes for the
same seed.

    policy_data.py FILE.csv [--students 1000000] [--seed 1] [--apart]

Only the columns that a stage's schemes ask about are filled, and of those some cells are empty (EMPTY). With --apart
all columns are filled, evenly, at random: categories in any combination, any county of a thousand, any fee to the fen.
"""
import argparse
import os
import random

COLUMNS = ["id", "stage", "grade", "boarding", "categories", "school_county", "home_county", "school_rural",
           "home_rural", "major_class", "fee_fen"]
STAGES = {"preschool": 13, "primary": 40, "junior": 19, "senior": 11, "vocational": 6, "college": 4,
          "undergraduate": 6, "postgraduate": 1}
GRADES = {"preschool": 3, "primary": 6, "junior": 3, "senior": 3, "vocational": 3, "college": 3, "undergraduate": 4,
          "postgraduate": 3}
CATEGORIES = {"none": 700, "recognised": 110, "poverty_lifted": 85, "monitored": 8, "dibao_rural": 32, "dibao_urban": 10,
              "destitute_rural": 2, "destitute_urban": 1, "orphan": 2, "disabled": 9, "martyr_child": 1,
              "poverty_lifted;dibao_rural": 24, "poverty_lifted;disabled": 4, "monitored;dibao_rural": 4,
              "dibao_rural;disabled": 3, "dibao_urban;recognised": 3, "poverty_lifted;monitored": 2}
COUNTIES = {"620402": 24, "620403": 11, "620421": 22, "620422": 26, "620423": 11, "620104": 3, "620102": 2, "110105": 1}
MAJORS = {"general": 74, "agriculture_medicine": 17, "arts": 8, "opera": 1}
BOARDING = {"primary": 0.14, "junior": 0.55, "senior": 0.7, "vocational": 0.8}
RURAL = {"620402": 0.25, "620403": 0.4, "620421": 0.7, "620422": 0.75, "620423": 0.65}
EMPTY = {"grade": 0.01, "boarding": 0.04, "categories": 0.06, "school_county": 0.005, "home_county": 0.02,
         "school_rural": 0.03, "home_rural": 0.05, "major_class": 0.04, "fee_fen": 0.08}
ASKED = {
    "preschool": ["grade", "fee_fen"], "primary": ["grade", "boarding", "categories", "school_county", "school_rural"],
    "senior": ["grade", "boarding", "categories", "school_county", "fee_fen"],
    "vocational": ["grade", "boarding", "categories", "school_county", "home_county", "home_rural", "major_class"],
    "college": ["grade", "categories", "home_county"],
}
ASKED |= {"junior": ASKED["primary"], "undergraduate": ASKED["college"], "postgraduate": ASKED["college"]}


class Draw:
    """Draws by weight, many at a time."""

    def __init__(self, rng, weights):
        self.rng, self.items, self.weights, self.ready = rng, list(weights), list(weights.values()), []

    def next(self):
        if not self.ready:
            self.ready = self.rng.choices(self.items, self.weights, k=10_000)
        return self.ready.pop()


def fee(rng, stage):
    """A term's approved fee in fen: whole yuan, half of a yearly fee, or so much a day."""
    yuan = rng.randrange(400, 3200, 10) if stage == "preschool" else rng.randrange(300, 900, 5)
    kind = rng.random()
    return yuan * 100 + (0 if kind < 0.7 else 50 if kind < 0.85 else rng.randrange(100))


def apart(count, seed):
    """Students of whom hardly two are alike."""
    rng = random.Random(seed)
    words = sorted({word for name in CATEGORIES for word in name.split(";")} - {"none"})
    counties = [str(code) for code in list(COUNTIES) + rng.sample(range(110000, 660000), 1000)]
    stages, majors = list(STAGES), list(MAJORS)
    for number in range(count):
        stage = rng.choice(stages)
        yield {"id": f"{number:07d}", "stage": stage, "grade": str(rng.randrange(GRADES[stage]) + 1),
               "boarding": rng.choice(["yes", "no", ""]),
               "categories": ";".join(word for word in words if rng.random() < 0.3) or "none",
               "school_county": rng.choice(counties), "home_county": rng.choice(counties),
               "school_rural": rng.choice(["yes", "no", ""]), "home_rural": rng.choice(["yes", "no", ""]),
               "major_class": rng.choice(majors), "fee_fen": str(rng.randrange(500_000))}


def students(count, seed):
    rng = random.Random(seed)
    stages, categories = Draw(rng, STAGES), Draw(rng, CATEGORIES)
    counties, majors = Draw(rng, COUNTIES), Draw(rng, MAJORS)
    for number in range(count):
        stage = stages.next()
        school, home = counties.next(), counties.next()
        home = school if rng.random() < 0.9 else home
        values = {
            "grade": rng.randrange(GRADES[stage]) + 1, "categories": categories.next(),
            "boarding": "yes" if rng.random() < BOARDING.get(stage, 1) else "no",
            "school_county": school, "home_county": home,
            "school_rural": "yes" if rng.random() < RURAL.get(school, 0.2) else "no",
            "home_rural": "yes" if rng.random() < RURAL.get(home, 0.3) else "no",
            "major_class": majors.next(), "fee_fen": fee(rng, stage)}
        row = dict.fromkeys(COLUMNS, "") | {"id": f"{number:07d}", "stage": stage}
        for name in ASKED[stage]:
            if rng.random() >= EMPTY[name]:
                row[name] = str(values[name])
        yield row


def write(path, count, seed, all_apart=False):
    with open(path + ".part", "w", encoding="utf-8") as file:
        file.write(",".join(COLUMNS) + "\n")
        for row in (apart if all_apart else students)(count, seed):
            file.write(",".join(row[c] for c in COLUMNS) + "\n")
    os.replace(path + ".part", path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path")
    parser.add_argument("--students", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--apart", action="store_true", help="hardly two are alike")
    options = parser.parse_args()
    write(options.path, options.students, options.seed, options.apart)


if __name__ == "__main__":
    main()
