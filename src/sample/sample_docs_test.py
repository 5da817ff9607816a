#!/usr/bin/env python3
"""docs/sample.md states the rates that policies/baiyin/sample.yaml sets: sample_docs_test.py ROOT."""
import os
import re
import sys


def rates_of_text(text):
    """{(register, error): rate} of the settings."""
    found = {}
    for register, body in re.findall(r"^  (\w+): \{(\w+: \d.*)\}$", text[text.index("\nerrors:"):], re.M):
        for error, rate in re.findall(r"(\w+): (\d+)", body):
            found[register, error] = int(rate)
    return found


def rates_of_page(page):
    """The same, as the page tells it; and the stories by key."""
    found, stories = {}, {}
    for line in page.split("\n"):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and re.fullmatch(r"`\w+`", cells[0]):
            for register, rate in re.findall(r"(\w+) (\d+)", cells[2]):
                found[register, cells[0].strip("`")] = int(rate)
        if len(cells) == 4 and re.fullmatch(r"`\w+`", cells[0]):
            stories[cells[0].strip("`")] = int(cells[2])
    return found, stories


def main():
    root = sys.argv[1]
    with open(os.path.join(root, "policies/baiyin/sample.yaml"), encoding="utf-8") as file:
        text = file.read()
    with open(os.path.join(root, "docs/sample.md"), encoding="utf-8") as file:
        page = file.read()
    rates, stories = rates_of_page(page)
    wanted = rates_of_text(text)
    part = text[text.index("\nmissing:"):text.index("\nerrors:")]
    told = {key: int(rate) for key, rate in re.findall(r"^  (\w+): (\d+)$", part, re.M)}
    wrong = [f"{register}.{error}: {wanted.get((register, error))} set, {rates.get((register, error))} stated"
             for register, error in sorted(set(wanted) | set(rates))
             if wanted.get((register, error)) != rates.get((register, error))]
    part = text[text.index("\naid:"):text.index("\nmissing:")]
    aid = {key: int(rate) for key, rate in re.findall(r"^  (\w+): (\d+)", part, re.M)}
    paid = page[page.index("\n## Student aid"):page.index("\n## The files")]
    shares = {key: int(rate) for key, rate in re.findall(r"^\| `(\w+)` \| .* \| (\d+) \|$", paid, re.M)}
    wrong += [f"aid.{key}" for key in sorted(set(aid) | set(shares)) if aid.get(key) != shares.get(key)]
    wrong += [f"missing.{key}" for key in sorted(set(told) | set(stories)) if told.get(key) != stories.get(key)]
    if len(wanted) < 100 or len(told) < 5 or len(aid) < 4:
        wrong.append("too few rates were found in the settings")
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
