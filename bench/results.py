"""bench/RESULTS.md, section by section: each run of a benchmark replaces its own and leaves the others."""
import datetime
import os
import re

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "RESULTS.md")
ORDER = ["match", "scale", "city", "towns", "person", "policy", "place", "ledger", "web", "figures"]
HEAD = "# Results\n\nEach section is written by the command it names. Machines differ: read the ratios.\n"


def read():
    """{section: text}"""
    if not os.path.exists(PATH):
        return {}
    with open(PATH, encoding="utf-8") as file:
        parts = re.split(r"<!-- section (\w+) -->\n", file.read())
    return {name: text.strip() for name, text in zip(parts[1::2], parts[2::2])}


def put(name, command, lines):
    """Replaces one section. The day and the machine stand below it."""
    sections = read()
    stamp = f"*`{command}`, {datetime.date.today()}, {os.cpu_count()} cores.*"
    sections[name] = "\n".join(lines).strip() + "\n\n" + stamp
    with open(PATH, "w", encoding="utf-8") as file:
        file.write(HEAD)
        for key in ORDER:
            if key in sections:
                file.write(f"\n<!-- section {key} -->\n{sections[key]}\n")
