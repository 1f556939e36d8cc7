#!/usr/bin/env python3
"""What a fuzzer of the language begins with: every runbook, every chunk of the tests and every block of the pages, each a
file of its own. usage: corpus.py FOLDER
"""
import hashlib
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def texts():
    for folder in ("runbooks", "contrib", "Tests"):
        for path in ROOT.glob(f"{folder}/**/*.belay"):
            yield path.read_text(encoding="utf-8")
    for path in ROOT.glob("Tests/*/Corpus/*.chunks"):
        yield from re.split(r"^---+.*$", path.read_text(encoding="utf-8"), flags=re.M)
    for path in ROOT.glob("docs/*.md"):
        for block in re.findall(r"^```belay\n(.*?)^```", path.read_text(encoding="utf-8"), flags=re.M | re.S):
            yield block if block.lstrip("/ \n").startswith(("runbook", "library")) else "runbook docs.block 1.0.0\n" + block


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for text in texts():
        data = text.strip().encode() + b"\n"
        (folder / hashlib.sha1(data).hexdigest()[:16]).write_bytes(data)


main()
