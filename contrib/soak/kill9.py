#!/usr/bin/env python3
"""kill -9 at random moments: a run against an emulator process is killed, taken up, killed again and taken up until it
ends, and the inventory must then be what an undisturbed run leaves: nothing missing, nothing twice.

usage: kill9.py BELAY [--rounds N] [--seconds S] [--seed SEED]

Ends after N rounds, or with the first round that ends after S seconds. Every other round fails at its end and must leave
nothing. The seed is printed; the same seed draws the same moments, in shares of the time that an undisturbed run takes.
"""
import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
RUNBOOK = os.path.join(HERE, "kill9.belay")
CONTROL = "kill9"
ENVIRONMENT = {**os.environ, "TENCENTCLOUD_SECRET_ID": "AKIDkill9", "TENCENTCLOUD_SECRET_KEY": "kill9-key"}
ENVIRONMENT.pop("TENCENTCLOUD_TOKEN", None)
# The driver's limits are the provider's, so the clock of the cloud may run faster, but not the calls.
SPEED = "60"


class Emulator:
    """An emulated cloud of its own, in a process of its own."""

    def __init__(self, belay, log):
        self.process = subprocess.Popen(
            [belay, "emulator", "--listen", "127.0.0.1:0", "--credentials", "AKIDkill9:kill9-key", "--control", CONTROL,
             "--seed", "9", "--speed", SPEED],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True, env=ENVIRONMENT)
        found = re.search(r"http://\S+", self.process.stdout.readline())
        if not found:
            raise SystemExit("kill9: the emulator did not start")
        self.endpoint = found.group(0)

    def inventory(self, belay):
        """What exists, without ids: a sorted list of kind and name."""
        answer = subprocess.run(
            [belay, "emulator", "inventory", "--endpoint", self.endpoint, "--control", CONTROL, "--format", "json"],
            check=True, capture_output=True, text=True, env=ENVIRONMENT)
        return sorted((line["Kind"], line.get("Name") or "") for line in json.loads(answer.stdout)["Inventory"])

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


def start(belay, arguments, log):
    return subprocess.Popen([belay, *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=ENVIRONMENT)


class Round:
    def __init__(self, belay, work, fails):
        self.belay = belay
        self.state = os.path.join(work, "state")
        self.fails = fails
        self.log = open(os.path.join(work, "log"), "w+", encoding="utf-8")
        self.emulator = Emulator(belay, self.log)
        self.target = ["--state", self.state, "--endpoint", self.emulator.endpoint]

    def close(self):
        self.emulator.stop()
        self.log.close()

    def begin(self):
        return ["run", RUNBOOK, "--input", f"fails={'true' if self.fails else 'false'}", *self.target]

    def records(self):
        """The kinds of the newest run's records. One without any has done nothing, and another is begun."""
        listed = subprocess.run(
            [self.belay, "journal", "last", "--state", self.state, "--format", "json"], capture_output=True, text=True,
            env=ENVIRONMENT)
        return [record["kind"] for record in json.loads(listed.stdout)["records"]] if listed.returncode == 0 else []

    def undisturbed(self):
        before = self.emulator.inventory(self.belay)
        begun = time.monotonic()
        code = start(self.belay, self.begin(), self.log).wait()
        took = time.monotonic() - begun
        wanted = 1 if self.fails else 0
        if code != wanted:
            raise SystemExit(f"kill9: the undisturbed run ended with {code}, not {wanted}:\n{self.text()}")
        return before, self.emulator.inventory(self.belay), took

    def killed(self, moments):
        """Kills the run and each resume that follows after so many seconds; returns how often, and the last status."""
        arguments, kills = self.begin(), 0
        for moment in [*moments, None]:
            process = start(self.belay, arguments, self.log)
            try:
                return kills, process.wait(moment)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
            records = self.records()
            if "finished" in records:
                # Killed after the last record, before the process ended: only its status is lost.
                return kills, 1 if "failed" in records else 0
            if records:
                arguments = ["resume", "last", *self.target]
        return kills, None

    def text(self):
        self.log.seek(0)
        return self.log.read()


def play(belay, work, fails, moments, wanted):
    """What is wrong, or nothing; and how often the run was killed."""
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    one = Round(belay, work, fails)
    try:
        kills, code = one.killed(moments)
        found = one.emulator.inventory(belay)
        expected = 1 if fails else 0
        if code != expected or found != wanted:
            missing = [line for line in wanted if line not in found or wanted.count(line) > found.count(line)]
            extra = [line for line in found if found.count(line) > wanted.count(line)]
            return f"status {code}, not {expected}; missing {missing}; extra {extra}\n{one.text()}", kills
        return "", kills
    finally:
        one.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("belay")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    belay = os.path.abspath(options.belay)
    print(f"kill9: seed {options.seed}", flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="belay-kill9.") as work:
        os.makedirs(os.path.join(work, "calm"))
        calm = Round(belay, os.path.join(work, "calm"), False)
        try:
            before, after, took = calm.undisturbed()
        finally:
            calm.close()
        chance = random.Random(options.seed)
        kills = 0
        for number in range(options.rounds):
            fails = number % 2 == 1
            moments = [took * chance.random() for _ in range(chance.randint(1, 3))]
            problem, killed = play(
                belay, os.path.join(work, "round"), fails, moments, before if fails else after)
            kills += killed
            if problem:
                print(f"kill9: seed {options.seed}, round {number}, killed after {moments}: {problem}")
                return 1
            if time.monotonic() - begun > options.seconds:
                break
    print(f"kill9: {number + 1} runs, killed {kills} times: each ended as undisturbed, nothing missing, nothing twice")
    return 0


if __name__ == "__main__":
    sys.exit(main())
