"""One `belay emulator serve` on a free port, with a clock that stands still until a test moves it."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

from catalog import REPOSITORY

BELAY = REPOSITORY / os.environ.get("BELAY", ".build/debug/belay")
TOKEN = "control"

# The clients heed these, and would go to a proxy even for this machine.
for name in ("http_proxy", "https_proxy", "all_proxy"):
    os.environ.pop(name, None)
    os.environ.pop(name.upper(), None)

SECRET_ID, SECRET_KEY = "tester", "key-of-the-tester"


class Emulator:
    """The process, and what its control interface is asked for."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [BELAY, "emulator", "serve", "--listen", "127.0.0.1:0", "--clock", "manual", "--seed", "7",
             "--control", TOKEN, "--credentials", f"{SECRET_ID}:{SECRET_KEY}"],
            stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline() if self.process.stdout else ""
        if "http://" not in line:
            raise RuntimeError(f"{BELAY} does not serve: {line!r}")
        self.url = line.rsplit(" ", 1)[1].strip()
        self.endpoint = self.url.removeprefix("http://")

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate()

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        request = Request(
            f"{self.url}/_belay/{path}", method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {TOKEN}"})
        with urlopen(request) as response:
            return json.load(response)

    def reset(self) -> None:
        self.ask("POST", "reset")

    def snapshot(self, name: str) -> None:
        self.ask("POST", "snapshot", {"name": name})

    def restore(self, name: str) -> None:
        self.ask("POST", "restore", {"name": name})

    def inventory(self) -> list[dict[str, str]]:
        return self.ask("GET", f"inventory?account={SECRET_ID}")["Inventory"]

    def difference(self, name: str) -> list[str]:
        """What has changed since the snapshot."""
        return self.ask("GET", f"diff?from={quote(name)}")["Lines"]

    def advance(self, milliseconds: int) -> None:
        self.ask("POST", "clock", {"advance_ms": milliseconds})

    def time(self) -> str:
        """As `2026-01-02 03:04:05`."""
        return self.ask("GET", "clock")["Time"]

    def next_event(self) -> int | None:
        """Milliseconds until something happens by itself."""
        clock = self.ask("GET", "clock")
        return None if clock["NextEvent"] is None else max(0, clock["NextEvent"] - clock["Now"])

    def settle(self) -> None:
        """Until nothing more happens within the next day; what is planned for later stays planned."""
        while (step := self.next_event()) is not None and step < 86_400_000:
            self.advance(step)

    def clear_faults(self) -> None:
        self.ask("DELETE", "faults")

    def inject(self, *faults: str) -> None:
        self.ask("POST", "faults", {"faults": list(faults)})
