#!/usr/bin/env python3
"""Plans every shipped runbook, runs it against a served emulator, and writes what differs.

usage: plan_truth.py BELAY OUTPUT

The emulator works a few times faster than the cloud; plan and run are of the same world. Wall-clock figures differ from
machine to machine, which is why no test judges them: the tests hold steps, parameters, calls and undo exactly.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

BELAY = os.path.abspath(sys.argv[1])
OUTPUT = sys.argv[2]
SPEED = "5"
FLEET = "runbooks/ecm/fleet/web_fleet.belay"
BAKE = "runbooks/ecm/image/bake_image.belay"
PASSWORD = ["--input", "password=Belay-2026-demo"]


class World:
    """An emulator with its state in a file."""

    def __init__(self, folder):
        self.state = os.path.join(folder, "world.state")
        self.environment = dict(
            os.environ, HOME=folder, BELAY_STATE=os.path.join(folder, "state"), TENCENTCLOUD_SECRET_ID="demo",
            TENCENTCLOUD_SECRET_KEY="demo-key")
        self.start()
        # A world is written when something in it changes.
        self.belay("call", "ecm.CreateVpc", "--endpoint", self.endpoint, "--yes", "--param", "VpcName=first", "--param",
                   "CidrBlock=10.99.0.0/16", "--param", "EcmRegion=ap-hangzhou-ecm")

    def start(self):
        self.server = subprocess.Popen(
            [BELAY, "emulator", "serve", "--listen", "127.0.0.1:0", "--seed", "1", "--speed", SPEED, "--state",
             self.state, "--credentials", "demo:demo-key", "--control", "token"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=self.environment)
        while True:
            line = self.server.stdout.readline()
            if not line:
                sys.exit("the emulator ended")
            if "http://" in line:
                self.endpoint = "http://" + line.split("http://")[1].split()[0]
                break

    def belay(self, *arguments):
        done = subprocess.run([BELAY, *arguments], stdout=subprocess.PIPE, text=True, env=self.environment, check=True)
        return done.stdout

    def plan(self, path, inputs):
        # At its end a server writes everything that it holds.
        self.stop()
        copy = self.state + ".copy"
        shutil.copy(self.state, copy)
        self.start()
        return json.loads(self.belay(
            "plan", path, "--snapshot", copy, "--speed", SPEED, "--latency", "2ms", "--format", "json", *inputs))

    def run(self, path, inputs):
        before = self.calls()
        start = time.monotonic()
        text = self.belay("run", path, "--endpoint", self.endpoint, "--format", "ndjson", *inputs)
        took = time.monotonic() - start
        records = [json.loads(line) for line in text.splitlines()]
        after = self.calls()
        counts = {name: after[name] - before.get(name, 0) for name in after if after[name] > before.get(name, 0)}
        return records, counts, took

    def calls(self):
        import urllib.request
        request = urllib.request.Request(self.endpoint + "/_belay/calls", headers={"Authorization": "Bearer token"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request) as answer:
            calls = json.load(answer)["Calls"]
        counts = {}
        for call in calls:
            counts[call["Action"]] = counts.get(call["Action"], 0) + 1
        return counts

    def stop(self):
        self.server.terminate()
        self.server.wait()


def instants(records):
    def read(record):
        date, clock = record["at"].rstrip("Z").split("T")
        hours, minutes, seconds = clock.split(":")
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    return read(records[0]), read(records[-1])


def row(name, plan, records, counts):
    steps = [step for step in plan["steps"]]
    live = {record["step"] for record in records if record["kind"] in ("intent", "read")}
    live |= {record["wait"] for record in records if record["kind"] == "wait-began"}
    changes = {step["action"] for step in steps if step["kind"] == "change"}
    planned = plan["calls"]
    same = all(counts.get(action, 0) == planned.get(action, 0) for action in changes)
    looks = sum(count for action, count in counts.items() if action not in changes)
    planned_looks = sum(count for action, count in planned.items() if action not in changes)
    start, end = instants(records)
    makespan = plan["forecast"]["makespan_ms"] / 1000
    took = (end - start) % 86400
    difference = (took - makespan) / makespan * 100
    return (f"| `{name}` | {len(steps)} | {len(live)} | {'the same' if same else 'differ'} | {planned_looks} | {looks} "
            f"| {makespan:.1f} s | {took:.1f} s | {difference:+.1f} % |")


def main():
    folder = tempfile.mkdtemp()
    world = World(folder)
    rows = []
    try:
        for path in (FLEET, BAKE):
            inputs = list(PASSWORD)
            if path == BAKE:
                inventory = json.loads(world.belay("call", "ecm.DescribeInstances", "--endpoint", world.endpoint,
                                                   "--format", "json"))
                instance = find(inventory, "InstanceId")
                inputs += ["--input", f"instance={instance}", "--input", "name=baked"]
            plan = world.plan(path, inputs)
            records, counts, _ = world.run(path, inputs)
            rows.append(row(path, plan, records, counts))
    finally:
        world.stop()
        shutil.rmtree(folder)
    with open(OUTPUT, "w") as page:
        page.write(
            "# Planned and done\n\nWritten by `make plan-truth`: each shipped runbook is planned, and run over HTTP "
            f"against a served emulator that works {SPEED} times faster than the cloud, in the same world. Steps, "
            "parameters, calls and the undo tape are held exactly by tests, and the makespan too, in virtual time; here "
            "it is by the wall clock of one machine. How often work under way is looked at depends on when it ends.\n\n"
            "| runbook | steps planned | steps done | changing calls | reads planned | reads done | planned to take "
            "| took | |\n|---|---|---|---|---|---|---|---|---|\n" + "\n".join(rows) + "\n")


def find(value, name):
    if isinstance(value, dict):
        if name in value:
            return value[name]
        value = list(value.values())
    if isinstance(value, list):
        for element in value:
            found = find(element, name)
            if found:
                return found
    return None


main()
