"""Reads the printed tables: input parameters, outputs, structure members, error codes.

The dump prints a row's cells one after the other, so a row may look like any of

    Limit No Integer Number of results.          all in one line
    Tags.N No                                    the type wrapped in its narrow column
    Array
    of
    Tag
    List of tags.
    InstanceIds.N Yes Array of Instance IDs.     the type cut by the end of the page:
     String  DescribeInstances  shows them.      its rest opens the next page
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from book import Line
from model import Row

PRIMITIVES = ("String", "Integer", "Float", "Boolean", "Timestamp")
NAME = r"[A-Z][A-Za-z0-9]*(?:\.N)?"
TABLE_HEADERS = {
    "Parameter", "Name", "Parameter Name", "Required Type Description", "Type Description",
    "Parameter Name Required Type Description", "Parameter Name Type Description",
    "Parameter Type Description", "Parameter Required Type Description",
    "Name Type Description", "Name Type Required Description",
    "Name Type DescriptionName Type Description",
    "Name Type Required DescriptionName Type Required Description",
}
CODE = re.compile(r"^ ?([A-Z]\w*(?:\.\w+)+|(?:[A-Z][a-z0-9]+){2,}\w*)(?= |$)(?!  )")


class TypeReader:
    """Recognizes printed types, given the names of the service's structures."""

    def __init__(self, structures: Iterable[str]) -> None:
        self.names = set(PRIMITIVES) | set(structures)

    def take(self, words: list[str]) -> tuple[str, list[str]]:
        """The type that `words` begin with, and the words after it; the type is "" if there is none."""
        if words[:2] == ["Array", "of"] and len(words) > 2 and words[2] in self.names:
            return f"Array of {words[2]}", words[3:]
        if words[:2] == ["Timestamp", "ISO8601"]:
            return "Timestamp ISO8601", words[2:]
        if words and words[0] in self.names:
            return words[0], words[1:]
        return "", words

    def may_begin(self, word: str) -> bool:
        """Whether a type may begin with `word`."""
        return word == "Array" or word in self.names


