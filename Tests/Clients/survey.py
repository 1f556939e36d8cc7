"""What is seen of every action through the provider's clients, in one pass over all of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import bench
import shape
import violations
from catalog import SERVICES, Action


@dataclass
class Seen:
    """Of one action."""

    # By the name of the SDK: members that are missing or of another type, and members that the SDK does not know.
    problems: dict[str, list[str]] = field(default_factory=dict)
    structures: set[str] = field(default_factory=set)
    # What was broken and done all the same, and refusals by a code that the page does not print.
    stated: int = 0
    accepted: list[str] = field(default_factory=list)
    unprinted: list[str] = field(default_factory=list)
    state: str = "fixed"
    is_async: bool = False
    faults: list[str] = field(default_factory=list)


_seen: dict[str, Seen] = {}


def of_all() -> dict[str, Seen]:
    if not _seen:
        for action in bench.by_id():
            seen = _seen[action.id] = Seen()
            for look in (clients, parameters, state, faults):
                look(action, seen)
    return _seen


def clients(action: Action, seen: Seen) -> None:
    """The valid call through every SDK that has the action."""
    at = bench.shared()
    for session in at.sessions_for(action):
        at.restock(action)
        at.emulator.advance(1000)
        answer = session.call(action.service, action.name, at.parameters(action))
        seen.problems[session.site.name] = (
            shape.problems(action, answer.model) + answer.unknown + [f"not sent: {text}" for text in answer.unsent])
        seen.structures |= shape.structures(action, answer.model)


def parameters(action: Action, seen: Seen) -> None:
    """Everything that the catalog states of the parameters, broken one thing at a time."""
    at = bench.shared()
    at.restock(action)
    printed = {*action.errors, *SERVICES[action.service].common_errors}
    for index, (what, broken) in enumerate(violations.broken(action, at.parameters(action))):
        # As many calls as fit into a second.
        if index % 9 == 0:
            at.emulator.advance(1000)
        seen.stated += 1
        code = at.mainland.json_code(action.service, action.name, broken)
        if code is None:
            seen.accepted.append(what)
            at.restock(action)
        elif code not in printed or code == "RequestLimitExceeded":
            seen.unprinted.append(f"{what}: {code}")


def outcome(action: Action) -> Any:
    """The answer as it came, without its id, or the code."""
    at = bench.shared()
    try:
        answer = at.mainland.call_json(action.service, action.name, at.parameters(action))
    except at.mainland.site.refused as error:
        return error.code
    return {name: value for name, value in answer.items() if name != "RequestId"}


def changes(name: str) -> list[str]:
    """What has changed since the snapshot, but the time."""
    return [line for line in bench.shared().emulator.difference(name) if not line.startswith("time:")]


def state(action: Action, seen: Seen) -> None:
    """Whether the valid call changes the account, or else answers otherwise when the account is empty."""
    at = bench.shared()
    at.restock(action)
    at.emulator.advance(1000)
    at.emulator.snapshot("before")
    upcoming = at.emulator.next_event()
    answer = outcome(action)
    seen.is_async = at.emulator.next_event() != upcoming
    if changes("before"):
        seen.state = "changes"
        return
    at.emulator.restore("empty")
    at.emulator.advance(1000)
    if json.dumps(outcome(action)) != json.dumps(answer):
        seen.state = "reads"


def faults(action: Action, seen: Seen) -> None:
    """Which armed faults show in what the client gets and in what becomes of the account."""
    at = bench.shared()

    def struck(kind: str) -> tuple[Any, list[str]]:
        """What the client gets, and what has become of the account when all is done."""
        at.restock(action)
        at.emulator.advance(1000)
        at.emulator.snapshot("before")
        if kind:
            at.emulator.inject(f"{action.id}:1:{kind}")
        begun = outcome(action)
        at.emulator.settle()
        return begun, changes("before")

    answer, usual = struck("")
    code = next(iter(action.errors), "InternalError")
    if struck(f"refused={code}") == (code, []):
        seen.faults.append("refused")
    if struck("lost-after-effect") == ("ClientNetworkError", usual):
        seen.faults.append("lost")
    if seen.is_async:
        failed, left = struck("async-failure")
        if failed == answer and left != usual:
            seen.faults.append("fails later")
        stuck, left = struck("stuck")
        if stuck == answer and left != usual:
            seen.faults.append("stuck")
    if any(member.name == "FailListenerIdSet" for member in action.outputs):
        partial, left = struck("partial=1")
        if isinstance(partial, dict) and partial["FailListenerIdSet"] and left != usual:
            seen.faults.append("partial")
