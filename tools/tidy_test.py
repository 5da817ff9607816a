#!/usr/bin/env python3
"""Proves each rule of tidy.py: a small good tree passes, and each small harm to it is found."""
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tidy  # noqa: E402

GOOD = {
    "src/base/day.h": "#ifndef BASE_DAY_H\n#define BASE_DAY_H\n\n/* Days. */\n\n"
                      "/* The day after. */\nint day_next(int day);\n\n#endif\n",
    "src/base/day.c": "#include \"base/day.h\"\n\nstatic const int one = 1;\n\n"
                      "int day_next(int day)\n{\n    (void)err_hint(0, \"--at DAY\");\n    return day + one;\n}\n",
    "src/base/meson.build": "base_lib = static_library('base', 'day.c')\n",
    "src/link/pair.h": "#ifndef LINK_PAIR_H\n#define LINK_PAIR_H\n\n#include \"base/day.h\"\n\n"
                       "/* Pairs. */\nstruct pair {\n    int a, b;\n};\n\n#endif\n",
    "docs/GLOSSARY.md": "| English | 中文 | meaning |\n|---|---|---|\n| day | 日 | a date |\n",
}
PUBLIC = "#ifndef BAOXUE_A_H\n#define BAOXUE_A_H\n\n#include <stdint.h>\n\n/* One. */\nint baoxue_a_one(void);\n\n#endif\n"
GOOD["include/baoxue/a.h"] = PUBLIC
GOOD["docs/examples/a.c"] = "#include <baoxue/a.h>\n\nint main(void)\n{\n    return baoxue_a_one();\n}\n"
LONG = "".join("    value += 1;\n" for _ in range(70))


def harm(path, text, old=None):
    """A tree with one file replaced (or a piece of it)."""
    tree = dict(GOOD)
    tree[path] = tree[path].replace(old, text) if old else text
    assert old is None or tree[path] != GOOD[path]
    return tree


