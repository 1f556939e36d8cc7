#!/usr/bin/env python3
"""Plans every shipped runbook, runs it against a served emulator, and writes what differs.

usage: plan_truth.py BELAY OUTPUT [WORD…]

With words, only the runbooks that have one of them in their path.

The emulator works a few times faster than the cloud; plan and run are of the same world. Every runbook is planned and
run to its end, and again with a late change refused, whose undo is held against the plan's. Ends with 1, and names the
runbooks, when one takes more than 5 % more or less than planned or does something else. Wall-clock figures need a
machine that does nothing else, which is why no test judges them: the tests hold steps, parameters, calls and undo.
"""

import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

BELAY = os.path.abspath(sys.argv[1])
OUTPUT = sys.argv[2]
# What the cloud's work is sped up to, in seconds of the whole run: the machine's own share stays small.
TARGET = 12
# How far from its plan a run may be, in per cent.
BOUND = 5
STAGES = "Tests/Fixtures/stages"
PASSWORD = "Belay-2026-demo"
# The runbook, the stage that makes what it needs, its inputs as outputs of the stage, what goes wrong with a late change
# of it, and the step after which that is.
Recipe = collections.namedtuple("Recipe", "path stage given wanted fault after")
# How far from the plan, what is wrong, and the line of the table.
Row = collections.namedtuple("Row", "difference problem text")
REFUSED = "1:refused=FailedOperation.X"
RECIPES = [
    Recipe("ecm/fleet/web_fleet", None, {"password": PASSWORD}, {}, f"ecm.BatchRegisterTargets:{REFUSED}", "listener"),
    Recipe("ecm/image/bake_image", "fleet", {"name": "golden", "password": PASSWORD}, {"instance": "first"},
           f"ecm.RunInstances:{REFUSED}", "ModifyModuleImage"),
    Recipe("ecm/address/swap_address", "pair", {}, {"address": "address", "from": "from", "to": "to"},
           f"ecm.AssociateAddress:{REFUSED}", "freed"),
    Recipe("ecm/zone/drain_zone", "fleet", {}, {"balancer": "balancer"}, f"ecm.StopInstances:{REFUSED}", "drained"),
    Recipe("ecm/fleet/blue_green", "fleet", {"name": "green", "password": PASSWORD},
           {"balancer": "balancer", "listener": "listener"}, f"ecm.BatchDeregisterTargets:{REFUSED}", "registered"),
    Recipe("ecm/fleet/retire_instances", "fleet", {}, {"old": "instances"},
           # The looks at what stops: the first is at both instances, the next at one of them.
           f"ecm.DescribeInstances:2{REFUSED[1:]} ecm.DescribeInstances:3{REFUSED[1:]}", "stopped"),
    Recipe("cvm/image/clone_instance", "cvm", {"name": "golden", "password": PASSWORD}, {"instance": "first"},
           f"cvm.RunInstances:{REFUSED}", "image"),
]


