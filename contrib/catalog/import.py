#!/usr/bin/env python3
"""Reads the provider's books and writes the fact files of the catalog.

    contrib/catalog/import.py [FOLDER OF THE BOOKS] [--out FOLDER]

The books are text dumps; the folder is ../shared/seeds beside the repository unless given.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from book import read_book
from model import Service
from render import swift_file
from service import BOOKS, REPOSITORY, book_path, read_service

SUMMARIES = Path(__file__).resolve().parent / "summaries.tsv"


def read_summaries(path: Path) -> dict[str, dict[str, str]]:
    """Our own summaries: service to ("action NAME" or "structure NAME" to sentence)."""
    result: dict[str, dict[str, str]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        parts = line.split("\t")
        if len(parts) != 3:
            raise SystemExit(f"{path.name}:{number}: three columns are needed: service, name, summary")
        result.setdefault(parts[0], {})[parts[1]] = parts[2]
    return result


def check_summaries(service: Service, summaries: dict[str, str]) -> None:
    """Stops if an action or structure has no summary, or a summary no action or structure."""
    wanted = {f"action {a.name}" for a in service.actions} | {f"structure {s.name}" for s in service.structures}
    missing, stray = sorted(wanted - set(summaries)), sorted(set(summaries) - wanted)
    if missing or stray:
        raise SystemExit(f"summaries.tsv, {service.name}: missing {missing}, stray {stray}")


def counts(service: Service) -> str:
    """One line of what was read."""
    parameters = sum(len(action.parameters) for action in service.actions)
    members = sum(len(structure.members) for structure in service.structures)
    errors = sum(len(action.errors) for action in service.actions)
    limited = sum(bool(item.constraints) for action in service.actions for item in action.parameters)
    return (f"{service.name}: {len(service.actions)} actions, {parameters} parameters ({limited} with constraints), "
            f"{len(service.structures)} structures, {members} members, {errors} action-error pairs, "
            f"{len(service.common_errors)} common errors")


def main() -> None:
    """Reads both books and writes both files."""
    parser = argparse.ArgumentParser(description="Writes the catalog's fact files from the provider's books.")
    parser.add_argument("books", nargs="?", type=Path, default=REPOSITORY.parent / "shared" / "seeds")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "Sources" / "CloudCatalog" / "Facts")
    options = parser.parse_args()
    summaries = read_summaries(SUMMARIES)
    report = []
    for which in BOOKS:
        service = read_service(read_book(book_path(options.books, which)), which)
        own = summaries.get(which.service, {})
        check_summaries(service, own)
        target = options.out / f"{which.service.capitalize()}Facts.swift"
        target.write_text(swift_file(service, own), encoding="utf-8", newline="\n")
        report.append(counts(service))
    print("\n".join(report))


if __name__ == "__main__":
    main()
