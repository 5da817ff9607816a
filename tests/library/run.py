#!/usr/bin/env python3
"""Installs the library, and uses it as another program would: with nothing but what was installed.

    run.py BAOXUE BUILD ROOT [--compiler CC]

The example of docs/examples is compiled against the installed header, linked with the shared and with the static
library, and run; what it finds must be what `baoxue match` finds. The header must compile alone, in C and C++, and
both libraries export what it declares and nothing else.
"""
import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O1"]
SPEC = """id: id
compare:
  name: {on: name, levels: [exact, damerau 1]}
  born: {on: born, levels: [exact, one_digit]}
  town: {on: town, levels: [exact]}
block: [name, born, name | first 5 & town]
review: -5
match: 0
one_to_one: yes
"""


def run(*command, env=None):
    done = subprocess.run(command, capture_output=True, text=True, env=env)
    if done.returncode != 0:
        raise SystemExit(f"failed: {' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def write_lists(folder):
    """400 people, and the same with errors: as in tests/cases/match.case."""
    rows = []
    for i in range(1, 401):
        letters = [(i * i * (k + 3) + 11 * i * k + i // 26 * (k + 5)) % 26 for k in range(7)]
        rows.append((f"{i:03d}", "".join(chr(97 + n) for n in letters),
                     f"{1990 + i % 20}-{1 + i % 12:02d}-{1 + i % 28:02d}", f"t{i % 9}"))
    for side in "ab":
        with open(os.path.join(folder, side + ".csv"), "w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(["id", "name", "born", "town"])
            for n, (number, name, born, town) in enumerate(rows):
                if side == "b" and n % 5 == 0:
                    name = name[:6] + "_"
                if side == "b" and n % 7 == 0:
                    born = born[:9] + "9"
                out.writerow([side + number, name, born, town])


def install(build, folder):
    run("meson", "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", folder)
    for base, _, names in os.walk(folder):
        if "baoxue.pc" in names:
            return os.path.join(base, "baoxue.pc")
    raise SystemExit("no baoxue.pc was installed")


def flags(pc, folder, *asked):
    """What pkg-config says, with the paths of the installed tree."""
    env = dict(os.environ, PKG_CONFIG_SYSROOT_DIR=folder,
               PKG_CONFIG_PATH=os.path.dirname(pc) + ":" + os.environ.get("PKG_CONFIG_PATH", ""))
    text = run("pkg-config", *asked, "baoxue", env=env)
    # Other packages stand where they stand: the sysroot is ours alone.
    words = text.split()
    return [word if "baoxue" in word or os.path.exists(re.sub(r"^-[IL]", "", word)) or not word.startswith(("-I", "-L"))
            else word.replace(folder, "") for word in words]


def check_header(compiler, include):
    source = os.path.join(include, "alone.c")
    with open(source, "w", encoding="utf-8") as file:
        file.write("#include <baoxue/link.h>\nint main(void) { return baoxue_link_version_number() == 0; }\n")
    run(compiler, "-std=c17", *WARNINGS, "-fsyntax-only", "-I", include, source)
    if shutil.which("g++"):
        run("g++", "-x", "c++", "-std=c++17", *WARNINGS, "-fsyntax-only", "-I", include, source)


def check_exports(include, shared, static):
    with open(os.path.join(include, "baoxue", "link.h"), encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/|^#define.*?(?<!\\)$", "", file.read(), flags=re.S | re.M)
    declared = set(re.findall(r"BAOXUE_LINK_API[^;]*?\b(baoxue_\w+)\(", text))
    for path, option in ((shared, "-D"), (static, "-g")):
        listing = run("nm", "--defined-only", option, path)
        found = {line.split()[2].split("@")[0] for line in listing.splitlines() if len(line.split()) == 3}
        found -= {"LIBBAOXUE_1"}
        if found != declared:
            raise SystemExit(f"{path}: exported and declared differ: {sorted(found ^ declared)}")
    return len(declared)


def check_example(program, folder, baoxue, env):
    paths = [os.path.join(folder, name) for name in ("spec.yaml", "a.csv", "b.csv", "pairs.csv", "model.json")]
    said = run(program, *paths[:3], env=env).splitlines()
    run(baoxue, "match", paths[1], paths[2], "--spec", paths[0], "--out", paths[3], "--save-model", paths[4])
    with open(paths[3], encoding="utf-8") as file:
        pairs = [row["left_id"] + "," + row["right_id"] + "," + row["weight_millibits"]
                 for row in csv.DictReader(file)]
    assert len(pairs) > 400, len(pairs)
    assert said[0].startswith("800 records, ") and f", {len(pairs)} kept, 400 clusters" in said[0], said[0]
    assert said[1:4] == pairs[:3], (said[1:4], pairs[:3])
    assert re.match(r"a\d+ and b\d+: -?\d+\.\d{3} bits", said[4]), said[4]
    bits = [float(line.split()[0]) for line in said[5:9]]
    assert abs(sum(bits) - float(said[4].split(": ")[1].split()[0])) < 0.0005, said
    assert said[-1].endswith(" 401 clusters"), said[-1]
    # The model kept by the command gives the same result in the library.
    assert run(program, *paths[:3], paths[4], env=env).splitlines() == said


def main():
    arguments = sys.argv[1:]
    compiler = "cc"
    if "--compiler" in arguments:
        at = arguments.index("--compiler")
        compiler = arguments[at + 1]
        del arguments[at:at + 2]
    baoxue, build, root = (os.path.abspath(path) for path in arguments)
    example = os.path.join(root, "docs/examples/link_people.c")
    with tempfile.TemporaryDirectory() as folder:
        pc = install(build, os.path.join(folder, "root"))
        lib, tree = os.path.dirname(os.path.dirname(pc)), os.path.join(folder, "root")
        include = re.sub("^-I", "", flags(pc, tree, "--cflags")[0])
        check_header(compiler, include)
        names = check_exports(include, os.path.join(lib, "libbaoxue.so"), os.path.join(lib, "libbaoxue.a"))
        with open(os.path.join(folder, "spec.yaml"), "w", encoding="utf-8") as file:
            file.write(SPEC)
        write_lists(folder)
        shared, static = os.path.join(folder, "shared"), os.path.join(folder, "static")
        run(compiler, "-std=c17", *WARNINGS, example, "-o", shared, *flags(pc, tree, "--cflags", "--libs"))
        private = [word for word in flags(pc, tree, "--static", "--libs") if word != "-lbaoxue"]
        run(compiler, "-std=c17", *WARNINGS, example, "-o", static, "-I", include,
            os.path.join(lib, "libbaoxue.a"), *private)
        check_example(shared, folder, baoxue, dict(os.environ, LD_LIBRARY_PATH=lib))
        check_example(static, folder, baoxue, None)
    print(f"{names} functions, exported by both libraries; the example runs with each")


if __name__ == "__main__":
    main()
