"""Puts a service together from its book: tables, constraints, overrides, category, regions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from book import ActionPage, Book, Line
from constraints import extract, flat
from model import Action, Constraints, Member, Output, Parameter, Row, Service, Structure
from overrides import overrides_of
from tables import TypeReader, read_errors, read_input_table, read_output_table, read_structure_table

REPOSITORY = Path(__file__).resolve().parents[2]
COMMON = ("Action", "Version", "Region")
CONSTRAINT_ORDER = (
    "default", "enum", "min", "max", "minlength", "maxlength", "maxitems", "pattern", "format", "exclusive")
NOT_CODES = {"TencentCloud", "DryRun"}
"""Words that open a wrapped line in the error tables and look like a code."""


@dataclass(frozen=True)
class BookName:
    """Which book is which service; `file` opens the name of its dump; `extra` are categories the book lacks."""

    service: str
    version: str
    file: str
    extra: tuple[tuple[str, str], ...] = ()


BOOKS = (
    BookName("ecm", "2019-07-19", "001_"),
    BookName("cvm", "2017-03-12", "004_", (
        # Both have a page in the chapter of the instances, but no row in the list of actions.
        ("DescribeInstanceTypeConfigs", "Instance"), ("DescribeInstanceVncUrl", "Instance"))),
)


def book_path(folder: Path, which: BookName) -> Path:
    """The dump of a book in `folder`, found by the number its name begins with."""
    found = sorted(folder.glob(f"{which.file}*.txt"))
    if len(found) != 1:
        raise SystemExit(f"{folder} has {len(found)} files {which.file}*.txt, one is needed")
    return found[0]


def read_service(book: Book, which: BookName) -> Service:
    """Everything the book states of its service."""
    types = TypeReader([entry.name for entry in book.structures] + linked_types(book))
    pages = {page.name: page for page in reversed(book.pages)}
    categories = read_categories(book, set(pages)) | dict(which.extra)
    actions = [read_action(pages[name], types, categories[name]) for name in sorted(pages)]
    check_repeated_pages(book, actions, types, categories)
    structures = [
        Structure(entry.name, [member(row, types_of(rows)) for row in rows])
        for entry in sorted(book.structures, key=lambda entry: entry.name)
        for rows in [read_structure_table(entry.table, types)]
    ]
    apply_overrides(which.service, actions, structures)
    endpoint = most_common([action.endpoint for action in actions])
    return Service(which.service, which.version, endpoint, read_regions(book, which.service),
                   read_hosts(book, which.service), actions, structures, read_common_errors(book))


def most_common(values: list[str]) -> str:
    """The value that occurs most often."""
    return max(sorted(set(values)), key=values.count)


def linked_types(book: Book) -> list[str]:
    """The structures that a link of the chapters leads to, also those that have no entry."""
    found = {match.group(1) for line in book.lines
             for match in [re.fullmatch(r" ?https://\S+/(?:45776|15753)#(\w+)", line.text)] if match}
    return sorted(found)


def types_of(rows: list[Row]) -> list[str]:
    """The names of all rows without `.N`."""
    return [bare(row.name) for row in rows]


def bare(name: str) -> str:
    """The name as it is sent: without the `.N` of arrays."""
    return name.removesuffix(".N")


def read_action(page: ActionPage, types: TypeReader, category: str) -> Action:
    """One action as its page states it."""
    rows = read_input_table(page.inputs, types)
    head = " ".join(line.words for line in page.description)
    rate = re.search(r"A maximum of (\d+) requests can be initiated per second", head)
    endpoint = re.search(r"Domain name for API request: (\S+?)\.(?:\s|$)", head)
    region = next(row.need for row in rows if row.name == "Region")
    if not rate or not endpoint:
        raise ValueError(f"no rate or endpoint on the page of {page.name}")
    own = [row for row in rows if row.name not in COMMON]
    outputs = [
        Output(bare(row.name), may_be_null(row.text), row.type)
        for row in read_output_table(page.outputs, types) if row.name != "RequestId"
    ]
    return Action(page.name, category, int(rate.group(1)), endpoint.group(1),
                  "required" if region == "Yes" else "optional",
                  [parameter(row, types_of(own)) for row in own], outputs, read_errors(page.errors, NOT_CODES))


def parameter(row: Row, siblings: list[str]) -> Parameter:
    """The parameter of a row, with the constraints its description states."""
    name = bare(row.name)
    return Parameter(name, row.need == "Yes", row.type, extract(row.type, row.text, name, siblings), row.line)


def member(row: Row, siblings: list[str]) -> Member:
    """The member of a structure; constraints are read where the structure may be sent."""
    name = bare(row.name)
    if row.need:
        role = "required" if row.need == "Yes" else "optional"
        return Member(name, role, row.type, extract(row.type, row.text, name, siblings), row.line)
    return Member(name, "nullable" if may_be_null(row.text) else "plain", row.type, {}, row.line)


def may_be_null(text: str) -> bool:
    """Whether the description says that the value may be null, in any of the books' wordings."""
    return re.search(r"may return null|is null for|returns null|Null is returned|field and null",
                     flat(text)) is not None