class World:
    """An emulator with its state in a file, and what a recipe needs in it."""

    def __init__(self, recipe):
        self.folder = tempfile.mkdtemp()
        self.recipe = recipe
        self.path = f"runbooks/{recipe.path}.belay"
        self.state = os.path.join(self.folder, "world.state")
        self.environment = dict(
            os.environ, HOME=self.folder, BELAY_STATE=os.path.join(self.folder, "state"),
            TENCENTCLOUD_SECRET_ID="demo", TENCENTCLOUD_SECRET_KEY="demo-key")
        self.start("1000")
        outputs = self.stage()
        given = dict(recipe.given, **{name: outputs[output] for name, output in recipe.wanted.items()})
        self.inputs = [word for name, value in given.items() for word in (
            "--input", f"{name}={value if isinstance(value, str) else json.dumps(value)}")]
        # A quarter of an hour for the cloud: its work is over. A world is written when something in it changes.
        time.sleep(1)
        self.belay("call", "ecm.CreateVpc", "--endpoint", self.endpoint, "--yes", "--param", "VpcName=first",
                   "--param", "CidrBlock=10.99.0.0/16", "--param", "EcmRegion=ap-hangzhou-ecm")
        # At its end a server writes everything that it holds; the copy is the world that is planned in.
        self.stop()
        self.copy = self.state + ".copy"
        shutil.copy(self.state, self.copy)
        self.speed = "1"
        self.latency = "2ms"
        whole = self.plan()["forecast"]["makespan_ms"] / 1000
        self.speed = str(max(1, round(whole / TARGET)))
        self.start(self.speed)
        self.latency = self.answers()
        self.anew()

    def stage(self):
        if self.recipe.stage is None:
            return {}
        text = self.belay("run", f"{STAGES}/{self.recipe.stage}.belay", "--endpoint", self.endpoint, "--input",
                          f"password={PASSWORD}", "--format", "json")
        return json.loads(text)["outputs"]

    def start(self, speed):
        self.server = subprocess.Popen(
            [BELAY, "emulator", "serve", "--listen", "127.0.0.1:0", "--seed", "1", "--speed", speed, "--state",
             self.state, "--credentials", "demo:demo-key", "--control", "token"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=self.environment)
        while True:
            line = self.server.stdout.readline()
            if not line:
                sys.exit("the emulator ended")
            if "http://" in line:
                self.endpoint = "http://" + line.split("http://")[1].split()[0]
                break

    def anew(self):
        """The world as it is planned in."""
        self.stop()
        shutil.copy(self.copy, self.state)
        self.start(self.speed)

    def answers(self):
        """How long an answer takes here: what a plan is told by --latency."""
        text = f"""runbook bench.answers 1.0.0
use ecm with (EcmRegion: "ap-hangzhou-ecm")
each n in 1...20 {{ ecm.DescribeVpcs() }}
"""
        path = os.path.join(self.folder, "answers.belay")
        with open(path, "w") as file:
            file.write(text)
        self.belay("run", path, "--endpoint", self.endpoint, "--format", "json")
        records = self.journal()
        began, ended = instants(records)
        return f"{max(1, round((ended - began) * 1000 / 20))}ms"

    def belay(self, *arguments, status=0, by=()):
        done = subprocess.run([*by, BELAY, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, env=self.environment)
        if done.returncode != status:
            sys.exit(f"belay {' '.join(arguments)} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def plan(self):
        return json.loads(self.belay(
            "plan", self.path, "--snapshot", self.copy, "--speed", self.speed, "--latency", self.latency, "--format", "json",
            "--undo-from", self.recipe.after, *self.inputs))

    def run(self, status=0):
        """The records of the run, and how often each action was called."""
        before = self.calls()
        self.belay("run", self.path, "--endpoint", self.endpoint, "--format", "json", *self.inputs, status=status)
        after = self.calls()
        counts = {name: after[name] - before.get(name, 0) for name in after if after[name] > before.get(name, 0)}
        return self.journal(), counts

    def approved(self, counts):
        """The same when somebody else has said yes: a user namespace is another user, to whom the files belong."""
        before = self.calls()
        self.belay("approve", "last", "--role", "ops_lead", "--resume", "--endpoint", self.endpoint, "--format",
                   "json", by=("unshare", "--user"))
        after = self.calls()
        for name in after:
            if after[name] > before.get(name, 0):
                counts[name] = counts.get(name, 0) + after[name] - before.get(name, 0)
        return self.journal(), counts

    def journal(self):
        text = self.belay("journal", "last", "--format", "ndjson")
        return [json.loads(line) for line in text.splitlines()]

    def arm(self, fault):
        self.control("/_belay/faults", json.dumps({"faults": fault.split()}).encode())

    def calls(self):
        counts = {}
        for call in self.control("/_belay/calls")["Calls"]:
            name = call["Action"]
            counts[name] = counts.get(name, 0) + 1
        return counts

    def control(self, path, body=None):
        request = urllib.request.Request(self.endpoint + path, body, {"Authorization": "Bearer token"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request) as answer:
            return json.load(answer)

    def stop(self):
        self.server.terminate()
        self.server.wait()

    def end(self):
        self.stop()
        shutil.rmtree(self.folder)


def instants(records):
    """When a run began and ended, in seconds, without the time that it waited for people."""
    def read(record):
        date, clock = record["at"].rstrip("Z").split("T")
        hours, minutes, seconds = clock.split(":")
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    waited = 0
    asked = None
    for record in records:
        if record["kind"] == "approval-asked":
            asked = read(record)
        elif asked is not None and record["kind"] == "intent":
            # It goes on; until then nothing of it did.
            waited += read(record) - asked
            asked = None
    return read(records[0]), read(records[-1]) - waited


def same_parameters(steps, records):
    """What is known before is sent as it is; what comes from answers has to be there."""
    sent = collections.defaultdict(list)
    for record in records:
        if record["kind"] == "intent":
            sent[record["action"]].append(record["arguments"])

    def fits(planned, found):
        if isinstance(planned, dict) and "from" in planned:
            return found is not None
        if isinstance(planned, dict) and set(planned) == {"text"}:
            return isinstance(found, str)
        if isinstance(planned, dict):
            return isinstance(found, dict) and set(planned) == set(found) and all(
                fits(value, found[name]) for name, value in planned.items())
        if isinstance(planned, list):
            return isinstance(found, list) and len(planned) == len(found) and all(map(fits, planned, found))
        return planned == found

    for step in steps:
        if step["kind"] != "change":
            continue
        planned = {parameter["name"]: parameter["value"] for parameter in step["parameters"]}
        match = next((one for one in sent[step["action"]] if fits(planned, one)), None)
        if match is None:
            return False
        sent[step["action"]].remove(match)
    return not any(sent.values())


def undone(records):
    """How often each chain of calls undid a step."""
    calls = collections.defaultdict(list)
    for record in records:
        if record["kind"] == "undo-intent":
            calls[record["step"]].append(record["action"])
    return collections.Counter(tuple(chain) for chain in calls.values())


def last_undone(records):
    """What was undone, newest first, without keys."""
    return [pattern(record["step"]) for record in records if record["kind"] == "undone"]


def pattern(address):
    text, depth = "", 0
    for letter in address:
        depth += letter == "["
        if depth == 0:
            text += letter
        depth -= letter == "]"
    return text


def row(recipe):
    world = World(recipe)
    try:
        plan = world.plan()
        records, counts = world.run(status=5 if "retire" in recipe.path else 0)
        if "retire" in recipe.path:
            records, counts = world.approved(counts)
        world.anew()
        world.arm(recipe.fault)
        failed, _ = world.run(status=1)
    finally:
        world.end()
    steps = plan["steps"]
    live = {record["step"] for record in records if record["kind"] in ("intent", "read")}
    live |= {record["wait"] for record in records if record["kind"] == "wait-began"}
    changes = {step["action"] for step in steps if step["kind"] == "change"}
    same = all(counts.get(action, 0) == plan["calls"].get(action, 0) for action in changes)
    looks = sum(count for action, count in counts.items() if action not in changes)
    planned_looks = sum(count for action, count in plan["calls"].items() if action not in changes)
    preview = next(one for one in plan["undo"] if one.get("after_step") == recipe.after)
    tape = collections.Counter(tuple(entry["actions"]) for entry in preview["tape"])
    way_back = tape == undone(failed) and sorted(pattern(entry["step"]) for entry in preview["tape"]) == sorted(
        step for step in last_undone(failed) if step in {pattern(entry["step"]) for entry in preview["tape"]})
    began, ended = instants(records)
    makespan = plan["forecast"]["makespan_ms"] / 1000
    took = (ended - began) % 86400
    difference = (took - makespan) / makespan * 100
    parameters = same_parameters(steps, records)
    word = {True: "the same", False: "differ"}
    faults = [name for name, holds in [("parameters", parameters), ("changing calls", same), ("undo", way_back)] if not holds]
    if abs(difference) > BOUND:
        faults.append(f"{difference:+.1f} % from its plan")
    return Row(difference, faults and f"{world.path}: {', '.join(faults)}", (
        f"| `{world.path}` | {len(steps)} | {len(live)} | {word[parameters]} | {word[same]} "
        f"| {word[way_back]} | {planned_looks} | {looks} | {world.speed} | {makespan:.1f} s | {took:.1f} s | {difference:+.1f} % |"))


def main():
    chosen = [recipe for recipe in RECIPES if not sys.argv[3:] or any(word in recipe.path for word in sys.argv[3:])]
    rows = [row(recipe) for recipe in chosen]
    with open(OUTPUT, "w") as page:
        page.write(
            "# Planned and done\n\nWritten by `make plan-truth`: each shipped runbook is planned, and run over HTTP "
            "against a served emulator that works some times faster than the cloud, in the same world; then it is "
            "run again with a late change refused, and what is undone is held against the plan. Reads are looks at "
            "work under way, too: how often it is looked at depends on when it ends. A plan is told by `--latency` how "
            "long an answer takes on the machine. Tests hold all but the time exactly, and the time too, in virtual "
            "time; here it is by the wall clock of one machine.\n\n"
            "| runbook | steps planned | steps done | parameters | changing calls | undo | reads planned | reads done "
            "| speed | planned to take | took | |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n"
            + "\n".join(row.text for row in rows) + "\n")
    worst = max((row.difference for row in rows), key=abs)
    print(f"{len(rows)} runbooks; the farthest is {worst:+.1f} % from its plan")
    problems = [row.problem for row in rows if row.problem]
    if problems:
        sys.exit("\n".join(["not as planned:", *problems]))


main()
