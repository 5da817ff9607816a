#!/usr/bin/env python3
"""The house rules that a machine can check, run as a test.

    tidy.py [ROOT] [--binary PROGRAM]

Prints one line a breach, "path:line: sentence", and exits 1 when there is one. With --binary the
program is asked for its table of commands, and each command and option is looked for in the help,
the manual page and the documents. tools/tidy_test.py proves each rule on small trees that break it.
"""
import json
import os
import re
import subprocess
import sys
import unicodedata

# Who may use whom: a folder includes only folders with a smaller number (docs/ARCHITECTURE.md).
FOLDERS = {
    "base": 0, "store": 1, "access": 2, "identity": 3, "profile": 3, "policy": 3, "intake": 4,
    "sample": 4, "registry": 5, "link": 6, "awards": 7, "placing": 7, "verifying": 7, "ledger": 8, "findings": 9,
    "cases": 10, "figures": 11, "papers": 11, "jobs": 12, "web": 13, "cli": 14,
}
# Folders that may use less than their number would let them.
FOLDERS_ONLY = {"sample": {"base", "identity", "policy", "profile"}, "verifying": {"base", "intake"}}
# Folders that may use but one header of another: a verifier shares nothing more with what it verifies.
HEADERS_ONLY = {("verifying", "intake"): {"intake/table.h"}}

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 800
COLUMNS_MAX = 100

# Words that may not be called, and what to use; then the places where they may after all.
BANNED = {
    "strcpy": "text_add", "strcat": "text_add", "strncpy": "text_add", "strncat": "text_add",
    "sprintf": "snprintf", "vsprintf": "vsnprintf", "gets": "file_read", "scanf": "str_to_i64",
    "sscanf": "str_to_i64", "atoi": "str_to_i64", "atol": "str_to_i64", "atoll": "str_to_i64",
    "atof": "str_to_i64", "strtok": "str_split", "strtok_r": "str_split", "alloca": "an arena",
    "rand": "struct rng", "srand": "struct rng", "random": "struct rng", "drand48": "struct rng",
    "time": "struct clock", "gettimeofday": "struct clock", "clock_gettime": "struct clock",
    "localtime": "day_from_ymd", "gmtime": "day_from_ymd", "mktime": "day_from_ymd",
    "malloc": "an arena", "calloc": "an arena", "realloc": "an arena", "free": "an arena",
    "strdup": "str_copy", "strndup": "str_copy", "asprintf": "text_add_f",
    "vasprintf": "text_add_f", "open_memstream": "struct text", "getline": "file_read",
    "system": "nothing: no shell is run", "popen": "nothing: no shell is run",
    "printf": "struct err (only cli prints)", "puts": "struct err (only cli prints)",
    "putchar": "struct err (only cli prints)", "vprintf": "struct err (only cli prints)",
    "perror": "struct err (only cli prints)", "exit": "struct err (only cli ends the program)",
    "abort": "CHECK", "assert": "CHECK", "getenv": "an argument (only cli reads the environment)",
    "setlocale": "nothing: text is UTF-8", "pthread_mutex_lock": "thread_lock",
    "__builtin_prefetch": "prefetch",
    "pthread_mutex_unlock": "thread_unlock",
}
# Path prefix -> words allowed there, with the reason beside.
ALLOWED = {
    "src/base/": {"malloc", "calloc", "realloc", "free"},  # the arenas stand on them
    "src/base/check.c": {"abort"},                         # a broken invariant ends here
    "src/base/thread.c": {"pthread_mutex_lock", "pthread_mutex_unlock"},
    "src/base/prefetch.h": {"__builtin_prefetch"},
    "src/base/clock.c": {"clock_gettime", "time", "gettimeofday"},
    "src/cli/": {"printf", "puts", "putchar", "vprintf", "exit", "getenv", "setlocale"},
    "docs/examples/": {"printf", "puts", "exit", "malloc", "realloc", "free"},  # programs of others
}
TESTS_ALLOWED = {"strncat", "getenv", "printf", "system", "exit", "abort"}
STREAMS_ALLOWED = ("src/cli/", "src/base/check.c", "src/base/arena.c", "docs/examples/")

