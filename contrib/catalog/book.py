"""Reads one of the provider's books: the text dump of a PDF, cut into its parts.

A dump has no layout, only lines.  What is left of the layout, and used here:

* a new PDF page starts with a line that begins with one space;
* the running title of a chapter ("CreateVpc" and "Last updated") stands at the
  end of the text of the chapter's first page, in the middle of whatever table
  was being printed there;
* the link targets of a page are printed after it, one a line;
* a few pages carry a footer with the book's title, copyright and page number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

PAGE_FOOTER = re.compile(r"^©.*All rights reserved|^©\d{4}.*Page \d+|^of \d+$")
BOOK_TITLES = ("Edge Computing Machine", "Cloud Virtual Machine")
BARE_LINK = re.compile(r"^\s?https?://\S+$")
CATEGORY_TITLE = re.compile(r"^ ?[A-Z][A-Za-z ]* APIs?$")
ACTION_CHAPTER = "1. API Description"
CHAPTER_STARTS = (ACTION_CHAPTER, "1. Service Address")
STRUCTURE_USE = "Used by actions:"


@dataclass(frozen=True)
class Line:
    """One line of a dump: its number from 1, its text, and whether a PDF page starts with it."""

    number: int
    text: str
    starts_page: bool = False

    @property
    def words(self) -> str:
        """The text without the space at either end."""
        return self.text.strip()


@dataclass
class ActionPage:
    """The printed page of one action, cut at its numbered headings."""

    name: str
    description: list[Line]
    inputs: list[Line]
    outputs: list[Line]
    examples: list[Line]
    errors: list[Line]


@dataclass
class StructureEntry:
    """The printed entry of one structure: its name, and its table from the header on."""

    name: str
    line: int
    table: list[Line]


@dataclass
class Book:
    """One service's book, cut into pages; `lines` is the whole text with running titles kept."""

    lines: list[Line]
    pages: list[ActionPage] = field(default_factory=list)
    structures: list[StructureEntry] = field(default_factory=list)


def read_lines(path: Path) -> list[Line]:
    """All lines of the dump; `starts_page` is true for those the dump marks with a leading space."""
    result: list[Line] = []
    after_footer = False
    for number, text in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        starts = text.startswith(" ") and not text.startswith("  ") or after_footer
        if text.strip():
            after_footer = False
        if PAGE_FOOTER.match(text):
            after_footer = True
        result.append(Line(number, text, starts))
    return result


def without_links_and_footers(lines: list[Line]) -> list[Line]:
    """The lines without bare link targets, page footers and the book's title above a footer."""
    result: list[Line] = []
    for line in lines:
        if BARE_LINK.match(line.text) and "?Action=" not in line.text:
            continue
        if line.text.startswith("https://console.") or PAGE_FOOTER.match(line.text):
            continue
        if line.words in BOOK_TITLES and not line.starts_page:
            continue
        result.append(line)
    return result


def without_running_title(lines: list[Line], title: str) -> list[Line]:
    """The lines without `title` (possibly wrapped), its category heading and its "Last updated" line."""
    result: list[Line] = []
    for line in lines:
        if line.text.startswith("Last updated"):
            drop_trailing_title(result, title)
        else:
            result.append(line)
    return result


def drop_trailing_title(lines: list[Line], title: str) -> None:
    """Removes `title` from the end of `lines`, and the category heading before it, if there is one."""
    drop_blank_tail(lines)
    printed = ""
    while lines and printed != title:
        printed = lines.pop().words + printed
        if not title.endswith(printed):
            raise ValueError(f"running title {title!r} expected, found {printed!r}")
        drop_blank_tail(lines)
    if lines and CATEGORY_TITLE.match(lines[-1].text):
        lines.pop()


def drop_blank_tail(lines: list[Line]) -> None:
    """Removes blank lines from the end of `lines`."""
    while lines and not lines[-1].words:
        lines.pop()


def find(lines: list[Line], words: str, start: int = 0) -> int:
    """The index of the first line at or after `start` that reads `words`."""
    for index in range(start, len(lines)):
        if lines[index].words == words:
            return index
    raise ValueError(f"heading {words!r} not found after line {lines[start].number}")


def action_name(lines: list[Line]) -> str:
    """The action's name: the page's running title, joined where it is wrapped."""
    updated = next(i for i, line in enumerate(lines) if line.text.startswith("Last updated"))
    last = updated
    while not lines[last - 1].words:
        last -= 1
    first = last
    while re.fullmatch(r"\w+", lines[first - 1].text):
        first -= 1
    name = "".join(line.words for line in lines[first:last])
    if not re.fullmatch(r"[A-Z][A-Za-z0-9]+", name):
        raise ValueError(f"no running title above line {lines[updated].number}")
    return name


def cut_page(lines: list[Line]) -> ActionPage:
    """One action's page, from its heading "1. API Description" to the end of its error table."""
    starts = [find(lines, title) for title in (
        "1. API Description", "2. Input Parameters", "3. Output Parameters", "4. Example",
        "5. Developer Resources", "6. Error Code")]
    parts = [lines[a + 1:b] for a, b in zip(starts, starts[1:] + [len(lines)])]
    name = action_name(lines)
    parts = [without_running_title(part, name) for part in parts]
    return ActionPage(name, parts[0], parts[1], parts[2], parts[3], parts[5])


def cut_structures(lines: list[Line]) -> list[StructureEntry]:
    """The entries of the chapter "Data Types" (`lines` starts there), in the order of the book."""
    lines = without_running_title(lines[:find(lines, "Feature Description")], "Data Types")
    uses = [i for i, line in enumerate(lines) if line.words.startswith(STRUCTURE_USE)]
    heads = [structure_heading(lines, use) for use in uses]
    return [
        StructureEntry(lines[head].words, lines[head].number, lines[use:end])
        for head, use, end in zip(heads, uses, heads[1:] + [len(lines)])
    ]


def structure_heading(lines: list[Line], use: int) -> int:
    """The index of the heading of the structure whose "Used by actions" line is at `use`.

    A description may be one word as well ("NetworkInterface", then "ENI"): then the upper one is it.
    """
    for index in range(use - 1, max(use - 25, 0), -1):
        if stands_alone(lines, index):
            above = index - 1
            while above > 0 and not lines[above].words:
                above -= 1
            return above if stands_alone(lines, above) else index
    raise ValueError(f"no structure heading above line {lines[use].number}")


def stands_alone(lines: list[Line], index: int) -> bool:
    """Whether the line at `index` is one capitalized word between blank lines or page edges."""
    after_gap = not lines[index - 1].words or lines[index].starts_page
    before_gap = not lines[index + 1].words or lines[index + 1].starts_page
    return after_gap and before_gap and bool(re.fullmatch(r"[A-Z]\w+", lines[index].words))


def read_book(path: Path) -> Book:
    """The book at `path`, cut into action pages and structures."""
    everything = read_lines(path)
    lines = without_links_and_footers(everything)
    first_use = next(i for i, line in enumerate(lines) if line.words.startswith(STRUCTURE_USE))
    data_types = structure_heading(lines, first_use)
    chapters = [i for i, line in enumerate(lines[:data_types]) if line.words in CHAPTER_STARTS] + [data_types]
    pages = [
        cut_page(lines[start:end])
        for start, end in zip(chapters, chapters[1:])
        if lines[start].words == ACTION_CHAPTER
    ]
    return Book(everything, pages, cut_structures(lines[data_types - 1:]))
