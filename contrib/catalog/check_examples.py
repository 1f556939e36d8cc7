"""Holds the fixtures of the books' examples against the catalog; what is left over are the books' slips."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from model import Constraints, Member, Output, Parameter, Service
from service import REPOSITORY

EXAMPLES = REPOSITORY / "Tests" / "Fixtures" / "examples"
PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "String": (str,), "Timestamp": (str,), "Timestamp ISO8601": (str,),
    "Integer": (int,), "Float": (int, float), "Boolean": (bool,),
}


def example_slips(service: Service) -> Iterator[tuple[str, str]]:
    """Where an example departs from the catalog ("RunInstances 1 request.InstanceCount"), and how."""
    for action in service.actions:
        path = EXAMPLES / service.name / f"{action.name}.json"
        for example in json.loads(path.read_text(encoding="utf-8")):
            place = f"{action.name} {example['title'].removeprefix('example ')}"
            checker = Checker(service)
            yield from checker.members(f"{place} request", example["request"], action.parameters, True)
            yield from checker.members(f"{place} response", example["response"], action.outputs, False)


class Checker:
    """Checks values of one service."""

    def __init__(self, service: Service) -> None:
        self.structures = {structure.name: structure.members for structure in service.structures}

    def members(
        self, place: str, value: dict[str, Any], known: list[Parameter] | list[Output] | list[Member], sent: bool
    ) -> Iterator[tuple[str, str]]:
        """The slips of an object: unknown names, missing ones, and those of its values."""
        by_name = {item.name: item for item in known}
        for name, item in value.items():
            if name in by_name:
                stated: Constraints = getattr(by_name[name], "constraints", {})
                yield from self.value(f"{place}.{name}", item, by_name[name].type, stated, sent)
                yield from coexisting(place, name, stated, value, sent)
                if item is None and not sent and not may_be_null(by_name[name]):
                    yield f"{place}.{name}", "is null"
            elif name != "RequestId" or sent:
                yield f"{place}.{name}", "is not in the table"
        for name, item in by_name.items():
            if name not in value and is_needed(item, sent, place):
                yield f"{place}.{name}", "is missing"
        if not sent and place.endswith(" response") and "RequestId" not in value:
            yield f"{place}.RequestId", "is missing"

    def value(self, place: str, value: Any, type_: str, stated: Constraints, sent: bool) -> Iterator[tuple[str, str]]:
        """The slips of one value."""
        if value is None:
            if sent:
                yield place, "is null"
        elif type_.startswith("Array of "):
            if not isinstance(value, list):
                yield place, f"is no array: {json.dumps(value)}"
                return
            if "maxitems" in stated and len(value) > int(str(stated["maxitems"])):
                yield place, f"has {len(value)} items"
            for index, item in enumerate(value):
                yield from self.value(f"{place}[{index}]", item, type_.removeprefix("Array of "), {}, sent)
        elif type_ in PYTHON_TYPES:
            yield from scalar(place, value, type_, stated, sent)
        elif type_ not in self.structures:
            yield place, f"has the type {type_}, which the book does not define"
        elif isinstance(value, dict):
            yield from self.members(place, value, self.structures[type_], sent)
        else:
            yield place, f"is no object: {json.dumps(value)}"


def scalar(place: str, value: Any, type_: str, stated: Constraints, sent: bool) -> Iterator[tuple[str, str]]:
    """The slips of a single value: its type, and for sent ones its constraints."""
    if not isinstance(value, PYTHON_TYPES[type_]) or isinstance(value, bool) != (type_ == "Boolean"):
        yield place, f"is {json.dumps(value)}, not {type_}"
    elif sent and not keeps(str(value), stated):
        yield place, f"is {json.dumps(value)}, against a stated constraint"


def keeps(value: str, stated: Constraints) -> bool:
    """Whether a sent value, written as a string, keeps its constraints."""
    return all((
        "enum" not in stated or value in stated["enum"],
        "min" not in stated or float(value) >= float(str(stated["min"])),
        "max" not in stated or float(value) <= float(str(stated["max"])),
        len(value) >= int(str(stated.get("minlength", 0))),
        len(value) <= int(str(stated.get("maxlength", len(value)))),
        "pattern" not in stated or re.fullmatch(str(stated["pattern"]), value) is not None,
    ))


def coexisting(
    place: str, name: str, stated: Constraints, value: dict[str, Any], sent: bool
) -> Iterator[tuple[str, str]]:
    """The slip of two parameters that exclude each other, told once."""
    for other in stated.get("exclusive", []):
        if sent and other in value and name < other:
            yield f"{place}.{name}", f"stands beside {other}"


def may_be_null(item: Parameter | Output | Member) -> bool:
    """Whether an answer may carry null; members of structures that are also sent are not told apart."""
    if isinstance(item, Output):
        return item.nullable
    return isinstance(item, Member) and item.role != "plain"


def is_needed(item: Parameter | Output | Member, sent: bool, place: str) -> bool:
    """Whether a name that an example leaves out should be there."""
    if isinstance(item, Parameter):
        return item.required
    if isinstance(item, Member):
        return sent and item.role == "required"
    return place.endswith(" response")