ROOT_NAMES = {
    ".ci", ".clang-format", ".gitignore", "HACKING.md", "Makefile", "README.md", "README.zh-CN.md", "bench",
    "console", "docs", "include", "meson.build", "meson_options.txt", "policies", "src", "tests", "tools",
}

# Folders whose sentences are read by those who type commands alone.
OPTIONS_ALLOWED = ("src/cli/", "src/web/", "src/link/match_")

MONEY_FOLDERS = ("src/policy/", "src/awards/", "src/ledger/", "src/figures/")

# Never in the product: hosts of package registries, paths of one machine, unfinished work.
# (Each is written in two halves so that this file may be checked as well.)
FORBIDDEN = [
    (re.compile(r"\bTO" r"DO\b|\bFIX" r"ME\b|\bX" r"XX\b"), "unfinished work is an issue, not a comment"),
    (re.compile(r"/wo" r"rk/|/ho" r"me/\w|/ro" r"ot/\w"), "a path of one machine"),
    (re.compile(r"/tm" r"p/(?![\w.-]*XXXXXX)"), "a path of one machine (TMPDIR, mkdtemp)"),
    (re.compile(r"pypi\.o" r"rg|npmjs\.c" r"om|crates\.i" r"o\b|deb\.debian\.o" r"rg|"
                r"proxy\.golang\.o" r"rg|docker\.i" r"o\b|artifac" r"tory"), "a host of a registry"),
]

TEXT_ENDINGS = (".c", ".h", ".py", ".sh", ".sql", ".yaml", ".policy", ".md", ".build",
                ".case", ".tsv", ".txt", ".in", ".1")


class Report:
    """What was found, in the order found."""

    def __init__(self, root):
        self.root = root
        self.lines = []

    def add(self, path, line, sentence):
        self.lines.append(f"{path}:{line}: {sentence}")


def text_files(root):
    """Paths, from the root, of all files that people write."""
    found = []
    for base, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders
                            if not f.startswith((".", "build")) and f not in ("demo", "node_modules", "out",
                                                                              "__pycache__"))
        for name in sorted(names):
            if name.endswith(TEXT_ENDINGS) or name == "Makefile":
                found.append(os.path.relpath(os.path.join(base, name), root))
    return found


def strip_c(text, keep_comments=False):
    """C without the insides of strings and characters (and comments); lines stay where they are."""
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

    def blank(match):
        piece = match.group(0)
        if piece.startswith("/"):
            if keep_comments:
                return piece
            return " " + "\n" * piece.count("\n")
        return piece[0] + " " * (len(piece) - 2) + piece[-1]
    return pattern.sub(blank, text)


def functions_of(code):
    """(name, first line, last line) of each function body; the layout is clang-format's."""
    lines = code.split("\n")
    start = 0
    for number, line in enumerate(lines):
        if line.startswith("{"):
            first = number
            while first > 0 and lines[first - 1].strip() and not lines[first - 1].startswith(("}", "#")):
                first -= 1
            match = re.search(r"(\w+)\(", " ".join(lines[first:number]))
            start = first
            name = match.group(1) if match else "?"
        elif line.startswith("}") and start is not None and lines[start:number]:
            if any(l.startswith("{") for l in lines[start:number]):
                yield name, start + 1, number + 1
                start = number + 1


def check_includes(report, path, text):
    parts = path.split("/")
    if len(parts) != 3:
        if parts[0] == "src" and path.endswith((".c", ".h")):
            report.add(path, 1, "sources stand in src/FOLDER/")
        return
    folder = parts[1]
    if folder not in FOLDERS:
        report.add(path, 1, f"folder \"{folder}\" has no number in tools/tidy.py")
        return
    for number, line in enumerate(text.split("\n"), 1):
        match = re.match(r'#include "([^"]+)"', line)
        if not match:
            continue
        other = match.group(1).split("/")[0]
        if "/" not in match.group(1):
            report.add(path, number, "an include names folder and file")
        elif other == folder:
            continue
        elif other not in FOLDERS or FOLDERS[other] >= FOLDERS[folder]:
            report.add(path, number, f"{folder} ({FOLDERS[folder]}) may not use {other}"
                                     f" ({FOLDERS.get(other, '?')})")
        elif folder in FOLDERS_ONLY and other not in FOLDERS_ONLY[folder]:
            report.add(path, number, f"{folder} may not use {other}")
        elif match.group(1) not in HEADERS_ONLY.get((folder, other), {match.group(1)}):
            report.add(path, number, f"{folder} may not use {match.group(1)}")


