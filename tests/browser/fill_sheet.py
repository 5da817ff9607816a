#!/usr/bin/env python3
"""Fills in cells of a case sheet as another program would write them (inline texts).

    fill_sheet.py IN.xlsx OUT.xlsx CELL=TEXT...
"""
import re
import sys
import zipfile
from xml.sax.saxutils import escape


def main():
    given = dict(pair.split("=", 1) for pair in sys.argv[3:])
    with zipfile.ZipFile(sys.argv[1]) as old, zipfile.ZipFile(sys.argv[2], "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            for cell, value in given.items() if name == "xl/worksheets/sheet1.xml" else ():
                put = f'<c r="{cell}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
                text, count = re.subn(rf'<c r="{cell}"(?: [^>/]*)?(?:/>|>.*?</c>)', put, text)
                if count != 1:
                    raise SystemExit(f"there is no cell {cell}")
            new.writestr(name, text)


main()
