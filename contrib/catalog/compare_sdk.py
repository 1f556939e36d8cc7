#!/usr/bin/env python3
"""Compares the catalog with the provider's Python SDKs and with the books' own examples.

    pip install --no-deps --target A tencentcloud-sdk-python-ecm tencentcloud-sdk-python-cvm
    pip install --no-deps --target B tencentcloud-sdk-python-intl-en
    contrib/catalog/compare_sdk.py A B [--books FOLDER] [--write]

Prints the differences, or writes them to docs/generated/catalog-differences.md.  Every difference needs an
explanation in differences.tsv (SDK, service, kind, pattern, explanation); one without stops the command.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from book import read_book
from check_examples import example_slips
from model import Member, Output, Parameter, Service
from service import BOOKS, REPOSITORY, book_path, read_service

EXPLANATIONS = Path(__file__).resolve().parent / "differences.tsv"
TARGET = REPOSITORY / "docs" / "generated" / "catalog-differences.md"
SDK_TYPES = {"str": "String", "int": "Integer", "float": "Float", "bool": "Boolean"}
NULL = re.compile(r"返回\s*null|may return\W+null")
KINDS = {
    "action-book": "Actions that only the book has",
    "action-sdk": "Actions that only the SDK has",
    "structure-book": "Structures that only the book has",
    "structure-sdk": "Structures that only the SDK has",
    "member-book": "Parameters and members that only the book has",
    "member-sdk": "Parameters and members that only the SDK has",
    "type": "Types that differ",
    "order": "Order of parameters and members",
    "null-book": "Members that may be null in the book only",
    "null-sdk": "Members that may be null in the SDK only",
    "error-book": "Error codes that only the book has",
    "error-sdk": "Error codes that only the SDK has",
    "example": "Slips in the books' own examples",
}


@dataclass(frozen=True)
class Field:
    """A member of an SDK class: its type in the books' spelling, and whether it may be null."""

    name: str
    type: str
    nullable: bool


@dataclass(frozen=True)
class Difference:
    """One difference; `source` is mainland, international or book, `subject` what differs, `detail` how."""

    source: str
    service: str
    kind: str
    subject: str
    detail: str = ""


@dataclass(frozen=True)
class Explanation:
    """Why a class of differences exists; `pattern` matches the subject and, after a space, the detail."""

    source: str
    service: str
    kind: str
    pattern: str
    text: str

    def fits(self, difference: Difference) -> bool:
        """Whether it explains the difference."""
        return (self.source in (difference.source, "*") and self.service in (difference.service, "*")
                and self.kind == difference.kind
                and fnmatchcase(f"{difference.subject} {difference.detail}", self.pattern))


@dataclass(frozen=True)
class Sdk:
    """An installed SDK: which site it is for, where, and the packages with their versions."""

    source: str
    folder: Path
    packages: str


def sdk_classes(models: Path) -> dict[str, list[Field]]:
    """The classes of an SDK's models.py with their members, read from the docstrings."""
    text = models.read_text(encoding="utf-8")
    result = {}
    for part in re.split(r"^class ", text, flags=re.M)[1:]:
        name = part.split("(")[0]
        head = part.partition("def __init__")[2].partition('"""')[2].partition('"""')[0]
        result[name] = [
            Field(match.group(1), book_type(match.group(3)), NULL.search(match.group(2)) is not None)
            for match in re.finditer(r":param _(\w+): (.*?):type \1: (.+?)\s*$", head, flags=re.S | re.M)
        ]
    return result


def book_type(text: str) -> str:
    """An SDK type in the books' spelling; a timestamp is a string there."""
    if text.startswith("list of "):
        return "Array of " + book_type(text.removeprefix("list of "))
    text = text.removesuffix(" non-negative")
    text = text.removeprefix(":class:`").removesuffix("`").rpartition(".")[2]
    return SDK_TYPES.get(text, text)


