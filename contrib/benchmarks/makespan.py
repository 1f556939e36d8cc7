#!/usr/bin/env python3
"""How long a fan-out over three actions with awaited work takes over HTTP, beside what an ideal engine would take.

    makespan.py BELAY [STRANDS]

Each strand makes an instance, stops it and starts it again, and waits for each. The emulator's clock runs 20 times as
fast, so that the limits decide. The ideal engine knows at once when work has ended, its calls arrive at once, twenty in
any second, and its work is drawn as the emulator draws it; its time is the mean of a hundred such runs. Promised: at
most 5 % more.
"""
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SPEED = 20
LIMIT = 20
# How long a launch, a stop and a start take; seconds of the emulator's clock.
WORK = ((20, 40), (8, 15), (8, 15))
ENVIRONMENT = {**os.environ, "TENCENTCLOUD_SECRET_ID": "AKIDmakespan", "TENCENTCLOUD_SECRET_KEY": "makespan"}


def measure(belay, strands):
    work = tempfile.mkdtemp(prefix="belay-makespan.")
    emulator = subprocess.Popen(
        [belay, "emulator", "--listen", "127.0.0.1:0", "--credentials", "AKIDmakespan:makespan", "--control", "makespan",
         "--seed", "7", "--speed", str(SPEED)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        endpoint = re.search(r"http://\S+", emulator.stdout.readline()).group(0)
        begun = time.monotonic()
        with open(os.path.join(work, "run.ndjson"), "w", encoding="utf-8") as out:
            code = subprocess.call(
                [belay, "run", os.path.join(HERE, "makespan.belay"), "--input", f"strands={strands}", "--endpoint",
                 endpoint, "--state", os.path.join(work, "state"), "--format", "ndjson"],
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, env=ENVIRONMENT)
        taken = time.monotonic() - begun
        if code != 0:
            with open(os.path.join(work, "run.ndjson"), encoding="utf-8") as out:
                sys.exit("".join(out.readlines()[-5:]))
        return taken
    finally:
        emulator.terminate()
        emulator.wait()
        shutil.rmtree(work)


def ideal(strands, seed):
    draw = random.Random(seed)
    ready = [0.0] * strands
    for least, most in WORK:
        leaves = []
        for place, instant in enumerate(sorted(ready)):
            leaves.append(max(instant, leaves[place - LIMIT] + 1 if place >= LIMIT else 0))
        ready = [instant + draw.uniform(least, most) / SPEED for instant in leaves]
    return max(ready)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    belay = os.path.abspath(sys.argv[1])
    for strands in [int(sys.argv[2])] if len(sys.argv) > 2 else [200, 2000]:
        taken = measure(belay, strands)
        bound = sum(ideal(strands, seed) for seed in range(100)) / 100
        verdict = "as promised" if taken <= bound * 1.05 else "NOT as promised"
        more = f"{taken / bound - 1:.1%} more"
        print(f"{strands} strands: {taken:.1f} s, ideally {bound:.1f} s: {more}, {verdict}", flush=True)


if __name__ == "__main__":
    main()