CASES = [
    ("upward include", harm("src/base/day.c", '#include "link/pair.h"\n\nstatic', "static"), "may not use link"),
    ("sibling include", {**GOOD, "src/intake/a.h": "#ifndef INTAKE_A_H\n#define INTAKE_A_H\n\n"
     "#include \"sample/b.h\"\n\n/* A. */\n\n#endif\n"}, "may not use sample"),
    ("sample uses only some", {**GOOD, "src/sample/a.h": "#ifndef SAMPLE_A_H\n#define SAMPLE_A_H\n\n"
     "#include \"store/store.h\"\n\n/* A. */\n\n#endif\n"}, "sample may not use store"),
    ("verifying uses no placing", {**GOOD, "src/verifying/a.h": "#ifndef VERIFYING_A_H\n#define VERIFYING_A_H\n\n"
     "#include \"placing/b.h\"\n\n/* A. */\n\n#endif\n"}, "may not use placing"),
    ("placing uses no verifying", {**GOOD, "src/placing/a.h": "#ifndef PLACING_A_H\n#define PLACING_A_H\n\n"
     "#include \"verifying/b.h\"\n\n/* A. */\n\n#endif\n"}, "may not use verifying"),
    ("verifying uses one header", {**GOOD, "src/verifying/a.h": "#ifndef VERIFYING_A_H\n#define VERIFYING_A_H\n\n"
     "#include \"intake/workbook.h\"\n\n/* A. */\n\n#endif\n"}, "may not use intake/workbook.h"),
    ("folder without number", {**GOOD, "src/misc/a.c": "int a_b(void);\n"}, "has no number"),
    ("include without folder", harm("src/base/day.c", '"day.h"', '"base/day.h"'), "names folder"),
    ("long function", harm("src/base/day.c", LONG + "    return day", "    return day"), "at most 70"),
    ("long file", harm("src/base/day.c", "// a\n" * 801 + "static", "static"), "at most 800"),
    ("long line", harm("src/base/day.c", "/* " + "a " * 60 + "*/\nstatic", "static"), "at most 100"),
    ("tab", harm("src/base/day.c", "\treturn", "    return"), "a tab"),
    ("blank at the end", harm("src/base/day.c", "return day + one; ", "return day + one;"), "blanks"),
    ("strcpy", harm("src/base/day.c", "return (int)strcpy(0, 0)", "return day + one"), "strcpy()"),
    ("a mutex locked by hand", harm("src/base/day.c", "return (int)pthread_mutex_lock(0)", "return day + one"),
     "use thread_lock"),
    ("atoi", harm("src/base/day.c", "return atoi(0)", "return day + one"), "atoi()"),
    ("time", harm("src/base/day.c", "return time(0)", "return day + one"), "time()"),
    ("rand", harm("src/base/day.c", "return rand()", "return day + one"), "rand()"),
    ("malloc outside base", {**GOOD, "src/link/pair.c": "void pair_make(void)\n{\n    malloc(1);\n}\n"},
     "malloc()"),
    ("SQLite outside store", {**GOOD, "src/link/pair.c":
     "void pair_make(void)\n{\n    sqlite3_close(0);\n}\n"}, "SQLite is called only"),
    ("printing outside cli", harm("src/base/day.c", "return printf(0)", "return day + one"), "printf()"),
    ("stream outside cli", harm("src/base/day.c", "return fputs(0, stderr)", "return day + one"),
     "standard streams"),
    ("option in a sentence", harm("src/base/day.c", 'return text("give --yes")', "return day + one"),
     "stands in err_hint"),
    ("exit outside cli", harm("src/base/day.c", "exit(1)", "return day + one"), "exit()"),
    ("goto backward", harm("src/base/day.c", "again:\n    goto again", "    return day + one"),
     "leads backward"),
    ("global variable", harm("src/base/day.c", "static int", "static const int"), "a constant"),
    ("public header, other include", harm("include/baoxue/a.h", "<pthread.h>", "<stdint.h>"), "only <std"),
    ("public header, other name", harm("include/baoxue/a.h", "int a_one", "int baoxue_a_one"),
     "does not start with baoxue_"),
    ("public header, undocumented", harm("include/baoxue/a.h", "", "/* One. */\n"), "says nothing"),
    ("public header, guard", harm("include/baoxue/a.h", "BAOXUE_B_H", "BAOXUE_A_H"), "its guard"),
    ("example with our inside", harm("docs/examples/a.c", '"link/a.h"', "<baoxue/a.h>"), "by <…>"),
    ("undocumented function", harm("src/base/day.h", "", "/* The day after. */\n"),
     "day_next says nothing"),
    ("undocumented type", harm("src/link/pair.h", "/* Things. */\n\n", "/* Pairs. */\n"),
     "pair says nothing"),
    ("guard", harm("src/base/day.h", "BASE_DAYS_H", "BASE_DAY_H"), "starts with its guard"),
    ("float in money", {**GOOD, "src/ledger/a.c": "double a_b(void)\n{\n    return 0;\n}\n"},
     "money knows no float"),
    ("unbuilt source", {**GOOD, "src/base/other.c": "int other_one(void);\n"}, "in no meson.build"),
    ("unfinished work", harm("src/base/day.c", "/* TO" "DO */\nstatic", "static"), "unfinished work"),
    ("machine path", harm("src/base/day.c", "/* /wo" "rk/a */\nstatic", "static"), "one machine"),
    ("registry host", harm("src/base/day.c", "/* pypi.o" "rg */\nstatic", "static"), "a registry"),
    ("glossary in one language", harm("docs/GLOSSARY.md", "| day |  |", "| day | 日 |"), "a term has"),
    ("glossary twice", harm("docs/GLOSSARY.md", "| a |\n| day | 日 | b |", "| a date |"), "stands already"),
    ("dead link", {**GOOD, "README.md": "See [days](docs/days.md).\n"}, "which is not there"),
    ("setting", {**GOOD, "src/cli/main.c": "int main(void)\n{\n    getenv(\"BAOXUE_DB\");\n}\n"},
     "documented nowhere"),
    ("a folder at the root", {**GOOD, "fault_x1/a.csv": "1"}, "has no place at the root"),
]

# What looks like a breach and is none.
GOOD_CASES = [
    ("the good tree", GOOD),
    ("a word in a string", harm("src/base/day.c", "/* strcpy(a) */\nstatic", "static")),
    ("a longer name", harm("src/base/day.c", "return day_time(one)", "return day + one")),
    ("goto forward", harm("src/base/day.c", "goto out;\nout:\n    return day", "    return day")),
    ("malloc in base", harm("src/base/day.c", "return (int)malloc(1)", "return day + one")),
]


def breaches(tree):
    with tempfile.TemporaryDirectory() as folder:
        for path, text in tree.items():
            full = os.path.join(folder, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as file:
                file.write(text)
        return tidy.check_tree(folder)


def main():
    failed = 0
    for name, tree, expected in CASES:
        found = breaches(tree)
        if len(found) != 1 or expected not in found[0]:
            print(f"{name}: expected one line with \"{expected}\", got {found}")
            failed += 1
    for name, tree in GOOD_CASES:
        found = breaches(tree)
        if found:
            print(f"{name}: expected nothing, got {found}")
            failed += 1
    total = len(CASES) + len(GOOD_CASES)
    print(f"[  PASSED  ] {total - failed} test(s).")
    if failed:
        print(f"[  FAILED  ] {failed} test(s).")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
