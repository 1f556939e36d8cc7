"""How every documented code is provoked: refusals.json.

An entry is a call that is refused by the code it stands under. It is the action's valid call with some parameters
`set`, by path, and some `without`. `after` are calls that come before, each `settled` unless it says otherwise; a step
may be done `times` over, have `steps` of its own, and `keep` members of its answer under a name. `client` is what is
wrong with the client that makes the call; `fault` is a fault to arm: then the code is injected.

A value `$name` is the stock's or a kept one, `$name.0` an element of it. `{"repeat": VALUE, "times": N}` is a text or
list so many times over, in which `{i}` numbers the elements from 1; `{n}` numbers the times of a step from 0.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import bench
from catalog import ACTIONS, SERVICES
from violations import replaced

Entry = dict[str, Any]


def table() -> dict[str, dict[str, Entry]]:
    """By service and code; a code without an entry is injected by its name."""
    written = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    for name, service in SERVICES.items():
        for code, actions in service.codes().items():
            written[name].setdefault(code, {"action": actions[0], "fault": f"refused={code}"})
    return written


def is_natural(entry: Entry) -> bool:
    return "fault" not in entry


class Provocation:
    """One code's calls, from the stock on."""

    def __init__(self, service: str) -> None:
        self.service, self.kept = service, dict(vars(bench.shared().stock))

    def code(self, entry: Entry) -> str | None:
        """The code with which the entry's call is refused."""
        at = bench.shared()
        at.restock(ACTIONS.get(f"{self.service}.{entry['action']}"))
        self.follow(entry.get("after", []))
        at.emulator.advance(1000)
        if fault := entry.get("fault"):
            call = f"{self.service}.{entry['action']}:1:{fault}"
            at.emulator.inject(fault if fault.startswith(("sold-out", "skew", "storm")) else call)
        parameters = self.parameters(entry)
        if client := entry.get("client"):
            return at.mainland.stray_code(self.service, entry["action"], parameters, **client)
        for session in at.sessions:
            if session.has(self.service, entry["action"]):
                return session.code(self.service, entry["action"], parameters)
        return at.mainland.json_code(self.service, entry["action"], parameters)

    def follow(self, steps: list[Entry]) -> None:
        at = bench.shared()
        for step in steps:
            for number in range(step.get("times", 1)):
                if "times" in step:
                    self.kept["n"] = str(number)
                if inner := step.get("steps"):
                    self.follow(inner)
                    continue
                answer = at.maker.call(self.service, step["action"], self.parameters(step))
                for name, path in step.get("keep", {}).items():
                    self.kept[self.value(name)] = reached(answer, path)
                if step.get("settled", True):
                    at.emulator.settle()

    def parameters(self, entry: Entry) -> dict[str, Any]:
        parameters = bench.shared().calls.get((self.service, entry["action"]), {})
        for path in entry.get("without", []):
            parameters = replaced(parameters, keys(path), None)
        for path, value in entry.get("set", {}).items():
            parameters = replaced(parameters, keys(path), self.value(value))
        return parameters

    def value(self, value: Any) -> Any:
        if isinstance(value, str) and value.startswith("$"):
            return reached(self.kept, value[1:])
        if isinstance(value, str):
            return value.replace("{n}", self.kept.get("n", "{n}"))
        if isinstance(value, list):
            return [self.value(element) for element in value]
        if isinstance(value, dict) and set(value) == {"repeat", "times"}:
            if isinstance(value["repeat"], str):
                return value["repeat"] * value["times"]
            numbered = [
                json.loads(json.dumps(element).replace("{i}", str(number + 1)))
                for number in range(value["times"]) for element in value["repeat"]]
            return self.value(numbered)
        if isinstance(value, dict):
            return {name: self.value(inner) for name, inner in value.items()}
        return value


def keys(path: str) -> tuple[str | int, ...]:
    return tuple(int(key) if key.isdigit() else key for key in path.split("."))


def reached(value: Any, path: str) -> Any:
    for key in keys(path):
        value = value[key]
    return value
