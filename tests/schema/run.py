#!/usr/bin/env python3
"""The JSON Schema of specs against the program that prints it: what one takes the other takes.

    run.py BAOXUE ROOT

From a spec that has every key, each key is left out, misspelt, given a value of another kind, at its limits and
beyond; each function, method and set of levels is used. Every such spec goes to both. Each name must stand in
docs/linking.md, and the specs of bench/specs must fit the schema. Exits 77 without python3-jsonschema.
"""
import copy
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(77)

SPEC = {
    "id": "id", "source": "office", "pairs": "all", "once_per_entity": True, "one_to_one": "no",
    "derive": {"n": "a | clean", "y": "b | date | year"},
    "compare": {
        "n": {"on": ["n", "a"], "label": {"en": "N", "zh": "名"}, "otherwise": "far", "frequency": ["n", "a"],
              "frequency_weight": 0.5, "missing": "all", "anchor": "yes", "shared": True, "depends": ["c"],
              "levels": ["exact", {"test": "1 exact & 2 damerau 1", "label": "near", "frequency": "n"}]},
        "b": {"on": "b", "levels": "date"},
        "c": {"on": "c", "levels": ["within 2.5"]},
    },
    "block": ["n & y", {"on": "b | wildcards", "max": 9}, "c"],
    "block_max": 100, "interactions": [["n", "b"]], "review": -4, "match": 4.5, "once_penalty": 3,
}
DATA = "id,office,a,b,c\n1,x,ann,2001-02-03,1\n2,y,ann,2001-02-03,2\n3,x,bob,2002-02-02,3\n"
# Paths of the maps that hold the keys of each place.
PLACES = {"": [], "comparison": ["compare", "n"], "level": ["compare", "n", "levels", 1], "rule": ["block", 1],
          "words": ["compare", "n", "label"]}


class Both:
    """Asks the program and the schema."""

    def __init__(self, baoxue, folder):
        self.baoxue, self.folder, self.asked, self.wrong = baoxue, folder, 0, []
        self.schema = json.loads(subprocess.run([baoxue, "match", "schema"], check=True, capture_output=True).stdout)
        jsonschema.Draft202012Validator.check_schema(self.schema)
        self.validator = jsonschema.Draft202012Validator(self.schema)
        with open(os.path.join(folder, "data.csv"), "w", encoding="utf-8") as file:
            file.write(DATA)

    def takes(self, spec):
        """Whether the program takes it: JSON is YAML."""
        path = os.path.join(self.folder, "spec.yaml")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(spec, file, ensure_ascii=False)
        done = subprocess.run([self.baoxue, "match", os.path.join(self.folder, "data.csv"), "--spec", path, "--lang", "en"],
                              capture_output=True, text=True)
        if done.returncode not in (0, 3):
            raise SystemExit(f"exit {done.returncode}: {done.stderr}")
        return done.returncode == 0, done.stderr.strip()

    def expect(self, what, spec, good):
        self.asked += 1
        taken, sentence = self.takes(spec)
        fits = self.validator.is_valid(spec)
        if taken != good or fits != good:
            self.wrong.append(f"{what}: expected {good}, program {taken} ({sentence}), schema {fits}")


def at(spec, path):
    for step in path:
        spec = spec[step]
    return spec


def changed(place, key, value):
    spec = copy.deepcopy(SPEC)
    at(spec, PLACES[place])[key] = value
    return spec


def check_key(both, place, key, rule, needed):
    spec = copy.deepcopy(SPEC)
    value = at(spec, PLACES[place]).pop(key)
    if key != "levels" and not (place == "level" and key == "test"):
        # Other keys lean on these: interactions on compare.
        if key == "compare":
            spec.pop("interactions")
        if key == "derive":
            spec["block"], spec["compare"]["n"]["on"] = ["a", "b", "c"], "a"
            spec["compare"]["n"].update(frequency=True, levels=["exact"])
        both.expect(f"without {place} {key}", spec, not needed)
    at(spec, PLACES[place])[key + "x"] = value
    both.expect(f"misspelt {place} {key}", spec, False)
    if "minimum" in rule:
        other = {"review": ("match", 1000), "match": ("review", -1000)}.get(key)
        for number, good in ((rule["minimum"], True), (rule["maximum"], True), (rule["minimum"] - 1, False),
                             (rule["maximum"] + 1, False), ("much", False), ([], False)):
            spec = changed(place, key, number)
            if other:
                spec[other[0]] = other[1]
            both.expect(f"{place} {key} {number}", spec, good)
    for word in rule.get("enum", []):
        both.expect(f"{place} {key} {word}", changed(place, key, word), True)
    if "enum" in rule or rule.get("$ref") == "#/$defs/flag":
        both.expect(f"{place} {key} maybe", changed(place, key, "maybe"), False)
    if rule.get("type") != "object":
        both.expect(f"{place} {key} {{}}", changed(place, key, {"strange": 1}), False)
    if rule.get("type") in ("object", "array") or key in ("on", "levels"):
        both.expect(f"{place} {key} empty", changed(place, key, ""), False)
    if "default" in rule:
        both.expect(f"{place} {key} as without", changed(place, key, rule["default"]), True)


