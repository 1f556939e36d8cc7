"""Breaks what the catalog states of an action's parameters, one thing at a time."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from catalog import SERVICES, Action, Member

Path = tuple[str | int, ...]
WRONG: dict[str, Any] = {"Integer": "x", "Float": "x", "Boolean": "perhaps", "String": [1]}


def broken(action: Action, valid: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is broken, and the parameters."""
    yield "an unknown parameter", {**valid, "NoSuchParameter": "x"}
    yield from within(action.service, action.parameters, valid, valid, ())


def within(
    service: str, members: list[Member], whole: dict[str, Any], part: dict[str, Any], path: Path
) -> Iterator[tuple[str, dict[str, Any]]]:
    for member in members:
        place = (*path, member.name)
        name = ".".join(map(str, place))
        if member.role == "required" and member.name in part:
            yield f"{name} missing", replaced(whole, place, None)
        # What the call does not carry is tried at the top only: a structure that is not there has no inside.
        if path and member.name not in part:
            continue
        for what, value in values(member):
            yield f"{name} {what}", replaced(whole, place, value)
        for other in member.limits.get("exclusive", "").split(","):
            if other and member.name in part:
                rival = next(rival for rival in members if rival.name == other)
                yield f"{name} beside {other}", replaced(whole, (*path, other), sample(service, rival))
        value = part.get(member.name)
        inner = SERVICES[service].structures.get(member.type.removeprefix("Array of "), [])
        elements = list(enumerate(value[:1])) if isinstance(value, list) else []
        for key, element in [(None, value), *elements]:
            if isinstance(element, dict):
                yield from within(service, inner, whole, element, place if key is None else (*place, key))


def values(member: Member) -> Iterator[tuple[str, Any]]:
    """Values that the member must not have."""
    limits = member.limits
    is_array = member.type.startswith("Array of ")
    kind = member.type.removeprefix("Array of ")

    def fit(value: Any) -> Any:
        return [value] if is_array else value

    yield "of a wrong type", "x" if is_array else WRONG.get(kind, "x")
    if "enum" in limits:
        yield "of no allowed value", fit("no-such-value" if kind == "String" else 987_654)
    if "min" in limits:
        yield "too small", fit(int(limits["min"]) - 1)
    if "max" in limits:
        yield "too large", fit(int(limits["max"]) + 1)
    if "maxlength" in limits:
        yield "too long", fit("x" * (int(limits["maxlength"]) + 1))
    if int(limits.get("minlength", 0)) > 1:
        yield "too short", fit("x")
    if "maxitems" in limits:
        yield "with too many elements", [element(kind)] * (int(limits["maxitems"]) + 1)
    if "pattern" in limits:
        yield "against its pattern", fit("?!")
    if "format" in limits:
        yield "of no such format", fit("?!")


def element(kind: str) -> Any:
    return {"Integer": 1, "Boolean": True, "String": "x"}.get(kind, {})


def sample(service: str, member: Member) -> Any:
    kind = member.type.removeprefix("Array of ")
    value = element(kind)
    if value == {}:
        value = {inner.name: sample(service, inner) for inner in SERVICES[service].structures[kind]
                 if inner.role == "required"}
    return [value] if member.type.startswith("Array of ") else value


def replaced(whole: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """A copy with the value at the path; None takes out what is there."""
    result = copy.deepcopy(whole)
    inner: Any = result
    for key in path[:-1]:
        inner = inner[key]
    if value is None:
        inner.pop(path[-1], None)
    else:
        inner[path[-1]] = value
    return result
