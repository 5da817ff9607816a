#!/usr/bin/env python3
"""Derives src/identity/hanzi/shapes.tsv: which of the 8,105 standard characters look alike.

    derive_shapes.py --data DIR [--unihan DIR] [--fonts DIR]

Each pair is scored from what the eye compares: blurred drawings of the whole characters and of
their halves in a sans and a serif face, four-corner and Cangjie codes, a shared phonetic part, and
the counts of strokes. Runs by hand for some minutes; needs Debian's python3-numpy, python3-pil,
fonts-noto-cjk and unicode-data. docs/identity.md names the sources and their licences.
"""
import argparse
import os
import re

import numpy
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from compile_hanzi import NEIGHBOURS_MAX, SHAPE_LETTERS, SHAPE_STEP
from derive_tables import HANZI, read_standard, read_unihan, write_table

SIDE = 28  # pixels of a drawing
GLYPH = 26
BLUR = 1.1
SIMPLIFIED = 2  # place of the mainland's forms in the font collections
BATCH = 1000
# What is kept: pairs at or above SURE, and at or above FAIR where one is among the other's NEAREST.
SURE, FAIR, NEAREST = 0.70, 0.66, 12
# Where a character has more neighbours than are kept, pairs of common characters go first.
COMMON_BONUS = 0.05


def draw(characters, path):
    font = ImageFont.truetype(path, GLYPH, index=SIMPLIFIED)
    drawings = numpy.zeros((len(characters), SIDE, SIDE), numpy.float32)
    for i, character in enumerate(characters):
        image = Image.new("L", (SIDE, SIDE), 0)
        ImageDraw.Draw(image).text((SIDE / 2, SIDE / 2), character, font=font, fill=255,
                                   anchor="mm")
        drawings[i] = numpy.asarray(image.filter(ImageFilter.GaussianBlur(BLUR)))
    return drawings


def unit_vectors(drawings):
    flat = drawings.reshape(len(drawings), -1)
    flat = flat - flat.mean(1, keepdims=True)
    return flat / (numpy.linalg.norm(flat, axis=1, keepdims=True) + 1e-9)


def views(faces):
    """The whole and the halves; right and bottom ones are larger, where phonetic parts stand."""
    parts = {"whole": numpy.s_[:, :, :], "right": numpy.s_[:, :, 11:], "left": numpy.s_[:, :, :12],
             "top": numpy.s_[:, :13, :], "bottom": numpy.s_[:, 12:, :]}
    return {name: (numpy.hstack([unit_vectors(face[part]) for face in faces])
                   / numpy.sqrt(len(faces))).astype(numpy.float32)
            for name, part in parts.items()}


def nearest(vectors, count):
    pairs = set()
    for start in range(0, len(vectors), BATCH):
        likeness = vectors[start:start + BATCH] @ vectors.T
        rows = numpy.arange(len(likeness))
        likeness[rows, start + rows] = -1
        best = numpy.argpartition(-likeness, count, axis=1)[:, :count]
        for row in rows:
            pairs.update((min(start + row, other), max(start + row, other)) for other in best[row])
    return pairs


def cosines(vectors, pairs):
    values = numpy.zeros(len(pairs), numpy.float32)
    for start in range(0, len(pairs), 20000):
        part = pairs[start:start + 20000]
        values[start:start + 20000] = numpy.einsum("ij,ij->i", vectors[part[:, 0]],
                                                   vectors[part[:, 1]])
    return values


def read_column(data, name):
    values = {}
    with open(os.path.join(data, "hanzi", name), encoding="utf-8") as file:
        for line in file:
            parts = line.split()
            if len(parts) == 2 and len(parts[0]) == 1:
                values[parts[0]] = parts[1]
    return values


def corners_alike(a, b):
    if not a or not b:
        return 0.4
    return sum(x == y for x, y in zip(a[:4], b[:4])) / 4


def common_length(a, b):
    count = 0
    while count < min(len(a), len(b)) and a[count] == b[count]:
        count += 1
    return count


def codes_alike(a, b):
    if not a or not b:
        return 0.4
    shared = max(common_length(a, b), common_length(a[::-1], b[::-1]))
    return shared / max(len(a), len(b))