def content(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines of a table without blank lines and column headers."""
    for line in lines:
        if line.words and line.words not in TABLE_HEADERS:
            yield line


def read_input_table(lines: list[Line], types: TypeReader) -> list[Row]:
    """The rows of a table with the columns name, required, type, description."""
    start = re.compile(rf"^({NAME}) (Yes|No)(?: (.*))?$")
    rows: list[list[Line]] = []
    for line in content(lines):
        if start.match(line.words):
            rows.append([line])
        elif rows:
            rows[-1].append(line)
    result = []
    for row in rows:
        match = start.match(row[0].words)
        assert match is not None
        rest = [Line(row[0].number, match.group(3) or "", False)] + row[1:]
        type_, text = read_type(rest, types)
        result.append(Row(match.group(1), match.group(2), type_, text, row[0].number))
    return result


def read_type(lines: list[Line], types: TypeReader) -> tuple[str, str]:
    """The type that a row begins with, and the description after it."""
    words: list[str] = []
    for index, line in enumerate(lines):
        words += line.words.split()
        type_, rest = types.take(words)
        if type_ and not awaits_more(type_, rest, lines, index):
            return cut_by_page(type_, " ".join(rest), lines[index + 1:], types)
        if not type_ and not could_continue(words):
            break
    return type_across_pages(lines, types)


def awaits_more(type_: str, rest: list[str], lines: list[Line], index: int) -> bool:
    """Whether the next line still belongs to the type."""
    following = lines[index + 1].words if index + 1 < len(lines) else ""
    return type_ == "Timestamp" and not rest and following.startswith("ISO8601")


def could_continue(words: list[str]) -> bool:
    """Whether `words` are the beginning of an array type."""
    return words in ([], ["Array"], ["Array", "of"])


def cut_by_page(type_: str, first: str, more: list[Line], types: TypeReader) -> tuple[str, str]:
    """The type and description, mended where "Array of Instance IDs ..." only looked like a type."""
    texts = [first] + [line.words for line in more]
    if type_.startswith("Array of ") and first:
        for index, line in enumerate(more):
            found, rest = types.take(line.words.split())
            if line.starts_page and found and "Array" not in found:
                texts[0] = type_.removeprefix("Array of ") + " " + first
                texts[index + 1] = " ".join(rest)
                return f"Array of {found}", "\n".join(text for text in texts if text)
    return type_, "\n".join(text for text in texts if text)


def type_across_pages(lines: list[Line], types: TypeReader) -> tuple[str, str]:
    """The type whose last words open the next page, after some lines of the description."""
    opening = " ".join(line.words for line in lines[:2]).strip()
    pages = [index for index, line in enumerate(lines) if line.starts_page]
    if not opening.startswith("Array") or not pages:
        raise ValueError(f"no type in the row at line {lines[0].number}: {opening!r}")
    texts = [line.words for line in lines]
    for index in range(pages[0], min(pages[0] + 2, len(lines))):
        words = texts[index].removeprefix("of").split()
        texts[index] = " ".join(words)
        if words and words[0] in types.names:
            texts[index] = " ".join(words[1:])
            return f"Array of {words[0]}", "\n".join(text for text in strip_array_words(texts) if text)
    raise ValueError(f"no element type in the row at line {lines[0].number}: {opening!r}")


def strip_array_words(texts: list[str]) -> list[str]:
    """The lines without the words "Array" and "of" that open the first ones."""
    result = list(texts)
    wanted = ["Array", "of"]
    for index in range(min(3, len(result))):
        words = result[index].split()
        while wanted and words and words[0] == wanted[0]:
            words.pop(0)
            wanted.pop(0)
        result[index] = " ".join(words)
        if not wanted:
            break
    return result


def read_output_table(lines: list[Line], types: TypeReader) -> list[Row]:
    """The rows of a table with the columns name, type, [required,] description."""
    table = list(content(lines))
    rows: list[list[Line]] = []
    for index, line in enumerate(table):
        if starts_output_row(table, index, types) and not (rows and type_is_open(rows[-1], types)):
            rows.append([line])
        elif rows:
            rows[-1].append(line)
    return [output_row(row, types) for row in rows]


def starts_output_row(table: list[Line], index: int, types: TypeReader) -> bool:
    """Whether the line at `index` opens a row: a name, then a type in the same or the next lines."""
    words = table[index].words.split()
    if not re.fullmatch(NAME, words[0]) or words[0] in ("Yes", "No"):
        return False
    if len(words) > 1:
        return types.may_begin(words[1]) and plausible_type(words[1:])
    following = table[index + 1].words.split() if index + 1 < len(table) else []
    return bool(following) and types.may_begin(following[0]) and plausible_type(following)


def plausible_type(words: list[str]) -> bool:
    """Whether `words` open a cell of types: "Array" must be alone or followed by "of" (or a moved need)."""
    return words[0] != "Array" or len(words) == 1 or words[1] in ("of", "<Yes>", "<No>")


def type_is_open(row: list[Line], types: TypeReader) -> bool:
    """Whether the row read so far is a name and the beginning of an array type, nothing else."""
    words = " ".join(line.words for line in row).split()[1:]
    return could_continue(words) and bool(words or len(row) == 1)


def output_row(row: list[Line], types: TypeReader) -> Row:
    """The row of a table without or with a column "Required" after the type."""
    name, _, rest = row[0].words.partition(" ")
    type_, text = read_type([Line(row[0].number, rest, False)] + row[1:], types)
    return Row(name, "", type_, text, row[0].number)


def read_structure_table(lines: list[Line], types: TypeReader) -> list[Row]:
    """The rows of a structure's table; `lines` begin with the sentence that names its users.

    The header may be missing where a page begins with the table.
    """
    headers = [i for i, line in enumerate(lines) if line.words.startswith("Name Type")]
    if not headers:
        pages = [i for i, line in enumerate(lines) if i > 0 and line.starts_page]
        return read_output_table(lines[pages[0]:], types) if pages else []
    if "Required" not in lines[headers[0]].words:
        return read_output_table(lines[headers[0]:], types)
    moved = [with_type_in_one_piece(line) for line in lines[headers[0]:]]
    return [with_required_column(row) for row in read_output_table(moved, types)]


def with_type_in_one_piece(line: Line) -> Line:
    """The line "KeyIds Array No List of ..." as "KeyIds Array <No> List of ...".

    So it reads as a row whose type goes on in the next page, with the need at the head of the description.
    """
    words = re.sub(rf"^({NAME}) (Array(?: of)?) (Yes|No) ", r"\1 \2 <\3> ", line.words)
    return line if words == line.words else Line(line.number, words, line.starts_page)


def with_required_column(row: Row) -> Row:
    """The row with "Yes" or "No" moved from the description to its own cell."""
    match = re.match(r"<?(Yes|No)>?(?:\s+|$)", row.text)
    if not match:
        raise ValueError(f"no Yes or No in the row {row.name} at line {row.line}")
    return Row(row.name, match.group(1), row.type, row.text[match.end():], row.line)


def read_errors(lines: list[Line], ignored: set[str]) -> list[str]:
    """The error codes of an action's table, in its order, each once."""
    result: list[str] = []
    headers = [i for i, line in enumerate(lines) if line.words == "Error Code Description"]
    if not headers:
        return result
    for line in lines[headers[0]:]:
        match = CODE.match(line.text)
        if match and match.group(1) not in ignored and match.group(1) not in result:
            result.append(match.group(1))
    return result