def check_repeated_pages(book: Book, actions: list[Action], types: TypeReader, categories: dict[str, str]) -> None:
    """Raises if a page that is printed twice states two different things."""
    by_name = {action.name: action for action in actions}
    for page in book.pages:
        other = read_action(page, types, categories[page.name])
        first = by_name[page.name]
        if facts_of(other) != facts_of(first):
            raise ValueError(f"the pages of {page.name} differ")


def facts_of(action: Action) -> tuple[object, ...]:
    """What two printings of a page must agree in: everything but wording and place."""
    return ([(p.name, p.required, p.type) for p in action.parameters], action.outputs, action.errors, action.rate)


def apply_overrides(service: str, actions: list[Action], structures: list[Structure]) -> None:
    """Applies the overrides, makes exclusions mutual and puts constraints into their order."""
    pending = overrides_of(service)
    owners = [(a.name, a.parameters) for a in actions] + [(s.name, s.members) for s in structures]
    for owner, members in owners:
        for item in members:
            override = pending.pop((owner, item.name), None)
            if override:
                if override.line != item.line:
                    raise ValueError(f"the override of {owner}.{item.name} is not for line {item.line}")
                item.constraints = merged(item.constraints, override.set)
        make_mutual({item.name: item.constraints for item in members})
        for item in members:
            item.constraints = {key: item.constraints[key] for key in CONSTRAINT_ORDER if key in item.constraints}
    if pending:
        raise ValueError(f"overrides without a row: {sorted(pending)}")


def merged(found: Constraints, changes: dict[str, str | list[str] | None]) -> Constraints:
    """The constraints with the changes made; None takes one away."""
    result = dict(found)
    for key, value in changes.items():
        result.pop(key, None)
        if value is not None:
            result[key] = value
    return result


def make_mutual(constraints: dict[str, Constraints]) -> None:
    """Adds `exclusive` to the other side, where only one side's description tells it."""
    for name, stated in constraints.items():
        for other in list(stated.get("exclusive", [])):
            theirs = constraints[other].setdefault("exclusive", [])
            if isinstance(theirs, list) and name not in theirs:
                theirs.append(name)


def read_categories(book: Book, names: set[str]) -> dict[str, str]:
    """The category of every action, from the chapter "API Category"."""
    start = next(i for i, line in enumerate(book.lines) if line.words == "API Category")
    first_chapter = next(i for i, line in enumerate(book.lines) if line.words == "1. Service Address")
    first_page = next(i for i, line in enumerate(book.lines) if line.words == "1. API Description")
    result: dict[str, str] = {}
    category = ""
    opening = category_before(book.lines, start)
    for line in book.lines[opening:min(first_chapter, first_page)]:
        heading = re.fullmatch(r"([A-Z][A-Za-z ]*) APIs?", line.words)
        if heading:
            category = heading.group(1)
        name = action_in(line, names)
        if name:
            result.setdefault(name, category)
    return result


def category_before(lines: list[Line], start: int) -> int:
    """The index where the list of actions starts: its first tables may stand above the running title."""
    index = start
    while not lines[index].words.startswith("API Documentation") and start - index < 120:
        index -= 1
    return index


def action_in(line: Line, names: set[str]) -> str:
    """The action that a line of the list opens with, also if the rest of its name is on the next line."""
    word = line.words.split(" ")[0] if line.words else ""
    if word in names:
        return word
    longer = [name for name in names if len(word) > 20 and name.startswith(word)]
    return longer[0] if len(longer) == 1 else ""


def read_regions(book: Book, service: str) -> list[str]:
    """The regions a call may name: CVM's printed list; for ECM, which prints none, all that the text mentions."""
    text = "\n".join(line.words for line in book.lines)
    if service == "ecm":
        return sorted(set(re.findall(r"\b[a-z]{2}-[a-z]+-ecm\b", text)))
    lines = [line.words for line in book.lines]
    start = lines.index("Region Value")
    result = []
    for words in lines[start + 1:]:
        match = re.search(r" ([a-z]{2}-[a-z]+(?:-[a-z]+)?)$", words)
        if match:
            result.append(match.group(1))
        elif words:
            break
    return result


def read_hosts(book: Book, service: str) -> list[str]:
    """The regional hosts of the chapter "Service Address", joined where a line end breaks them."""
    lines = [line.words for line in book.lines]
    start = lines.index("1. Service Address")
    end = lines.index("2. Communications Protocol")
    text = " ".join(words for words in lines[start:end] if words).replace("- ", "-")
    hosts = re.findall(rf"\b{service}\.[a-z0-9.-]+\.tencentcloudapi\.com|\b{service}\.tencentcloudapi\.com", text)
    return list(dict.fromkeys(hosts))


def read_common_errors(book: Book) -> list[str]:
    """The codes of the table "Common Error Codes"."""
    titles = [i for i, line in enumerate(book.lines) if line.words == "Common Error Codes"]
    end = next(i for i in range(titles[-1], len(book.lines)) if book.lines[i].words == "Service Error Codes")
    return read_errors(book.lines[titles[-1]:end], NOT_CODES)