def check_guard(report, path, text):
    guard = re.sub(r"[/.]", "_", path.split("/", 1)[1]).upper()
    if not text.startswith(f"#ifndef {guard}\n#define {guard}\n"):
        report.add(path, 1, f"the header starts with its guard {guard}")


def check_public(report, path, text):
    """What other programs include stands alone and uses our names; an example uses nothing else of ours."""
    for number, line in enumerate(text.split("\n"), 1):
        match = re.match(r"#include ([<\"].*[>\"])", line)
        if match and not re.match(r"<std\w+\.h>", match.group(1)) and path.startswith("include/"):
            report.add(path, number, "a public header includes only <std….h>")
        elif match and match.group(1).startswith('"'):
            report.add(path, number, "an example includes what is installed, by <…>")
    if not path.startswith("include/"):
        return
    code = strip_c(text)
    names = re.findall(r"^#define (\w+)", code, re.M)
    code = re.sub(r"^#.*", "", code, flags=re.M)
    names += re.findall(r"\b(?:struct|enum) (\w+) \{", code) \
        + re.findall(r"\b([a-z]\w+)\((?!\*)", re.sub(r"__attribute__.*", "", code))
    for name in names:
        if not name.lower().startswith("baoxue_"):
            report.add(path, 1, f"{name} is public and does not start with baoxue_")


def allowed_words(path):
    words = set()
    for prefix, names in ALLOWED.items():
        if path.startswith(prefix):
            words |= names
    if path.endswith("_test.c") or path.startswith("tests/"):
        words |= TESTS_ALLOWED
    return words


def check_calls(report, path, code):
    allowed = allowed_words(path)
    is_test = path.endswith("_test.c") or path.startswith("tests/")
    for number, line in enumerate(code.split("\n"), 1):
        for match in re.finditer(r"(?<![\w.>])(\w+)\s*\(", line):
            word = match.group(1)
            if word in BANNED and word not in allowed:
                report.add(path, number, f"{word}() is not called here; use {BANNED[word]}")
        if re.search(r"\bsqlite3_\w+\s*\(", line) and not path.startswith("src/store/"):
            report.add(path, number, "SQLite is called only in src/store")
        if re.search(r"\b(stdout|stderr)\b", line) and not path.startswith(STREAMS_ALLOWED) \
                and not is_test:
            report.add(path, number, "only cli writes to the standard streams")
        if path.startswith(MONEY_FOLDERS) and re.search(r"\b(float|double)\b", line):
            report.add(path, number, "money knows no float: whole fen and parts per million")


def check_sentences(report, path, text):
    """A sentence stands on pages too: what to type on the command line goes to err_hint alone."""
    if path.startswith(OPTIONS_ALLOWED) or path.endswith(("_test.c", ".h")):
        return
    hints = [match.span() for match in re.finditer(r"\berr_hint\([^;]*;", text)]
    for match in re.finditer(r'"(?:\\.|[^"\\\n])*"', text):
        inside = any(start <= match.start() < end for start, end in hints)
        if re.search(r"(?<![\w-])--[a-z]", match.group(0)) and not inside:
            report.add(path, text.count("\n", 0, match.start()) + 1,
                       "an option stands in err_hint: pages show the sentence as well")


def check_gotos(report, path, code):
    """A goto leads forward."""
    for name, first, last in functions_of(code):
        body = code.split("\n")[first - 1:last]
        for offset, line in enumerate(body):
            match = re.search(r"\bgoto (\w+);", line)
            if match and not any(re.match(rf"\s*{match.group(1)}:", later) for later in body[offset:]):
                report.add(path, first + offset, f"goto {match.group(1)} in {name} leads backward")


