#!/usr/bin/env python3
"""Made-up applicants and choices: r.yaml, p.csv, a.csv, c.csv in a folder.

    place_data.py FOLDER --applicants N [--seed S] [--single]

Totals are bell-shaped, groups stand by how sought they are (a group for 200 applicants, six programmes), and each
applicant wishes groups about the own place: some above it first, then safer ones; 15 choices on average, up to 45.
Without --single there are two tracks, special plans, county plans, lines, ties and the ratio 1.05; with it
every total is another one, a group is one programme of nine seats and takes a file for each, and nobody is barred: then one round of
sending gives the matching that is stable when all groups rank applicants by total.
"""
import argparse
import os
import random

TRACKS = ["physics", "history"]
COUNTIES = [f"6204{n:02d}" for n in (2, 3, 21, 22, 23)]
BLOCK = 20000  # applicants whose rows are written at once
RULES = """ties: [tie1, tie2, tie3]
batches:
  - key: special
    mode: sequential
    choices_max: 2
    majors_max: 6
    ratio: "1"
  - key: main
    mode: parallel
    choices_max: 45
    majors_max: 6
    ratio: "1.05"
    lines: {physics: 370, history: 400}
    supplement: {rounds: 1, lower: 20}
"""
SINGLE = """ties: []
batches:
  - {key: main, mode: parallel, choices_max: 45, majors_max: 1, ratio: "1"}
"""


class Maker:
    def __init__(self, folder, applicants, seed, single):
        self.folder, self.applicants, self.single = folder, applicants, single
        self.rng = random.Random(seed)
        # By how sought they are; of two tracks every second one, and one in twelve for a plan.
        self.groups = max(40, applicants // 10 if single else applicants // 200 * 2)
        self.special = [] if single else [g for g in range(self.groups) if g % 24 < 2]

    def open(self, name):
        return open(os.path.join(self.folder, name), "w", encoding="utf-8")

    def programmes(self):
        rng = self.rng
        with self.open("p.csv") as file:
            file.write("batch,plan,group,programme,quota,track,county\n")
            for g in range(self.groups):
                special = not self.single and g % 24 < 2
                same = f"{'special' if special else 'main'},{'national' if special else 'general'},g{g:07d}"
                county = rng.choice(COUNTIES) if special else ""
                for m in range(1 if self.single else 6):
                    quota = 9 if self.single else rng.randint(5, 22)
                    track = "" if self.single else TRACKS[g % 2]
                    file.write(f"{same},m{m},{quota},{track},{county}\n")

    def tails(self):
        """Of each group, ends of rows with other wishes."""
        rng, tails = self.rng, []
        for g in range(self.groups):
            own = []
            for _ in range(4):
                majors = "m0" if self.single else ";".join(f"m{m}" for m in rng.sample(range(6), rng.randint(1, 6)))
                adjust = "no" if not self.single and rng.random() < 0.2 else "yes"
                own.append(f",g{g:07d},{majors},{adjust}\n")
            tails.append(own)
        return tails

    def wishes(self, place, track):
        """Groups in order of wish of one who stands at `place` (0 best, 1 last) among all."""
        rng, step = self.rng, 1 if self.single else 2
        count = 45 if rng.random() < 0.05 else rng.randint(5, 22)
        reach = max(60, self.groups // 25)
        middle = int(place * self.groups)
        first, end = max(0, middle - reach), min(self.groups, middle + 2 * reach)
        if not self.single:
            first += (track - first) % 2
        near = range(first, end, step)
        return sorted(rng.sample(near, min(count, len(near))))

    def write(self):
        rng = self.rng
        self.programmes()
        tails = self.tails()
        with self.open("r.yaml") as file:
            file.write(SINGLE if self.single else RULES)
        head = "applicant,track,county,total,plans\n" if self.single \
            else "applicant,track,county,total,tie1,tie2,tie3,plans\n"
        with self.open("a.csv") as applicants, self.open("c.csv") as choices:
            applicants.write(head)
            choices.write("applicant,batch,rank,group,majors,adjust\n")
            totals = rng.sample(range(self.applicants * 3), self.applicants) if self.single else None
            for block in range(0, self.applicants, BLOCK):
                rows, wishes = [], []
                for i in range(block, min(block + BLOCK, self.applicants)):
                    self.one(6204000000000 + i, totals[i] if self.single else None, tails, rows, wishes)
                applicants.write("".join(rows))
                choices.write("".join(wishes))

    def one(self, number, total, tails, rows, wishes):
        rng = self.rng
        track, county = rng.randint(0, 1), rng.choice(COUNTIES)
        if self.single:
            place = 1 - total / (self.applicants * 3)
            rows.append(f"{number},,,{total},\n")
        else:
            total = min(750, max(0, int(rng.gauss(450, 90))))
            place = min(0.999, max(0, 1 - (total - 200) / 500))
            plans = "national" if rng.random() < 0.3 else ""
            rows.append(f"{number},{TRACKS[track]},{county},{total},{rng.randint(60, 290)},{rng.randint(40, 149)},"
                        f"{rng.randint(30, 149)},{plans}\n")
            if plans:
                for rank, g in enumerate(rng.sample(self.special, min(2, len(self.special))), 1):
                    wishes.append(f"{number},special,{rank}{tails[g][rank]}")
        main, rank = f"{number},main,", 0
        for g in self.wishes(place, track):
            if self.single or g % 24 >= 2:
                rank += 1
                wishes.append(f"{main}{rank}{tails[g][rank & 3]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--applicants", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--single", action="store_true")
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    Maker(options.folder, options.applicants, options.seed, options.single).write()


if __name__ == "__main__":
    main()