def sdk_errors(codes: Path) -> set[str]:
    """The error codes of an SDK's errorcodes.py."""
    return set(re.findall(r"^[A-Z0-9_]+ = '([\w.]+)'", codes.read_text(encoding="utf-8"), flags=re.M))


def installed(folder: Path) -> Sdk:
    """The SDK in a folder that pip installed it to."""
    found = sorted(path.name.removesuffix(".dist-info") for path in folder.glob("tencentcloud_sdk_python_*.dist-info"))
    names = [name.replace("_", "-").rpartition("-") for name in found if "_common-" not in name]
    source = "international" if any("intl" in name for name, _, _ in names) else "mainland"
    return Sdk(source, folder, ", ".join(f"{name} {version}" for name, _, version in names))


def compare(service: Service, sdk: Sdk) -> Iterator[Difference]:
    """All differences between a service and its package in an SDK."""
    folder = sdk.folder / "tencentcloud" / service.name / f"v{service.version.replace('-', '')}"
    for kind, subject, detail in differences(service, folder):
        yield Difference(sdk.source, service.name, kind, subject, detail)


def differences(service: Service, folder: Path) -> Iterator[tuple[str, str, str]]:
    """Kind, subject and detail of every difference."""
    classes = sdk_classes(folder / "models.py")
    sdk_actions = {name.removesuffix("Request") for name in classes if name.endswith("Request")
                   and name.removesuffix("Request") + "Response" in classes}
    messages = {action + ending for action in sdk_actions for ending in ("Request", "Response")}
    actions = {action.name: action for action in service.actions}
    structures = {structure.name: structure for structure in service.structures}
    yield from only("action", set(actions), sdk_actions)
    yield from only("structure", set(structures), set(classes) - messages)
    for name in sorted(set(actions) & sdk_actions):
        yield from members(name, actions[name].parameters, classes[name + "Request"], False)
        answer = [item for item in classes[name + "Response"] if item.name != "RequestId"]
        yield from members(f"{name} →", actions[name].outputs, answer, True)
    for name in sorted(set(structures) & set(classes)):
        yield from members(name, structures[name].members, classes[name],
                           all(item.role in ("plain", "nullable") for item in structures[name].members))
    codes = {code for action in service.actions for code in action.errors}
    yield from only("error", codes, sdk_errors(folder / "errorcodes.py"))


def only(kind: str, book: set[str], sdk: set[str]) -> Iterator[tuple[str, str, str]]:
    """The names that one side lacks."""
    for name in sorted(book - sdk):
        yield f"{kind}-book", name, ""
    for name in sorted(sdk - book):
        yield f"{kind}-sdk", name, ""


def members(
    owner: str, book: list[Parameter] | list[Output] | list[Member], sdk: list[Field], answers: bool
) -> Iterator[tuple[str, str, str]]:
    """The differences of one message or structure; nullability is compared where `answers` says so."""
    ours = {item.name: item for item in book}
    theirs = {item.name: item for item in sdk}
    for name in ours:
        if name not in theirs:
            yield "member-book", f"{owner}.{name}", ours[name].type
            continue
        printed = re.sub(r"Timestamp( ISO8601)?", "String", ours[name].type)
        if printed != theirs[name].type:
            yield "type", f"{owner}.{name}", f"{ours[name].type}, SDK {theirs[name].type}"
        if answers and may_be_null(ours[name]) != theirs[name].nullable:
            side = "book" if may_be_null(ours[name]) else "sdk"
            yield f"null-{side}", f"{owner}.{name}", ""
    for name in theirs:
        if name not in ours:
            yield "member-sdk", f"{owner}.{name}", theirs[name].type
    common = [name for name in ours if name in theirs]
    if common != [name for name in theirs if name in ours]:
        yield "order", owner, ""


def may_be_null(item: Parameter | Output | Member) -> bool:
    """Whether a result may be null."""
    return item.nullable if isinstance(item, Output) else isinstance(item, Member) and item.role == "nullable"


