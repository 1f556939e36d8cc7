"""Holds the SDKs' models against the catalog's tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from catalog import SERVICES, Action, Member

SCALARS: dict[str, tuple[type, ...]] = {
    "String": (str,), "Timestamp": (str,), "Timestamp ISO8601": (str,), "Integer": (int,), "Float": (int, float),
    "Boolean": (bool,),
}


def problems(action: Action, model: Any) -> list[str]:
    """What is missing in the answer, null without leave, or of another type; by path."""
    return list(members(action.service, action.outputs, model, action.id)) + (
        [] if isinstance(getattr(model, "RequestId", None), str) else [f"{action.id}.RequestId is missing"])


def members(service: str, known: list[Member], model: Any, path: str) -> Iterator[str]:
    for member in known:
        place = f"{path}.{member.name}"
        if not hasattr(type(model), member.name):
            yield f"{place} is unknown to the SDK"
            continue
        value = getattr(model, member.name)
        if value is None:
            # Of structures that calls take too, the books say what must be sent, not what may be null.
            if member.role == "plain":
                yield f"{place} is missing"
            continue
        yield from problem(service, member.type, value, place)


def problem(service: str, kind: str, value: Any, path: str) -> Iterator[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            yield f"{path} is a {type(value).__name__}, not an array"
            return
        for index, element in enumerate(value):
            yield from problem(service, kind.removeprefix("Array of "), element, f"{path}[{index}]")
    elif kind in SCALARS:
        if not isinstance(value, SCALARS[kind]) or isinstance(value, bool) != (kind == "Boolean"):
            yield f"{path} is {value!r}, not {kind}"
    elif kind in SERVICES[service].structures:
        yield from members(service, SERVICES[service].structures[kind], value, path)


def structures(action: Action, model: Any) -> set[str]:
    """The structures that the answer has at least one of."""
    found: set[str] = set()

    def look(known: list[Member], model: Any) -> None:
        for member in known:
            kind = member.type.removeprefix("Array of ")
            value = getattr(model, member.name, None)
            if kind in SERVICES[action.service].structures:
                for element in value if isinstance(value, list) else [value]:
                    if element is not None:
                        found.add(kind)
                        look(SERVICES[action.service].structures[kind], element)

    look(action.outputs, model)
    return found


def reachable(action: Action) -> set[str]:
    """The structures that its answers may have."""
    found: set[str] = set()

    def look(known: list[Member]) -> None:
        for member in known:
            kind = member.type.removeprefix("Array of ")
            if kind in SERVICES[action.service].structures and kind not in found:
                found.add(kind)
                look(SERVICES[action.service].structures[kind])

    look(action.outputs)
    return found
