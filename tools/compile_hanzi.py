#!/usr/bin/env python3
"""Turns the tables of src/identity/hanzi into constant C arrays (asked by Meson at build time).

    compile_hanzi.py TABLES_FOLDER OUT.c

The arrays are declared in src/identity/hanzi.h, which says what each holds.
"""
import os
import sys

FIRST, LAST = 0x3400, 0x9FFF  # HANZI_FIRST, HANZI_LAST
HAS_MORE = 0x8000  # HANZI_HAS_MORE
SHAPE_STEP = 10  # thousandths that one letter of shapes.tsv stands for
SHAPE_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
NEIGHBOURS_MAX = 16  # SHAPE_NEIGHBOURS_MAX


def read_table(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]


def array(out, declaration, values):
    out.append(f"const {declaration} = {{")
    for at in range(0, len(values), 12):
        out.append("    " + ", ".join(values[at:at + 12]) + ",")
    out.append("};")


def numbers(out, declaration, values):
    array(out, declaration, [str(value) for value in values])


def look_up(out, name, values):
    """A dense array for the usual range and a sorted list for the rest."""
    dense = [values.get(code, 0) for code in range(FIRST, LAST + 1)]
    rest = sorted((code, value) for code, value in values.items() if not FIRST <= code <= LAST)
    numbers(out, f"uint16_t hanzi_{name}_dense[HANZI_COUNT]", dense)
    array(out, f"struct hanzi_value hanzi_{name}_rest[]", [f"{{{c}, {v}}}" for c, v in rest])
    out.append(f"const size_t hanzi_{name}_rest_count = {len(rest)};")


# Pairs of initials and finals that speakers of the north-west and hasty clerks do not keep apart:
# there 根 is 庚, 心 is 星, 魂 is 红 and 群 is 穷.
INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"), ("iong", "un"), ("ong", "un"))
# f and hu: fei is hui, fang is huang, feng is hong, fu is hu.
LABIALS = {"fa": "hua", "fan": "huan", "fei": "hui", "fen": "hun", "fo": "huo", "fu": "hu"}


def near(syllable):
    """A name for the class of syllables that sound nearly alike."""
    for full, short in INITIALS:
        if syllable.startswith(full) and len(syllable) > len(full):
            syllable = short + syllable[len(full):]
            break
    for full, short in FINALS:
        if syllable.endswith(full):
            syllable = syllable[:-len(full)] + short
            break
    return LABIALS.get(syllable, syllable)


def compile_simple(out, folder):
    targets, values = [], {}
    for target, sources in read_table(folder, "simple.tsv"):
        targets.append(ord(target))
        for source in sources:
            values[ord(source)] = len(targets)
    look_up(out, "simple", values)
    numbers(out, "uint32_t hanzi_simple_targets[]", [0] + targets)


def compile_readings(out, folder):
    rows = read_table(folder, "readings.tsv")
    syllables = {row[0]: number + 1 for number, row in enumerate(rows)}
    ranked = {}
    for row in rows:
        for rank, characters in enumerate(row[1:]):
            for character in characters:
                ranked.setdefault(ord(character), {})[rank] = syllables[row[0]]
    values = {code: found[0] | (HAS_MORE if len(found) > 1 else 0)
              for code, found in ranked.items()}
    look_up(out, "reading", values)
    more = sorted((code, [found.get(rank, 0) for rank in (1, 2, 3)])
                  for code, found in ranked.items() if len(found) > 1)
    array(out, "struct hanzi_more hanzi_reading_more[]",
          [f"{{{code}, {{{found[0]}, {found[1]}, {found[2]}}}}}" for code, found in more])
    out.append(f"const size_t hanzi_reading_more_count = {len(more)};")
    array(out, "char *const hanzi_syllables[]", ['""'] + [f'"{row[0]}"' for row in rows])
    classes = sorted({near(row[0]) for row in rows})
    numbers(out, "uint16_t hanzi_syllable_classes[]",
            [0] + [classes.index(near(row[0])) + 1 for row in rows])
    out.append(f"const size_t hanzi_syllable_count = {len(rows) + 1};")
    return syllables


def compile_surnames(out, folder, syllables):
    rows = read_table(folder, "surnames.tsv")
    single = sorted((ord(name), syllables[reading]) for name, reading in rows if len(name) == 1)
    double = sorted(([ord(c) for c in name], [syllables[r] for r in reading.split(",")])
                    for name, reading in rows if len(name) == 2)
    array(out, "struct hanzi_value hanzi_surnames[]", [f"{{{c}, {s}}}" for c, s in single])
    out.append(f"const size_t hanzi_surname_count = {len(single)};")
    array(out, "struct hanzi_compound hanzi_compounds[]",
          [f"{{{n[0]}, {n[1]}, {{{s[0]}, {s[1]}}}}}" for n, s in double])
    out.append(f"const size_t hanzi_compound_count = {len(double)};")


def compile_shapes(out, folder):
    """Each pair stands once in the table; here each character gets its row, nearest first."""
    rows = {}
    for character, others, letters in read_table(folder, "shapes.tsv"):
        for other, letter in zip(others, letters, strict=True):
            score = 1000 - SHAPE_STEP * (1 + SHAPE_LETTERS.index(letter))
            rows.setdefault(ord(character), []).append((-score, ord(other)))
            rows.setdefault(ord(other), []).append((-score, ord(character)))
    codes, starts, pairs = sorted(rows), [0], []
    for code in codes:
        assert len(rows[code]) <= NEIGHBOURS_MAX
        pairs += [other | -score << 18 for score, other in sorted(rows[code])]
        starts.append(len(pairs))
    numbers(out, "uint32_t hanzi_shape_codes[]", codes)
    numbers(out, "uint32_t hanzi_shape_starts[]", starts)
    numbers(out, "uint32_t hanzi_shape_pairs[]", pairs)
    out.append(f"const size_t hanzi_shape_count = {len(codes)};")


def main():
    folder, path = sys.argv[1:]
    out = ['#include "identity/hanzi.h"']
    compile_simple(out, folder)
    compile_surnames(out, folder, compile_readings(out, folder))
    compile_shapes(out, folder)
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
