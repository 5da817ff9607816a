#!/usr/bin/env python3
"""Runs the cases: whole commands as typed, with the files they read and what they must print.

    run.py PROGRAM [CASE…] [--write]

A case is a text that a caseworker can read and write:

    # What it shows, in a sentence.
    << 学籍.csv                 a file; "<< NAME gb18030" in that encoding, "<< NAME xlsx" a workbook
    姓名,身份证号                 of these comma-separated lines ("[name]" begins a sheet), "<< NAME hex"
    >>                          bytes, "<< NAME repeat 100000" the lines so many times
    $ baoxue import 学籍.csv      a command line, run by sh in a folder of its own
    file,register,…             what it prints on standard output
    2> …                        what it prints on standard error (not looked at where no line stands)
    exit 3                      its exit code, where that is not 0

"[..]" stands for any text in a line, a line "..." for any number of lines. --write puts what was
printed into the cases that differ: read the change before you keep it.
"""
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from xml.sax.saxutils import escape

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS_MAX = 120
TOGETHER = 3


class Step:
    """A command and what it must print."""

    def __init__(self, line, command):
        self.line = line
        self.command = command
        self.out = []
        self.errors = []
        self.exit = 0
        self.first = line  # line numbers of the expectation, for --write
        self.last = line


def workbook_bytes(path, lines):
    """A small xlsx: inline strings, one sheet for each "[name]" line."""
    sheets = []
    for line in lines:
        match = re.match(r"\[(.+)\]$", line)
        if match:
            sheets.append((match.group(1), []))
            continue
        if not sheets:
            sheets.append(("Sheet1", []))
        sheets[-1][1].append(line.split(","))
    space = "http://schemas.openxmlformats.org/"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        names = "".join(f'<sheet name="{escape(name)}" sheetId="{i}" r:id="rId{i}"/>'
                        for i, (name, _) in enumerate(sheets, 1))
        links = "".join(f'<Relationship Id="rId{i}" Type="{space}officeDocument/2006/relationships/worksheet"'
                        f' Target="worksheets/sheet{i}.xml"/>' for i in range(1, len(sheets) + 1))
        book.writestr("[Content_Types].xml",
                      f'<Types xmlns="{space}package/2006/content-types"><Default Extension="xml" '
                      'ContentType="application/xml"/></Types>')
        book.writestr("_rels/.rels", f'<Relationships xmlns="{space}package/2006/relationships">'
                      f'<Relationship Id="rId1" Type="{space}officeDocument/2006/relationships/officeDocument"'
                      ' Target="xl/workbook.xml"/></Relationships>')
        book.writestr("xl/workbook.xml", f'<workbook xmlns="{space}spreadsheetml/2006/main" xmlns:r='
                      f'"{space}officeDocument/2006/relationships"><sheets>{names}</sheets></workbook>')
        book.writestr("xl/_rels/workbook.xml.rels",
                      f'<Relationships xmlns="{space}package/2006/relationships">{links}</Relationships>')
        for i, (_, rows) in enumerate(sheets, 1):
            cells = "".join("<row>" + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
                                              for cell in row) + "</row>" for row in rows)
            book.writestr(f"xl/worksheets/sheet{i}.xml", f'<worksheet xmlns="{space}spreadsheetml/2006/main">'
                          f"<sheetData>{cells}</sheetData></worksheet>")


def write_file(folder, head, lines):
    """Makes a file that a case describes."""
    words = head.split()
    path = os.path.join(folder, words[0])
    os.makedirs(os.path.dirname(path), exist_ok=True)
    form = words[1] if len(words) > 1 else "utf-8"
    if form == "xlsx":
        workbook_bytes(path, lines)
        return
    if form == "hex":
        content = bytes.fromhex("".join(lines))
    elif form == "repeat":
        content = "".join(line + "\n" for line in lines).encode() * int(words[2])
    else:
        content = "".join(line + "\r\n" for line in lines).encode(form)
    with open(path, "wb") as file:
        file.write(content)


