"""Takes the stated limits out of a parameter's description.

Only shapes that leave no doubt are read; what they miss or get wrong stands in overrides.py.
Every function takes the description as one line (see `flat`) and returns the constraints it found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from model import Constraints

DASH = r"\s*(?:-|–|to)\s*"
WORD = r"[A-Za-z][A-Za-z0-9_.\-]*"
COUNTED = (
    r"(?:instances?|key pairs|spread placement groups|security groups|IPs|IPv6 addresses|addresses|Filters|filters)"
)
TRUTH = {"true", "false"}
ENUM_OPENS = re.compile(
    r"(?:[Vv]alid (?:[Vv]alue(?:s|\(s\))?)(?: are as follows)?|[Vv]alue ranges?(?: from)?|[Oo]ptions)\s*:\s*")
ENUM_ENDS = re.compile(
    r"\b[Dd]efault\b|\bNote\b|\bIf\b|\bThey represent\b|\bThis parameter\b|\bTo use\b|\bFor example\b|\bCurrently\b"
    r"|\bSnapshots are\b|\bWhen\b")
MAXITEMS = (
    rf"(?:[Uu]p to|at most|a maximum of) (\d+) {COUNTED}",
    r"maximum number of (?:instances|key pairs)(?: in each request| per request)? is (\d+)",
    r"(?:can be operated for each request|per request) is (\d+)",
    r"[Tt]he maximum quantity is (\d+)",
    r"maximum number of Filters in each request is (\d+)",
    r"Array length limit: (\d+)",
    r"can specify (\d+) data disks",
)
ONE_ITEM = (
    r"(?:unbind|bind) only one security group", r"Only one security group can be", r"You (?:can )?only specify one\b",
)
MAXLENGTH = (
    r"(?:exceed|exceeding|[Uu]p to|within|limited to|maximum length of|maximum length is) (\d+) "
    r"(?:visible ASCII |ASCII )?(?:characters|bytes)",
    r"(?:up to|within) (\d+) (?:digits, )?letters",
    r"contain up to (\d+) digits",
    r"less than or equal to (\d+) bytes",
)


def flat(text: str) -> str:
    """The description as one line with single spaces.

    Code is set between no-break spaces, of which some are lost at line ends, so they are no use as marks.
    """
    text = re.sub(r"\s+", " ", text.replace("\xa0", " ").replace("`", " ")).strip()
    return re.sub(r"(?<=[\w)]) (?=[:;,.)](?:[ .,;)]|$))", "", text.replace("( ", "("))


def extract(type_: str, text: str, name: str, siblings: Iterable[str]) -> Constraints:
    """The constraints that `text` states of parameter `name`, in the order of the facts format."""
    line = flat(text)
    found: Constraints = {}
    if type_ in ("String", "Integer"):
        found.update(enumeration(type_, line))
    if type_ in ("String", "Integer", "Boolean", "Float"):
        found.update(default(type_, line, found.get("enum")))
    if type_ in ("Integer", "Float"):
        found.update(value_range(line))
    if type_ == "String":
        found.update(length(line))
        found.update(form(line, name))
    if type_.startswith("Array of "):
        found.update(item_count(line))
    others = exclusive(line, name, siblings)
    if others:
        found["exclusive"] = others
    return found


def enumeration(type_: str, line: str) -> Constraints:
    """`enum`, from "Valid values: A, B." or "A: meaning B: meaning"."""
    opening = ENUM_OPENS.search(line)
    if opening:
        rest = line[opening.end():]
        ending = ENUM_ENDS.search(rest)
        values = listed_values(type_, rest[:ending.start()] if ending else rest)
    else:
        values = explained_values(type_, line, bare=True)
    if not values:
        return {}
    if {value.lower() for value in values} == TRUTH:
        values = ["true", "false", "TRUE", "FALSE"]
    return {"enum": values}


def listed_values(type_: str, text: str) -> list[str]:
    """The values of a list: those before a colon if there are such, else those between commas."""
    explained = explained_values(type_, text, bare=False)
    if explained:
        return explained
    text = re.sub(r"\(.*?(?:\)|$)", "", text).strip()
    text = re.split(r"\.(?:\s|$)|;", text)[0]
    items = [item.strip() for item in re.split(r",| and | or ", text) if item.strip()]
    if type_ == "Integer":
        return items if len(items) > 1 and all(re.fullmatch(r"-?\d+", item) for item in items) else []
    return items if items and all(re.fullmatch(WORD, item) for item in items) else []


def explained_values(type_: str, text: str, bare: bool) -> list[str]:
    """The words before a colon that open a sentence; `bare` where nothing announced a list of values."""
    if type_ == "Integer":
        values = re.findall(r"(?:^|[\s;.])(-?\d+): [a-zA-Z]", text)
    elif bare:
        values = re.findall(r"(?:^|[\s;.])([A-Z][A-Z_]+): [a-zA-Z]", text)
    else:
        values = re.findall(rf"(?:^|[\s;.\-])({WORD}) ?[:,] (?=[a-zA-Z])", text) if ":" in text else []
        values = [value for value in values if re.search(rf"{re.escape(value)} ?:", text)]
    values = list(dict.fromkeys(values))
    return values if len(values) >= (2 if bare else 1) else []


def default(type_: str, line: str, enum: str | list[str] | None) -> Constraints:
    """`default`, where the stated value fits the type and, if there is one, the enumeration."""
    plain = line.replace("“", "").replace("”", "")
    shapes = (
        r"[Dd]efault(?: value)?(?: is|:) *(\S+?)(?=[.,;:)]*(?:\s|$))",
        r"(?:^|\s)(\S+) \(default(?: value)?\)",
        r"It is (\d+) GB by default",
        r"which defaults to (\w+)",
        r"(?:^|\s)([A-Z]\d\.[A-Z0-9]+) will be used by default",
    )
    for shape in shapes:
        for match in re.finditer(shape, plain):
            value = fitting_default(type_, match.group(1).strip(".,;:()'\""), enum, plain[match.end():])
            if value is not None:
                return {"default": value}
    return {}


def fitting_default(type_: str, value: str, enum: str | list[str] | None, rest: str) -> str | None:
    """`value` as it is written in the facts, or None if it cannot be the default."""
    if type_ == "Boolean":
        lowered = {"yes": "true", "no": "false"}.get(value.lower(), value.lower())
        return lowered if lowered in TRUTH else None
    if type_ in ("Integer", "Float"):
        return value if re.fullmatch(r"-?\d+(\.\d+)?", value) else None
    if enum is not None:
        return value if value in enum else None
    ends = re.match(r"^[.,;)]|^\s*$|^\s+(?:If|This|Note|Before|For)\b", rest)
    return value if re.fullmatch(WORD, value) and ends else None


def value_range(line: str) -> Constraints:
    """`min` and `max` of a number."""
    pair = (
        re.search(rf"[Vv]alue range[^.:]*: \[?(\d+)(?: \(default\))?(?:{DASH}|, )(\d+)\]?(?!, )", line)
        or re.match(r"^(\d+)–(\d+) ", line))
    if pair:
        return {"min": pair.group(1), "max": pair.group(2)}
    top = re.search(r"[Mm]aximum(?: value)?: (\d+)|which cannot be greater than (\d+)", line)
    return {"max": top.group(1) or top.group(2)} if top else {}


def length(line: str) -> Constraints:
    """`minlength` and `maxlength` of a string, counted in characters."""
    pairs = re.findall(rf"(\d+){DASH}(\d+) (?:characters|letters)", line)
    if pairs:
        return {
            "minlength": str(min(int(low) for low, _ in pairs)),
            "maxlength": str(max(int(high) for _, high in pairs)),
        }
    for shape in MAXLENGTH:
        match = re.search(shape, line)
        if match:
            return {"maxlength": match.group(1)}
    return {}


def form(line: str, name: str) -> Constraints:
    """`pattern` and `format` of a string, for the few forms that the books state."""
    if re.search(r"[Bb]ase64", line) and name == "UserData":
        return {"maxlength": "21848", "format": "base64"}
    if re.search(r"digits, letters, and underscores|numbers, letters, and underscores", line):
        return {"pattern": "[A-Za-z0-9_]+"}
    if "YYYY-MM-DD," in line.replace(" ", "") or re.search(r"\(xxxx-xx-xx\)", line):
        return {"format": "date"}
    if re.search(r"\(xxxx-xx\)", line):
        return {"format": "month"}
    if name == "CidrBlock" and "CIDR" in line or name == "CidrBlock" and "IP address range" in line:
        return {"format": "cidr"}
    return {}


def item_count(line: str) -> Constraints:
    """`maxitems` of an array."""
    if any(re.search(shape, line) for shape in ONE_ITEM):
        return {"maxitems": "1"}
    counts = [int(match.group(1)) for shape in MAXITEMS for match in re.finditer(shape, line)]
    return {"maxitems": str(counts[0])} if counts else {}


def exclusive(line: str, name: str, siblings: Iterable[str]) -> list[str]:
    """The parameters that may not be given together with `name`, as far as they exist."""
    plain = line.replace(".N", "")
    known = set(siblings) - {name}
    found: list[str] = []
    shapes = (
        r"(\w+) and (\w+) (?:parameters )?cannot be specified at the same time",
        r"[Yy]ou cannot specify (\w+) and (\w+) at the same time",
        r"either (\w+) or (\w+), but you cannot specify both",
        r"Either (\w+) or (\w+) must be specified, but they can ?not be both",
        r"This parameter (cannot) specify (\w+) and (?:\w+) at the same time",
        r"(This) parameter and (\w+) cannot be specified at the same time",
        r"cannot be (passed) together with (\w+)",
        r"cannot specify this (parameter) if (\w+) or \w+ is specified",
        r"cannot specify this (parameter) if \w+ or (\w+) is specified",
    )
    for shape in shapes:
        for match in re.finditer(shape, plain):
            words = set(match.groups())
            if shape.startswith(r"(\w+)") and name not in words or "[Yy]ou" in shape and name not in words:
                continue
            found += [word for word in match.groups() if word in known and word not in found]
    return found