def strokes_alike(a, b):
    if not a or not b:
        return 0.85
    return 1 - abs(int(a) - int(b)) / max(int(a), int(b))


def code_scores(characters, pairs, data, unihan):
    corners = read_column(data, "sijiaobianma_2w.txt")
    strokes = read_column(data, "bihuashu_2w.txt")
    cangjie = read_unihan(unihan, "DictionaryLikeData", "kCangjie")
    phonetic = {character: set(re.findall(r"\d+", value)) for character, value in
                read_unihan(unihan, "DictionaryLikeData", "kPhonetic").items()}
    scores = numpy.zeros(len(pairs))
    for k, (i, j) in enumerate(pairs):
        a, b = characters[i], characters[j]
        scores[k] = (0.08 * corners_alike(corners.get(a), corners.get(b))
                     + 0.10 * codes_alike(cangjie.get(a), cangjie.get(b))
                     + 0.06 * bool(phonetic.get(a, set()) & phonetic.get(b, set()))
                     + 0.04 * strokes_alike(strokes.get(a), strokes.get(b)))
    return scores


def choose(pairs, scores, common):
    """At most NEIGHBOURS_MAX for each character, the best first; ties by place."""
    ranks = numpy.zeros((len(pairs), 2), int)
    seen = {}
    for k in sorted(range(len(pairs)), key=lambda k: (-scores[k], tuple(pairs[k]))):
        for side in (0, 1):
            ranks[k, side] = seen.get(pairs[k][side], 0)
            seen[pairs[k][side]] = ranks[k, side] + 1
    bonus = numpy.array([COMMON_BONUS if common[i] and common[j] else 0.0 for i, j in pairs])
    held, kept = {}, []
    for k in sorted(range(len(pairs)), key=lambda k: (-scores[k] - bonus[k], tuple(pairs[k]))):
        if scores[k] < FAIR or (scores[k] < SURE and min(ranks[k]) >= NEAREST):
            continue
        i, j = pairs[k]
        if held.get(i, 0) < NEIGHBOURS_MAX and held.get(j, 0) < NEIGHBOURS_MAX:
            held[i] = held.get(i, 0) + 1
            held[j] = held.get(j, 0) + 1
            kept.append(k)
    return kept


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("BAOXUE_DATA", "../shared/data"))
    parser.add_argument("--unihan", default="/usr/share/unicode")
    parser.add_argument("--fonts", default="/usr/share/fonts/opentype/noto")
    options = parser.parse_args()
    characters = sorted(read_standard(options.data))
    faces = [draw(characters, os.path.join(options.fonts, f"Noto{face}CJK-Regular.ttc"))
             for face in ("Sans", "Serif")]
    seen = views(faces)
    pairs = set()
    for name, count in (("whole", 40), ("right", 40), ("bottom", 30), ("top", 20)):
        pairs |= nearest(seen[name], count)
    pairs = numpy.array(sorted(pairs))
    likeness = {name: cosines(vectors, pairs) for name, vectors in seen.items()}
    part = numpy.maximum(numpy.maximum(likeness["right"], likeness["bottom"]),
                         0.97 * numpy.maximum(likeness["top"], likeness["left"]))
    scores = (0.50 * likeness["whole"] + 0.22 * part
              + code_scores(characters, pairs, options.data, options.unihan))
    frequent = read_unihan(options.unihan, "Readings", "kHanyuPinlu")
    common = [character in frequent for character in characters]
    rows = {}
    for k in choose(pairs, scores, common):
        step = int((1 - min(scores[k], 0.999)) * 1000) // SHAPE_STEP
        rows.setdefault(pairs[k][0], []).append((step, pairs[k][1]))
    lines = []
    for i in sorted(rows):
        row = sorted(rows[i])
        lines.append("\t".join([characters[i], "".join(characters[j] for _, j in row),
                                "".join(SHAPE_LETTERS[step] for step, _ in row)]))
    write_table(os.path.join(HANZI, "shapes.tsv"),
                "character, later ones that look like it, how much (A 990 thousandths, B 980 …); "
                "nlp-hanzi-similar (Apache-2.0), Unihan 15 (Unicode licence), drawn with Noto CJK "
                "(OFL)",
                lines)


if __name__ == "__main__":
    main()
