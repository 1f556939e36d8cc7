#!/usr/bin/env python3
"""How long a fan-out over three actions with awaited work takes over HTTP, beside the least that the limits allow.

    makespan.py BELAY [STRANDS]

Each strand makes an instance, stops it and starts it again, and waits for each. The emulator's clock runs 20 times as
fast, so that the limits decide. No schedule is shorter than the calls of one action at their limit, the first twenty at
once, and the least work that a strand can have; promised for 2,000 strands: at most 5 % more.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SPEED = 20
LIMIT = 20
# The emulator's shortest launch, stop and start; seconds of its clock.
LEAST_WORK = 20 + 8 + 8
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


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    belay = os.path.abspath(sys.argv[1])
    for strands in [int(sys.argv[2])] if len(sys.argv) > 2 else [200, 2000]:
        taken = measure(belay, strands)
        bound = (strands - LIMIT) / LIMIT + LEAST_WORK / SPEED
        print(f"{strands} strands: {taken:.1f} s, at least {bound:.1f} s: {taken / bound - 1:.1%} more", flush=True)


if __name__ == "__main__":
    main()
