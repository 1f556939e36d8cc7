#!/usr/bin/env python3
"""Writes every example of the books as a fixture: one JSON file an action, values only.

    contrib/catalog/examples.py [FOLDER OF THE BOOKS] [--out FOLDER]

A file is an array of {"title", "request", "response"}: the request's parameters nested as the catalog
types them, without the common ones, and what stands in "Response", or null where the text is no JSON.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

from book import Line, read_book
from model import Service
from service import BOOKS, REPOSITORY, book_path, read_service

SENT_ELSEWHERE = {"Action", "Version", "Region", "Timestamp", "Nonce", "SecretId", "Signature", "Token"}
HEADERS = re.compile(r"^(POST|GET) / HTTP|^[A-Z][A-Za-z-]+: |^&?<[Cc]ommon request parameters>$")
REPAIRS: tuple[tuple[str, str, str, str], ...] = (
    ("DescribeImages", '"SnapshotSet": []\n', '"SnapshotSet": [],\n', "a comma is missing"),
)
"""Slips of the print that keep an example from being JSON: action, wrong text, right text, reason."""


def logical_lines(lines: list[Line]) -> list[str]:
    """The printed lines with those joined that the page's width broke: no blank line stands between them."""
    result: list[str] = []
    open_line = False
    for line in lines:
        if not line.words:
            open_line = False
            continue
        text = line.text.removeprefix(" ") if line.starts_page else line.text
        if open_line and not line.starts_page:
            result[-1] += text
        else:
            result.append(text)
        open_line = True
    return [text.strip() for text in result]


def split_examples(lines: list[Line]) -> list[tuple[list[str], list[str]]]:
    """The logical lines of every example's input and output."""
    result: list[tuple[list[Line], list[Line]]] = []
    target: list[Line] | None = None
    for line in lines:
        if re.match(r"Example ?\d+", line.words):
            target = None
        elif line.words == "Input Example":
            result.append(([], []))
            target = result[-1][0]
        elif line.words == "Output Example":
            target = result[-1][1]
        elif target is not None:
            target.append(line)
    return [(logical_lines(given), logical_lines(answer)) for given, answer in result]


def request_of(lines: list[str], action: str, types: "Types") -> dict[str, Any] | None:
    """The parameters of a printed request, from a query or from a JSON body."""
    body = [line for line in lines if not HEADERS.match(line)]
    if body and re.match(r"(GET |POST )?https?://", body[0]):
        return nested(query_pairs("".join(body)), action, types)
    parsed = parsed_json(body, action)
    if not isinstance(parsed, dict):
        return None
    return {name: value for name, value in parsed.items() if name not in SENT_ELSEWHERE}


def query_pairs(text: str) -> list[tuple[str, str]]:
    """Names and values of a printed query, without the common parameters."""
    query = text.split("?", 1)[1]
    pairs = []
    for part in query.split("&"):
        name, equals, value = part.strip().partition("=")
        if equals and name not in SENT_ELSEWHERE:
            pairs.append((name.strip(), value.strip()))
    return pairs


def parsed_json(lines: list[str], action: str) -> Any:
    """The JSON value of the lines, repaired where the book has a known slip, or None."""
    text = "\n".join(lines)
    for owner, wrong, right, _ in REPAIRS:
        if owner == action:
            text = text.replace(wrong, right)
    for candidate in (text, text.replace("\n", "")):
        try:
            return json.loads(candidate)
        except json.JSONDecodeError:
            continue
    return None


class Types:
    """Looks up the types of parameters, to give the words of a query their JSON types."""

    def __init__(self, service: Service) -> None:
        self.actions = {a.name: {p.name: p.type for p in a.parameters} for a in service.actions}
        self.structures = {s.name: {m.name: m.type for m in s.members} for s in service.structures}

    def members(self, type_: str) -> dict[str, str]:
        """The members of a structure, or none."""
        return self.structures.get(type_, {})


def nested(pairs: list[tuple[str, str]], action: str, types: Types) -> dict[str, Any]:
    """The tree of dotted names: `Filters.0.Values.1=x` makes an array of objects with arrays."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        here = tree
        *path, last = name.split(".")
        for step in path:
            here = here.setdefault(step, {})
        here[last] = value
    known = types.actions[action]
    return {name: typed(value, known.get(name, ""), types) for name, value in tree.items()}


def typed(value: Any, type_: str, types: Types) -> Any:
    """A word or a subtree of a query as the JSON value its type asks for."""
    if isinstance(value, dict):
        if value and all(step.isdigit() for step in value):
            element = type_.removeprefix("Array of ")
            return [typed(value[step], element, types) for step in sorted(value, key=int)]
        members = types.members(type_)
        return {name: typed(item, members.get(name, ""), types) for name, item in value.items()}
    if type_ == "Integer" and re.fullmatch(r"-?\d+", value):
        return int(value)
    if type_ == "Float" and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return float(value)
    if type_ == "Boolean" and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return value


def response_of(lines: list[str], action: str) -> dict[str, Any] | None:
    """What stands in "Response" of a printed answer, or None."""
    parsed = parsed_json(lines, action)
    answer = parsed.get("Response") if isinstance(parsed, dict) else None
    return answer if isinstance(answer, dict) else None


def write_fixtures(folder: Path, books: Path) -> str:
    """Writes all fixtures and returns the report."""
    report = []
    for which in BOOKS:
        book = read_book(book_path(books, which))
        types = Types(read_service(book, which))
        target = folder / which.service
        target.mkdir(parents=True, exist_ok=True)
        by_action: dict[str, list[dict[str, Any]]] = {}
        for page in book.pages:
            fixtures = by_action.setdefault(page.name, [])
            printed_before = [{key: old[key] for key in ("request", "response")} for old in fixtures]
            for given, answer in split_examples(page.examples):
                made = {"request": request_of(given, page.name, types), "response": response_of(answer, page.name)}
                if made not in printed_before:
                    fixtures.append({"title": f"example {len(fixtures) + 1}"} | made)
        for name, fixtures in sorted(by_action.items()):
            text = json.dumps(fixtures, indent=2, ensure_ascii=False) + "\n"
            (target / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
        everything = [(name, item) for name, items in sorted(by_action.items()) for item in items]
        unread = [name for name, item in everything if item["request"] is None or item["response"] is None]
        report.append(f"{which.service}: {len(everything)} examples of {len(by_action)} actions, unread: {unread}")
    return "\n".join(report)


def main() -> None:
    """Writes the fixtures of both services."""
    parser = argparse.ArgumentParser(description="Writes the books' examples as test fixtures.")
    parser.add_argument("books", nargs="?", type=Path, default=REPOSITORY.parent / "shared" / "seeds")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "Tests" / "Fixtures" / "examples")
    options = parser.parse_args()
    print(write_fixtures(options.out, options.books))


if __name__ == "__main__":
    main()
