#!/usr/bin/env python3
"""Builds files into the program: policies, schemas and tables of characters.

    embed.py ROOT OUT.S [auto|enabled|disabled]

The last word is for the console: what npm built (console/dist) goes in if it is there (auto), must be
there (enabled), or stays out (disabled). Its files go in twice, plain and packed (".gz"), so that
nothing is packed while people wait.

Writes assembly with one .incbin a file and a sorted index. The digest of each file stands beside its
name, so that OUT.S changes when a file does; when nothing changed it is left alone.
"""
import gzip
import hashlib
import os
import sys

FOLDERS = ["policies", "src"]
CONSOLE = "console/dist"
PACKED = (".js", ".css", ".svg", ".json", ".txt", ".webmanifest")


def wanted(path):
    if path.startswith("policies/"):
        return path.endswith((".yaml", ".tsv", ".policy"))
    return path.endswith(".sql") or "/tables/" in path


def files(root):
    found = []
    for folder in FOLDERS:
        for base, folders, names in os.walk(os.path.join(root, folder)):
            folders.sort()
            for name in names:
                path = os.path.relpath(os.path.join(base, name), root)
                if not name.startswith(".") and wanted(path):
                    found.append(path)
    return sorted(found, key=lambda path: path.encode())


def console_files(root, out, wish):
    """(name, path) of the files of the console, plain and packed."""
    top = os.path.join(root, CONSOLE)
    if wish == "disabled":
        return []
    if not os.path.exists(os.path.join(top, "index.html")):
        if wish == "enabled":
            sys.exit(f"{CONSOLE}/index.html is not there: build the console first (make console)")
        return []
    found = []
    for base, _, names in os.walk(top):
        for name in names:
            path = os.path.join(base, name)
            inner = os.path.relpath(path, root)
            found.append((inner, path))
            if name.endswith(PACKED):
                found.append((inner + ".gz", pack(path, os.path.join(out + ".packed", inner + ".gz"))))
    return found


def pack(path, packed):
    """The same bytes for the same file: no name, no time."""
    with open(path, "rb") as file:
        content = gzip.compress(file.read(), 9, mtime=0)
    os.makedirs(os.path.dirname(packed), exist_ok=True)
    with open(packed, "wb") as file:
        file.write(content)
    return packed


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def write(root, out, wish):
    found = [(name, os.path.join(root, name)) for name in files(root)]
    found = sorted(found + console_files(root, out, wish), key=lambda pair: pair[0].encode())
    names = [name for name, _ in found]
    lines = [".section .rodata"]
    for i, (name, path) in enumerate(found):
        full = os.path.abspath(path)
        lines += [f"/* {digest(full)} */", f".balign 16\nbytes{i}: .incbin \"{full}\"\nend{i}: .byte 0",
                  f"name{i}: .asciz \"{name}\""]
    lines += [".section .data.rel.ro,\"aw\"", ".balign 16", ".globl baoxue_assets",
              "baoxue_assets:"]
    lines += [f".quad name{i}, bytes{i}, end{i} - bytes{i}" for i in range(len(names))]
    lines += [".quad 0, 0, 0", ".globl baoxue_asset_count", "baoxue_asset_count:",
              f".quad {len(names)}", ".section .note.GNU-stack,\"\",%progbits", ""]
    text = "\n".join(lines)
    if os.path.exists(out):
        with open(out, encoding="utf-8") as file:
            if file.read() == text:
                return
    with open(out, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    write(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "auto")