def read_explanations() -> list[Explanation]:
    """The rows of differences.tsv."""
    rows = [line.split("\t") for line in EXPLANATIONS.read_text(encoding="utf-8").splitlines()
            if line and not line.startswith("#")]
    return [Explanation(*row) for row in rows]


def page(sdks: list[Sdk], found: list[Difference], explanations: list[Explanation]) -> str:
    """The page: for each SDK and for the examples every kind, every explanation, and what it explains."""
    check_explained(found, explanations)
    lines = [
        "# Where the catalog differs from the provider's SDKs and from the books' examples", "",
        "Generated by `contrib/catalog/compare_sdk.py --write`. Do not edit.", "",
        "The catalog follows the books, which are those of the international site. Compared are the names of actions,",
        "structures, parameters and members, their types and order, what may be null, and the error codes. What is",
        "required, and the limits, the SDKs do not tell apart from prose.", "",
    ]
    for sdk in sdks:
        lines += [f"## The SDK of the {sdk.source} site", "", f"Compared with {sdk.packages}.", ""]
        lines += [f"{service}: {summary([d for d in found if (d.source, d.service) == (sdk.source, service)])}\n"
                  for service in (which.service for which in BOOKS)]
        lines += section([item for item in found if item.source == sdk.source], explanations)
    lines += ["## The books' own examples", ""]
    lines += section([item for item in found if item.source == "book"], explanations)
    return "\n".join(lines).rstrip("\n") + "\n"


def check_explained(found: list[Difference], explanations: list[Explanation]) -> None:
    """Stops where a difference has no explanation, or an explanation no difference."""
    missing = [item for item in found if not any(e.fits(item) for e in explanations)]
    if missing:
        rows = [f"{d.source}\t{d.service}\t{d.kind}\t{d.subject}\t{d.detail}" for d in missing]
        raise SystemExit("differences without an explanation:\n" + "\n".join(rows))
    used = {next(e for e in explanations if e.fits(item)) for item in found}
    unused = [f"{e.source} {e.service} {e.kind} {e.pattern}" for e in explanations if e not in used]
    if unused:
        raise SystemExit("explanations without a difference:\n" + "\n".join(unused))


def summary(found: list[Difference]) -> str:
    """How many differences there are."""
    return f"{len(found)} differences." if found else "no difference."


def section(found: list[Difference], explanations: list[Explanation]) -> list[str]:
    """The lines of one SDK's differences."""
    lines: list[str] = []
    for kind, title in KINDS.items():
        own = [item for item in found if item.kind == kind]
        if not own:
            continue
        lines += [f"### {title}: {len(own)}", ""]
        for explanation in explanations:
            here = [d for d in own if next(e for e in explanations if e.fits(d)) == explanation]
            if here:
                lines += [explanation.text, ""] + [bullet(item) for item in here] + [""]
    return lines


def bullet(item: Difference) -> str:
    """One difference as a list item."""
    return f"- {item.service} `{item.subject}`" + (f": {item.detail}" if item.detail else "")


def main() -> None:
    """Compares both services and prints or writes the page."""
    parser = argparse.ArgumentParser(description="Compares the catalog with the provider's SDKs.")
    parser.add_argument("sdks", nargs="+", type=Path)
    parser.add_argument("--books", type=Path, default=REPOSITORY.parent / "shared" / "seeds")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    services = [read_service(read_book(book_path(options.books, which)), which) for which in BOOKS]
    sdks = [installed(folder) for folder in options.sdks]
    found = [item for sdk in sdks for service in services for item in compare(service, sdk)]
    found += [Difference("book", service.name, "example", where, what)
              for service in services for where, what in example_slips(service)]
    text = page(sdks, found, read_explanations())
    if options.write:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(found)} differences, all explained" if options.write else text)


if __name__ == "__main__":
    main()