def check_globals(report, path, code):
    """No variables at file scope but constants."""
    depth = 0
    for number, line in enumerate(code.split("\n"), 1):
        if depth == 0 and re.match(r"^(static |extern |_Thread_local )*(const )?(struct |enum |unsigned )?"
                                   r"\w+ [*\w\s]*\w+(\[[^\]]*\])*\s*(=.*|;)$", line):
            if not re.match(r"^(typedef\b|return\b|goto\b|struct \w+;|enum \w+;)", line) \
                    and "const" not in line:
                report.add(path, number, "a variable at file scope is a constant")
        depth += line.count("{") - line.count("}") + line.count("(") - line.count(")")


def check_length(report, path, text, code):
    lines = text.count("\n")
    if lines > FILE_LINES_MAX:
        report.add(path, 1, f"{lines} lines; a file has at most {FILE_LINES_MAX}")
    if path.endswith((".c", ".h")):
        for name, first, last in functions_of(code):
            if last - first + 1 > FUNCTION_LINES_MAX:
                report.add(path, first, f"{name} has {last - first + 1} lines; a function has at most "
                                        f"{FUNCTION_LINES_MAX}")
    elif path.endswith(".py"):
        check_python_functions(report, path, text)


def check_python_functions(report, path, text):
    lines = text.split("\n")
    for number, line in enumerate(lines):
        match = re.match(r"(\s*)def (\w+)", line)
        if not match:
            continue
        indent = len(match.group(1))
        last = number
        for after in range(number + 1, len(lines)):
            if lines[after].strip() and len(lines[after]) - len(lines[after].lstrip()) <= indent:
                break
            if lines[after].strip():
                last = after
        if last - number + 1 > FUNCTION_LINES_MAX:
            report.add(path, number + 1, f"{match.group(2)} has {last - number + 1} lines; a function "
                                         f"has at most {FUNCTION_LINES_MAX}")