def check_words(both):
    """Each function, method and set: used, and in the manual."""
    functions = sorted({name for name in re.findall(r"[(|]([a-z_]{2,})(?=[|)\[(])", both.schema["$defs"]["column"]["pattern"])})
    methods = sorted({name for name in re.findall(r"[(|]([a-z_]{2,})(?=[|) ])", both.schema["$defs"]["test"]["pattern"])})
    sets = both.schema["$defs"]["set"]["enum"]
    assert len(functions) == 40 and len(methods) > 40, (functions, methods)
    arguments = {"or": " c", "join": " c", "blank": " x y"}
    for name in functions:
        many = name in ("tokens", "token_pairs", "wildcards", "deletes", "grams")
        numbered = name in ("first", "last", "at_least", "word", "division", "grams")
        argument = arguments.get(name, " 2" if numbered else "")
        key, value = ("block", SPEC["block"] + [f"a | {name}{argument}"]) if many else ("derive", dict(SPEC["derive"], z=f"a | {name}{argument}"))
        both.expect(f"function {name}", changed("", key, value), True)
        wrong = {"blank": None}.get(name, "" if argument else " 2")
        if wrong is not None:
            both.expect(f"function {name}{wrong}", changed("", "derive", dict(SPEC["derive"], z=f"a | {name}{wrong}")), False)
    both.expect("no function", changed("", "derive", {"n": "a | nonsense", "y": "b"}), False)
    pattern = both.schema["$defs"]["test"]["pattern"]
    for name in methods:
        number = " 1" if re.search(rf"[(|]{name} \+", pattern) else ""
        test = f"{name}{number}"
        both.expect(f"method {test}", changed("comparison", "levels", [test]), True)
        both.expect(f"method {name}, other number", changed("comparison", "levels", [name + ("" if number else " 1")]), False)
    both.expect("no method", changed("comparison", "levels", ["like"]), False)
    for name in sets:
        both.expect(f"set {name}", changed("comparison", "levels", name), True)
    both.expect("no set", changed("comparison", "levels", "names"), False)
    return functions + methods + list(sets)


def main():
    baoxue, root = (os.path.abspath(path) for path in sys.argv[1:3])
    with open(os.path.join(root, "docs/linking.md"), encoding="utf-8") as file:
        documents = file.read()
    with tempfile.TemporaryDirectory() as folder:
        both = Both(baoxue, folder)
        both.expect("all keys", SPEC, True)
        words = check_words(both)
        for place in PLACES:
            rules = both.schema if place == "" else both.schema["$defs"][place]
            for key, rule in rules["properties"].items():
                check_key(both, place, key, rule, key in rules["required"])
                words.append(key)
        both.wrong += [f"`{word}` does not stand in docs/linking.md" for word in words
                       if not re.search(rf"`[^`\n]*\b{re.escape(word)}\b[^`\n]*`", documents)]
        fitting = 0
        try:
            import yaml

            def named(value):
                """YAML 1.1 reads the key `on` as true; editors and the program do not."""
                if isinstance(value, dict):
                    return {"on" if key is True else key: named(inner) for key, inner in value.items()}
                return [named(item) for item in value] if isinstance(value, list) else value
            for path in sorted(glob.glob(os.path.join(root, "bench/specs/*.yaml"))):
                with open(path, encoding="utf-8") as file:
                    errors = list(both.validator.iter_errors(named(yaml.safe_load(file))))
                both.wrong += [f"{path}: {error.message}" for error in errors]
                fitting += not errors
        except ImportError:
            pass
    for line in both.wrong:
        print(line)
    print(f"{both.asked} specs asked of both, {fitting} specs of bench fit, {len(words)} words in the manual")
    return 1 if both.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
