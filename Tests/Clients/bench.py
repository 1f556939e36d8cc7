"""The one emulator that all tests of the suite use, with its stock; every test begins at a snapshot of it."""

from __future__ import annotations

import atexit
from types import SimpleNamespace
from typing import Any

import calls
import stock
from catalog import ACTIONS, Action
from emulator import Emulator
from sdk import SITES, Session


class Bench:
    def __init__(self) -> None:
        self.emulator = Emulator()
        atexit.register(self.emulator.stop)
        self.sessions: list[Session] = [site.connect(self.emulator) for site in SITES]
        self.mainland, self.international = self.sessions
        self.maker = stock.Maker(self.mainland, self.emulator)
        self.stock: SimpleNamespace = stock.build(self.maker)
        self.emulator.snapshot("stock")
        self.calls = calls.all_calls(self.stock)
        passed = self.emulator.ask("GET", "clock")["Now"]
        self.emulator.reset()
        self.emulator.advance(max(0, passed - self.emulator.ask("GET", "clock")["Now"]))
        self.emulator.snapshot("empty")

    def restock(self, action: Action | None = None) -> None:
        """Back to the stock, and for an action to where its call has something to do."""
        self.emulator.restore("stock")
        for service, name in calls.PREPARATIONS.get((action.service, action.name), []) if action else []:
            self.maker.call(service, name, self.calls[service, name])
            self.emulator.settle()

    def parameters(self, action: Action) -> dict[str, Any]:
        return self.calls[action.service, action.name]

    def sessions_for(self, action: Action) -> list[Session]:
        return [session for session in self.sessions if session.has(action.service, action.name)]


_bench: list[Bench] = []


def shared() -> Bench:
    if not _bench:
        _bench.append(Bench())
    return _bench[0]


def by_id() -> list[Action]:
    return [ACTIONS[name] for name in sorted(ACTIONS)]
