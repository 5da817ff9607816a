#!/usr/bin/env python3
"""Makes one static library of several, in which only names of a pattern can be seen.

    merge_library.py LD OBJCOPY AR OUT.a PATTERN ARCHIVE…

The first three are the tools for the machine that the library is for. The objects of the first archive and
whatever of the others they need become one object; all other names are made local, so that they cannot clash
with those of the program that links it.
"""
import os
import subprocess
import sys


def main():
    ld, objcopy, ar, out, pattern, first, *others = sys.argv[1:]
    whole = out + ".o"
    subprocess.run([ld, "-r", "-o", whole, "--whole-archive", first, "--no-whole-archive",
                    "--start-group", *others, "--end-group"], check=True)
    subprocess.run([objcopy, "--wildcard", f"--keep-global-symbol={pattern}", whole], check=True)
    if os.path.exists(out):
        os.remove(out)
    subprocess.run([ar, "crsD", out, whole], check=True)
    os.remove(whole)


if __name__ == "__main__":
    main()
