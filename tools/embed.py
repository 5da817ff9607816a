#!/usr/bin/env python3
"""Builds files into the program: policies, schemas and tables of characters.

    embed.py ROOT OUT.S

Writes assembly with one .incbin a file and a sorted index. The digest of each file stands beside its
name, so that OUT.S changes when a file does; when nothing changed it is left alone.
"""
import hashlib
import os
import sys

FOLDERS = ["policies", "src"]


def wanted(path):
    if path.startswith("policies/"):
        return path.endswith((".yaml", ".tsv"))
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


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def write(root, out):
    names = files(root)
    lines = [".section .rodata"]
    for i, name in enumerate(names):
        full = os.path.abspath(os.path.join(root, name))
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
    write(sys.argv[1], sys.argv[2])
