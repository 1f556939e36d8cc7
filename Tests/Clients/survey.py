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
class Course:
    """What the client gets of the valid call, and what has become of the account when all is done."""

    answer: Any
    changes: list[str]
    is_async: bool


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
    faults: list[str] = field(default_factory=list)
    usual: Course = field(default_factory=lambda: Course(None, [], False))


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


def course(action: Action, fault: str | None = None) -> Course:
    at = bench.shared()
    at.restock(action)
    at.emulator.advance(1000)
    at.emulator.snapshot("before")
    if fault:
        at.emulator.inject(f"{action.id}:1:{fault}")
    upcoming = at.emulator.next_event()
    answer = outcome(action)
    is_async = at.emulator.next_event() != upcoming
    at.emulator.settle()
    return Course(answer, changes("before"), is_async)


def changes(name: str) -> list[str]:
    """What has changed since the snapshot, but the time."""
    return [line for line in bench.shared().emulator.difference(name) if not line.startswith("time:")]


def state(action: Action, seen: Seen) -> None:
    """Whether the valid call changes the account, or else answers otherwise when the account is empty."""
    at = bench.shared()
    seen.usual = course(action)
    if seen.usual.changes:
        seen.state = "changes"
        return
    at.emulator.restore("empty")
    at.emulator.advance(1000)
    if json.dumps(outcome(action)) != json.dumps(seen.usual.answer):
        seen.state = "reads"


def faults(action: Action, seen: Seen) -> None:
    """Which armed faults show in what the client gets and in what becomes of the account."""
    usual = seen.usual
    code = next(iter(action.errors), "InternalError")
    refused = course(action, f"refused={code}")
    if (refused.answer, refused.changes) == (code, []):
        seen.faults.append("refused")
    lost = course(action, "lost-after-effect")
    if (lost.answer, lost.changes) == ("ClientNetworkError", usual.changes):
        seen.faults.append("lost")
    if usual.is_async:
        for name, kind in (("fails later", "async-failure"), ("stuck", "stuck")):
            struck = course(action, kind)
            if struck.answer == usual.answer and struck.changes != usual.changes:
                seen.faults.append(name)
    if any(member.name == "FailListenerIdSet" for member in action.outputs):
        partial = course(action, "partial=1")
        if isinstance(partial.answer, dict) and partial.answer["FailListenerIdSet"]:
            seen.faults.append("partial")