def columns(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def check_layout(report, path, text):
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line:
            report.add(path, number, "a tab; use four spaces")
        if line != line.rstrip():
            report.add(path, number, "blanks at the end of the line")
        # clang-format does not break what is inside a string; a Chinese one may stand over the edge.
        if len(line) > COLUMNS_MAX:
            report.add(path, number, f"{len(line)} columns; a line has at most {COLUMNS_MAX}")


def header_groups(text):
    """The declarations of a header, by groups of lines without a blank line between:
    [(said, [(line, declaration)])], `said` when a comment stands above or anywhere in the group."""
    groups, pieces, said = [], [], False
    piece, start, depth, in_comment = [], 0, 0, False

    for number, line in enumerate(strip_c(text, keep_comments=True).split("\n") + [""], 1):
        bare = re.sub(r"/\*.*?\*/", "", line)
        said = said or in_comment or "/*" in line
        if in_comment or "/*" in bare:
            was_inside, in_comment = in_comment, "*/" not in bare
            bare = bare.split("*/", 1)[-1] if was_inside and "*/" in bare else bare.split("/*")[0]
        if bare.strip() == "" and depth == 0 and not piece and not in_comment:
            if line.strip() == "":
                groups.append((said, pieces))
                pieces, said = [], False
            continue
        if not piece and bare.strip() in ("", "}", "};"):
            continue
        if not piece:
            start = number
        piece.append(bare)
        depth += bare.count("{") - bare.count("}") + bare.count("(") - bare.count(")")
        if bare.startswith("#") or piece[0].startswith("#"):
            if not bare.endswith("\\"):
                piece, depth = [], 0
        elif depth == 0 and bare.rstrip().endswith((";", "}")):
            pieces.append((start, "\n".join(piece)))
            piece = []
    return groups


def check_header_words(report, path, text):
    """Every public function and type says what it is."""
    comments = " ".join(re.findall(r"/\*.*?\*/", text, re.S))
    for said, pieces in header_groups(text):
        for line, piece in pieces:
            bare = re.sub(r"__attribute__\s*\(\(.*\)\)", "", piece, flags=re.S)
            if re.match(r"(struct|enum) \w+;$", bare.strip()):
                continue
            match = re.match(r"(?:typedef )?(?:struct|enum|union)\s+(\w+)\s*\{", bare) \
                or re.search(r"(\w+)\(", bare)
            if match and not said and not re.search(rf"\b{match.group(1)}\b", comments):
                report.add(path, line, f"{match.group(1)} says nothing about itself")


def check_built(report, root, paths):
    """Every source stands in its folder's meson.build, every test too."""
    for path in paths:
        if not re.match(r"src/\w+/\w+\.c$", path) or path == "src/cli/main.c":
            continue
        build = os.path.join(root, os.path.dirname(path), "meson.build")
        stem = os.path.basename(path)[:-2]
        text = ""
        if os.path.exists(build):
            with open(build, encoding="utf-8") as file:
                text = file.read()
        if "static_library(" not in text:  # a folder that has headers only so far
            continue
        base = stem[:-5] if stem.endswith("_test") else stem
        if f"'{stem}.c'" not in text and f"'{stem}'" not in text and not (
                stem.endswith("_test") and f"'{base}'" in text and "_test" in text):
            report.add(path, 1, "stands in no meson.build")


def check_forbidden(report, path, text):
    for number, line in enumerate(text.split("\n"), 1):
        for pattern, sentence in FORBIDDEN:
            if pattern.search(line):
                report.add(path, number, sentence)


def check_glossary(report, root):
    """Each line of the glossary gives a term in both languages, once."""
    path = "docs/GLOSSARY.md"
    full = os.path.join(root, path)
    if not os.path.exists(full):
        report.add(path, 1, "is missing")
        return
    seen = {}
    with open(full, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.startswith("|") or set(line.strip()) <= set("|-: "):
                continue
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if cells[0] == "English":
                continue
            if len(cells) < 3:
                report.add(path, number, "a term has English, 中文 and a meaning")
                continue
            if not re.search(r"[a-z]", cells[0], re.I) or not re.search(r"[\u4e00-\u9fff]", cells[1]) \
                    or not cells[2]:
                report.add(path, number, "a term has English, 中文 and a meaning")
            if cells[0] in seen:
                report.add(path, number, f"\"{cells[0]}\" stands already in line {seen[cells[0]]}")
            seen[cells[0]] = number


def check_root(report, root):
    """Nothing lies at the root that has no place there, as the folder of a killed test."""
    listing = subprocess.run(["git", "-C", root, "ls-files", "-z"], stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, encoding="utf-8", check=False).stdout
    names = listing.split("\0") if listing else os.listdir(root)
    for name in sorted({name.split("/")[0] for name in names if name} - ROOT_NAMES):
        report.add(name, 1, "has no place at the root; ROOT_NAMES in tools/tidy.py lists what has")


# Screenshots are made by the browser tests (make pictures) and not kept.
MADE_PICTURES = re.compile(r"pictures/[a-z-]+\.(zh|en)(\.dark)?\.png")


def check_links(report, root, paths):
    """What a document points at inside the project is there, or is a picture that is made."""
    for path in paths:
        if not path.endswith(".md"):
            continue
        with open(os.path.join(root, path), encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", line):
                    if MADE_PICTURES.fullmatch(target):
                        continue
                    if not os.path.exists(os.path.join(root, os.path.dirname(path), target)):
                        report.add(path, number, f"points at {target}, which is not there")


def check_settings(report, root, paths):
    """Every environment variable that the program reads is documented."""
    documents = ""
    for path in paths:
        if path.startswith("docs/") or path.startswith("README"):
            with open(os.path.join(root, path), encoding="utf-8") as file:
                documents += file.read()
    for path in paths:
        if not path.startswith("src/cli/") or not path.endswith(".c"):
            continue
        with open(os.path.join(root, path), encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                for name in re.findall(r'getenv\("(BAOXUE_\w+)"\)', line):
                    if name not in documents:
                        report.add(path, number, f"{name} is documented nowhere")


def ask(binary, *arguments):
    return subprocess.run([binary, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          encoding="utf-8", check=False).stdout


def check_commands(report, root, binary):
    """Every command: help with an example in both languages, manual, documents, completion."""
    table = json.loads(ask(binary, "help", "--json"))["commands"]
    manual = ask(binary, "help", "--format", "man").replace("\\-", "-")
    completion = ask(binary, "help", "--format", "bash")
    for lang in ("zh", "en"):
        path = f"docs/commands.{lang}.md"
        fresh = ask(binary, "help", "--format", "markdown", "--lang", lang)
        full = os.path.join(root, path)
        kept = ""
        if os.path.exists(full):
            with open(full, encoding="utf-8") as file:
                kept = file.read()
        if kept != fresh:
            report.add(path, 1, "differs from `baoxue help --format markdown`; `make documents` writes it")
    for command in table:
        name = command["name"]
        for lang in ("zh", "en"):
            text = ask(binary, *name.split(), "--help", "--lang", lang)
            if not re.search(rf"^ +baoxue .*{name.split()[0]}", text, re.M):
                report.add("src/cli", 1, f"`{name} --help` ({lang}) shows no example")
            for option in command["options"]:
                if option not in text:
                    report.add("src/cli", 1, f"`{name} --help` ({lang}) does not name {option}")
        if not re.search(rf"baoxue {re.escape(name)}\b", manual):
            report.add("src/cli", 1, f"`{name}` does not stand in the manual page")
        for word in name.split():
            if word not in completion:
                report.add("src/cli", 1, f"`{word}` does not stand in the completion")


def symbols(path, *options):
    """Names of the functions that a program or library defines."""
    listing = subprocess.run(["nm", "--defined-only", *options, path], stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, encoding="utf-8", check=False).stdout
    return {line.split()[2].split("@")[0] for line in listing.splitlines()
            if len(line.split()) == 3 and line.split()[1] in "TW"}


def check_symbols(report, binary):
    """No function of ours has the name of a library's: its own calls would come to us."""
    ours = symbols(binary)
    listing = subprocess.run(["ldd", binary], stdout=subprocess.PIPE, encoding="utf-8", check=False).stdout
    for library in re.findall(r"=> (\S+)", listing):
        if re.search(r"lib[at]san|libubsan", library):
            continue
        for name in sorted((ours & symbols(library, "-D")) - {"_init", "_fini", "_start", "main"}):
            if name.startswith("__"):  # the compiler's own, as __cpu_indicator_init
                continue
            report.add("src", 1, f"{name} is also the name of a function of {os.path.basename(library)}")


def check_file(report, root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        try:
            text = file.read()
        except UnicodeDecodeError:
            report.add(path, 1, "is not UTF-8")
            return
    if not path.endswith((".case", ".tsv")) and not path.startswith(("docs/LICENSES", "tests/data/")):
        check_forbidden(report, path, text)
    if path.endswith((".c", ".h", ".py", ".sh", ".sql")):
        code = strip_c(text) if path.endswith((".c", ".h")) else text
        check_length(report, path, text, code)
    if path.endswith((".c", ".h")):
        check_layout(report, path, text)
        check_calls(report, path, code)
        if path.startswith("src/"):
            check_includes(report, path, text)
            check_sentences(report, path, text)
            check_gotos(report, path, code)
            check_globals(report, path, code)
    if path.startswith(("include/", "docs/examples/")):
        check_public(report, path, text)
    if path.startswith(("src/", "include/")) and path.endswith(".h"):
        check_guard(report, path, text)
        check_header_words(report, path, text)


def check_tree(root, binary=None):
    """All breaches of the tree at `root`, one line each."""
    report = Report(root)
    paths = text_files(root)
    for path in paths:
        check_file(report, root, path)
    check_built(report, root, paths)
    check_glossary(report, root)
    check_settings(report, root, paths)
    check_links(report, root, paths)
    check_root(report, root)
    if binary:
        check_commands(report, root, binary)
        check_symbols(report, binary)
    return report.lines


def main():
    arguments = sys.argv[1:]
    binary = None
    if "--binary" in arguments:
        at = arguments.index("--binary")
        binary = arguments[at + 1]
        del arguments[at:at + 2]
    root = arguments[0] if arguments else os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    breaches = check_tree(root, binary)
    for line in breaches:
        print(line)
    print(f"tidy: {len(breaches)} breaches" if breaches else "tidy: all in order")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
