#!/usr/bin/env python3
"""Fuzzes the readers of foreign files, and linkages of any spec and data.

    run.py REPLAY ROOT [--seconds N] [--target NAME] [--replay-only]

Runs the short, unchanging replay. With BAOXUE_TEST_LONG set, or --seconds, each target is then built
with clang's libFuzzer and run for so many seconds from the same seeds; what crashes it is kept in
build-fuzz/found/ and named.
"""
import argparse
import glob
import os
import re
import shutil
import subprocess
import sys

TARGETS = ["text", "html", "xls", "xlsx", "csv", "yaml", "link", "http", "students", "article", "policy", "sheet", "place"]
PACKAGES = ["libzip", "expat", "xlsxwriter", "libutf8proc", "libxxhash", "yaml-0.1", "libmicrohttpd", "libcrypto", "pangocairo"]


def sources(root, folder):
    """What the targets need: all of base but the embedded files, identity, the readers and the engine."""
    base = [p for p in glob.glob(os.path.join(root, "src/base/*.c"))
            if not p.endswith("_test.c") and os.path.basename(p) not in ("asset.c", "paper.c")]
    readers = glob.glob(os.path.join(root, "src/intake/workbook*.c")) \
        + [os.path.join(root, "src/intake", name) for name in ("date.c", "fold.c", "grade.c", "table.c")] \
        + [os.path.join(root, "src", name) for name in ("access/codec.c", "cases/case_sheet.c", "cases/case_sheet_read.c", "awards/student_cell.c", "awards/student_file.c")] \
        + [p for p in glob.glob(os.path.join(root, "src/policy/*.c"))
           if not p.endswith("_test.c") and "testing" not in os.path.basename(p)]
    readers += [os.path.join(root, "src/placing", name)
                for name in ("allotted.c", "order.c", "placing.c", "read.c", "read_allotments.c", "read_choices.c", "rules.c", "run.c")]
    readers += [p for p in glob.glob(os.path.join(root, "src/verifying/*.c")) if "rotation" not in p]
    identity = [p for p in glob.glob(os.path.join(root, "src/identity/*.c")) if "division" not in p]
    with open(os.path.join(root, "src/figures/meson.build"), encoding="utf-8") as source:
        article = re.search(r"article_sources = files\((.*?)\)", source.read(), re.S).group(1)
    readers += [os.path.join(root, "src/figures", name) for name in re.findall(r"'(.*?)'", article)]
    with open(os.path.join(root, "src/link/meson.build"), encoding="utf-8") as source:
        engine = re.search(r"engine_sources = files\((.*?)\)", source.read(), re.S).group(1)
    tables = os.path.join(folder, "hanzi_tables.c")
    subprocess.run([sys.executable, os.path.join(root, "tools/compile_hanzi.py"),
                    os.path.join(root, "src/identity/hanzi"), tables], check=True)
    return (base + [p for p in readers + identity if not p.endswith("_test.c")]
            + [os.path.join(root, "src/link", name) for name in re.findall(r"'(.*?)'", engine)] + [tables]
            + [os.path.join(root, "src/web", name) for name in ("head.c", "request.c")]
            + [os.path.join(root, "tests/fuzz", name)
               for name in ("targets.c", "link_target.c", "http_target.c", "students_target.c", "article_target.c",
                            "policy_target.c", "sheet_target.c", "place_target.c", "fuzzer.c")])


def fuzz(root, folder, target, seconds):
    """Builds and runs one target; true when nothing was found."""
    flags = subprocess.run(["pkg-config", "--cflags", "--libs"] + PACKAGES, check=True,
                           capture_output=True, text=True).stdout.split()
    program = os.path.join(folder, target)
    subprocess.run(["clang", "-g", "-O1", "-std=c17", "-D_GNU_SOURCE",
                    f'-DFUZZ_TARGET="{target}"', "-fsanitize=fuzzer,address,undefined",
                    "-fno-sanitize-recover=all", "-I", os.path.join(root, "src"),
                    "-I", os.path.join(root, "tests/fuzz")]
                   + sources(root, folder) + ["-o", program, "-lm", "-lpthread"] + flags, check=True)
    found = os.path.join(folder, "found", "")
    os.makedirs(found, exist_ok=True)
    run = subprocess.run([program, os.path.join(folder, "seeds", target),
                          f"-max_total_time={seconds}", "-timeout=25", "-rss_limit_mb=1024",
                          "-max_len=65536", f"-artifact_prefix={found}{target}-",
                          "-print_final_stats=1", "-verbosity=1"],
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    lines = run.stdout.splitlines()
    done = [line.split()[-1] for line in lines if "number_of_executed_units" in line]
    print(f"{target}: {done[0] if done else '?'} inputs in {seconds} s")
    if run.returncode != 0:
        print("\n".join(lines[-60:]))
    return run.returncode == 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("replay")
    parser.add_argument("root")
    parser.add_argument("--seconds", type=int, default=0)
    parser.add_argument("--target", action="append")
    parser.add_argument("--replay-only", action="store_true")
    options = parser.parse_args()
    if subprocess.run([options.replay]).returncode != 0:
        return 1
    seconds = options.seconds or (60 if os.environ.get("BAOXUE_TEST_LONG") else 0)
    if seconds == 0 or options.replay_only:
        return 0
    if shutil.which("clang") is None:
        print("clang is not installed: only the replay was run")
        return 0
    folder = os.path.join(options.root, "build-fuzz")
    os.makedirs(folder, exist_ok=True)
    subprocess.run([options.replay, "--seeds", os.path.join(folder, "seeds")], check=True)
    good = [fuzz(options.root, folder, target, seconds) for target in options.target or TARGETS]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
