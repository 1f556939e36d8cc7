"""The catalog's facts, from the files that the importer writes; contrib/catalog/README.md has their form."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass
class Member:
    """A parameter, a result, or a member of a structure."""

    name: str
    role: str  # required, optional, plain or nullable
    type: str
    limits: dict[str, str]


@dataclass
class Action:
    service: str
    name: str
    # The book lists it without a page: what it takes and answers is inferred.
    inferred: bool = False
    rate: int = 20
    parameters: list[Member] = field(default_factory=list)
    outputs: list[Member] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"{self.service}.{self.name}"


@dataclass
class Service:
    name: str
    actions: dict[str, Action] = field(default_factory=dict)
    structures: dict[str, list[Member]] = field(default_factory=dict)
    common_errors: list[str] = field(default_factory=list)

    def codes(self) -> dict[str, list[str]]:
        """Every printed code, and the actions whose pages print it; a common code has all of them."""
        found: dict[str, list[str]] = {}
        for action in self.actions.values():
            if action.inferred:
                continue
            for code in action.errors:
                found.setdefault(code, []).append(action.name)
        for code in self.common_errors:
            found.setdefault(code, list(self.actions))
        return found


def member(text: str) -> Member:
    name, role, *words = text.split(" ")
    limits = dict(word.split("=", 1) for word in words if "=" in word)
    kind = " ".join(word for word in words if "=" not in word)
    return Member(name, role, kind, {key: unquote(value) for key, value in limits.items()})


def read(name: str) -> Service:
    service = Service(name)
    for kind in ("", "Inferred"):
        file = REPOSITORY / f"Sources/CloudCatalog/Facts/{name.title()}{kind}Facts.swift"
        if file.exists():
            add(file.read_text(encoding="utf-8"), service, inferred=bool(kind))
    return service


def add(text: str, service: Service, *, inferred: bool) -> None:
    action, members = Action(service.name, ""), []
    for line in text.splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "action":
            action = service.actions[rest] = Action(service.name, rest, inferred)
        elif word == "structure":
            members = service.structures[rest] = []
        elif word == "rate":
            action.rate = int(rest)
        elif word == "param":
            action.parameters.append(member(rest))
        elif word == "output":
            action.outputs.append(member(rest))
        elif word == "member":
            members.append(member(rest))
        elif word == "error":
            action.errors.append(rest)
        elif word == "commonerror":
            service.common_errors.append(rest)


SERVICES = {name: read(name) for name in ("ecm", "cvm")}
ACTIONS = {action.id: action for service in SERVICES.values() for action in service.actions.values()}
