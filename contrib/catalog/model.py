"""What the importer knows about a service: plain records, in the order they are written."""

from __future__ import annotations

from dataclasses import dataclass, field

Constraints = dict[str, str | list[str]]
"""Constraint by key ("default", "enum", "min", ...); a list for enum and exclusive."""


@dataclass
class Row:
    """One row of a printed table.

    `need` is the word of the column "Required" ("Yes", "No", or "" where the table has no such
    column); `text` is the description, its lines joined by newlines; `line` is where it starts.
    """

    name: str
    need: str
    type: str
    text: str
    line: int


@dataclass
class Parameter:
    """An input parameter of an action."""

    name: str
    required: bool
    type: str
    constraints: Constraints
    line: int


@dataclass
class Output:
    """A member of an action's answer."""

    name: str
    nullable: bool
    type: str


@dataclass
class Member:
    """A member of a structure; `role` is required, optional, plain or nullable."""

    name: str
    role: str
    type: str
    constraints: Constraints
    line: int


@dataclass
class Action:
    """One action; `rate` is in requests a second, `region` is required or optional."""

    name: str
    category: str
    rate: int
    endpoint: str
    region: str
    parameters: list[Parameter] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass
class Structure:
    """One data structure."""

    name: str
    members: list[Member] = field(default_factory=list)


@dataclass
class Service:
    """Everything written to one facts file, sorted by name where the file is."""

    name: str
    version: str
    endpoint: str
    regions: list[str]
    hosts: list[str]
    actions: list[Action]
    structures: list[Structure]
    common_errors: list[str]