def parse(text):
    """(files, steps) of a case."""
    files, steps, inside = [], [], None
    for number, line in enumerate(text.split("\n")):
        if inside is not None:
            if line == ">>":
                inside = None
            else:
                inside.append(line)
        elif line.startswith("<< "):
            inside = []
            files.append((len(steps), line[3:], inside))
        elif line.startswith("$ "):
            steps.append(Step(number, line[2:]))
        elif line.startswith("#") or not steps:
            continue
        elif line.startswith("2> ") or line == "2>":
            steps[-1].errors.append(line[3:])
            steps[-1].last = number
        elif re.match(r"exit \d+$", line):
            steps[-1].exit = int(line[5:])
            steps[-1].last = number
        elif line != "" or steps[-1].out:
            steps[-1].out.append(line)
            if line:
                steps[-1].last = number
    for step in steps:
        while step.out and step.out[-1] == "":
            step.out.pop()
    return files, steps


def fits(expected, actual):
    """True when lines fit a pattern of lines."""
    if not expected:
        return not actual
    if expected[0] == "...":
        return any(fits(expected[1:], actual[i:]) for i in range(len(actual) + 1))
    if not actual:
        return False
    pattern = ".*".join(re.escape(part) for part in expected[0].split("[..]"))
    return re.fullmatch(pattern, actual[0]) is not None and fits(expected[1:], actual[1:])


def run_step(step, folder, environment, write):
    """None when all is as expected, else what was printed: (exit, out, errors)."""
    done = subprocess.run(["sh", "-c", step.command], cwd=folder, env=environment, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=SECONDS_MAX)
    out = done.stdout.decode("utf-8", "replace").split("\n")
    errors = done.stderr.decode("utf-8", "replace").split("\n")
    for lines in (out, errors):
        while lines and lines[-1] == "":
            lines.pop()
    good = done.returncode == step.exit and fits(step.out, out)
    if step.errors or (write and step.exit):
        good = good and fits(step.errors, errors)
    return None if good else (done.returncode, out, errors)


def block(step, actual):
    """The expectation as it would have to be written."""
    code, out, errors = actual
    lines = list(out)
    if step.errors or code:
        lines += [f"2> {line}" for line in errors]
    if code:
        lines.append(f"exit {code}")
    return lines


def run_case(path, environment, write):
    """The lines that tell what was otherwise; none when all is as expected."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    files, steps = parse(text)
    changed = []
    with tempfile.TemporaryDirectory() as folder:
        for number, step in enumerate(steps):
            for before, head, lines in files:
                if before == number:
                    write_file(folder, head, lines)
            actual = run_step(step, folder, environment, write)
            if actual is not None:
                changed.append((step, actual))
                if not write:
                    break
    name, said = os.path.basename(path), []
    for step, actual in changed:
        said.append(f"{name}:{step.line + 1}: $ {step.command}")
        said.append("  expected: " + "\n            ".join(
            step.out + [f"2> {line}" for line in step.errors] + [f"exit {step.exit}"]))
        said.append("  got:      " + "\n            ".join(
            actual[1] + [f"2> {line}" for line in actual[2]] + [f"exit {actual[0]}"]))
    if write and changed:
        lines = text.split("\n")
        for step, actual in reversed(changed):
            lines[step.line + 1:step.last + 1] = block(step, actual)
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines))
    return said


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--write"]
    program = os.path.abspath(arguments[0])
    paths = arguments[1:] or sorted(os.path.join(HERE, name) for name in os.listdir(HERE)
                                    if name.endswith(".case"))
    with tempfile.TemporaryDirectory() as tools:
        os.symlink(program, os.path.join(tools, "baoxue"))
        environment = {"PATH": tools + os.pathsep + os.environ["PATH"], "HOME": tools, "CASES": HERE}
        environment |= {name: os.environ.get(name, "") for name in ("ASAN_OPTIONS", "LSAN_OPTIONS")}
        if "BAOXUE_TEST_LONG" not in os.environ:  # looking for leaks at each end of a program is a third of the time
            environment["ASAN_OPTIONS"] += ":detect_leaks=0"
        # A command waits for the disk more than it computes.
        with ThreadPoolExecutor(TOGETHER) as pool:
            told = list(pool.map(lambda path: run_case(path, environment, "--write" in sys.argv), paths))
    for line in (line for said in told for line in said):
        print(line)
    good = [not said for said in told]
    print(f"[  PASSED  ] {sum(good)} test(s).")
    if not all(good):
        print(f"[  FAILED  ] {len(good) - sum(good)} test(s).")
    return 0 if all(good) and good else 1


if __name__ == "__main__":
    sys.exit(main())
