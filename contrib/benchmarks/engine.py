#!/usr/bin/env python3
"""The engine beside DBOS: durable steps that do nothing, one after the other and 64 wide, replayed, and waiting.

    engine.py BENCHMARK [DISK]

BENCHMARK is the built EngineBenchmark. What is compared with DBOS has its state on tmpfs, so that the disk does not
decide; then the engine alone, and bare SQLite, write to the folder DISK. DBOS is taken from the Python that runs this,
with SQLite in WAL mode and full sync, as the engine has it. Prints numbers, and what of them is not as promised.
"""

import asyncio
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

SEQUENTIAL, WIDE, WIDTH, RECORDS, WAITING = 5_000, 10_000, 64, 100_000, 100_000
THEIRS = 2_000
DISK_STEPS, DISK_ROUNDS = 2_000, 15


def engine(benchmark, mode, count, folder):
    done = subprocess.run([benchmark, mode, str(count), folder], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def dbos(folder):
    """Steps a second: one after the other, WIDTH wide within one workflow, and replayed."""
    from dbos import DBOS, SetWorkflowID
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    @event.listens_for(Engine, "connect")
    def to_wal(connection, _):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    DBOS(config={"name": "benchmark", "system_database_url": f"sqlite:///{folder}/dbos.sqlite", "log_level": "ERROR"})

    @DBOS.step()
    async def step(number):
        return number

    @DBOS.workflow()
    async def sequential(count):
        for number in range(count):
            await step(number)

    @DBOS.workflow()
    async def wide(count):
        for start in range(0, count, WIDTH):
            await asyncio.gather(*(step(number) for number in range(start, min(start + WIDTH, count))))

    async def measure(workflow):
        begun = time.perf_counter()
        await workflow
        return THEIRS / (time.perf_counter() - begun)

    async def replay():
        handle = await DBOS.fork_workflow_async("sequential", THEIRS + 1)
        await handle.get_result()

    async def all_three():
        with SetWorkflowID("sequential"):
            one_by_one = await measure(sequential(THEIRS))
        return one_by_one, await measure(wide(THEIRS)), await measure(replay())

    DBOS.launch()
    try:
        return asyncio.run(all_three())
    finally:
        DBOS.destroy()


def bare_commits(folder, count):
    """Commits a second of what a step commits: an outcome, the next intent, and the run's own row; no engine around it."""
    store = sqlite3.connect(f"{folder}/bare.sqlite", isolation_level=None)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("PRAGMA synchronous=FULL")
    store.execute("CREATE TABLE runs (number INTEGER PRIMARY KEY, records INT, head INT)")
    store.execute(
        "CREATE TABLE records (run INT, sequence INT, at INT, kind TEXT, packed BLOB, checksum INT,"
        " PRIMARY KEY (run, sequence)) WITHOUT ROWID")
    store.execute("INSERT INTO runs VALUES (1, 0, 0)")
    begun = time.perf_counter()
    for number in range(count):
        store.execute("BEGIN IMMEDIATE")
        for half, kind, size in ((0, "done", 120), (1, "intent", 257)):
            store.execute(
                "INSERT INTO records VALUES (1, ?, ?, ?, ?, ?)",
                (2 * number + half, 1_700_000_000_000 + number, kind, b"x" * size, hash((number, half))))
        store.execute("UPDATE runs SET records = ?, head = ? WHERE number = 1", (2 * number + 2, number))
        store.execute("COMMIT")
    taken = time.perf_counter() - begun
    store.close()
    return count / taken


class Judge:
    def __init__(self):
        self.failures = []

    def line(self, text, holds=True):
        print(text if holds else f"{text}  <- NOT as promised", flush=True)
        if not holds:
            self.failures.append(text)


def beside_dbos(benchmark, folder, judge):
    rows = [
        ("sequential", engine(benchmark, "sequential", SEQUENTIAL, folder), 10, 1.05),
        (f"{WIDTH} wide", engine(benchmark, "wide", WIDE, folder), 50, 0.1),
    ]
    replay = engine(benchmark, "replay", RECORDS, folder)
    try:
        theirs = dbos(folder)
    except ImportError:
        theirs = (None, None, None)
        print("DBOS is not there (pip install dbos): the engine alone", file=sys.stderr)
    print(f"{'steps a second':<14} {'engine':>10} {'dbos':>10} {'ratio':>8} {'syncs a step':>14}")
    for (name, ours, times, syncs), other in zip(rows, theirs):
        ratio = ours["steps_per_second"] / other if other else None
        judge.line(
            f"{name:<14} {ours['steps_per_second']:>10.0f} {other or 0:>10.0f} {ratio or 0:>8.1f} "
            f"{ours['syncs_per_step']:>14.4f}",
            (ratio is None or ratio >= times) and ours["syncs_per_step"] <= syncs)
    ratio = replay["steps_per_second"] / theirs[2] if theirs[2] else None
    judge.line(
        f"{'replay':<14} {replay['steps_per_second']:>10.0f} {theirs[2] or 0:>10.0f} {ratio or 0:>8.1f}",
        ratio is None or ratio >= 100)
    print(
        f"replay of {replay['records']} records in {replay['seconds']:.2f} s, {replay['records_per_second']:.0f} a second: "
        f"reading {replay['reading']:.2f} s, evaluating {replay['evaluating']:.2f} s")


def on_disk(benchmark, folder, judge):
    # In turn, and the middle one of the ratios: the disk has other work, too, and takes now this long and now that.
    pairs = [
        (engine(benchmark, "sequential", DISK_STEPS, tempfile.mkdtemp(dir=folder))["steps_per_second"],
         bare_commits(tempfile.mkdtemp(dir=folder), DISK_STEPS))
        for _ in range(DISK_ROUNDS)]
    ours, bare = (statistics.median(pair[index] for pair in pairs) for index in (0, 1))
    ratios = sorted(pair[0] / pair[1] for pair in pairs)
    judge.line(
        f"on disk: {ours:.0f} sequential steps a second where bare SQLite commits {bare:.0f}: "
        f"{statistics.median(ratios):.0%} (of {DISK_ROUNDS} rounds, from {ratios[0]:.0%} to {ratios[-1]:.0%})",
        statistics.median(ratios) >= 0.8)


def memory(benchmark, folder, judge):
    for kind in ("queued", "pausing", "waiting"):
        few = engine(benchmark, kind, WAITING // 5, folder)
        many = engine(benchmark, kind, WAITING, folder)
        grown = (many["resident_kb"] - few["resident_kb"]) * 1024 / (WAITING - WAITING // 5)
        judge.line(
            f"{WAITING} iterations {kind}: {many['resident_kb'] / 1024:.0f} MB resident; each more takes {grown:.0f} bytes",
            grown < 2048 and many["resident_kb"] < 300 * 1024)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    benchmark = os.path.abspath(sys.argv[1])
    disk = tempfile.mkdtemp(prefix="belay-engine.", dir=sys.argv[2] if len(sys.argv) > 2 else ".")
    memory_folder = tempfile.mkdtemp(prefix="belay-engine.", dir="/dev/shm")
    judge = Judge()
    try:
        beside_dbos(benchmark, memory_folder, judge)
        on_disk(benchmark, disk, judge)
        memory(benchmark, memory_folder, judge)
        print(f"load while measuring: {' '.join(f'{load:.2f}' for load in os.getloadavg())}")
        print("all as promised" if not judge.failures else f"{len(judge.failures)} not as promised")
    finally:
        shutil.rmtree(disk)
        shutil.rmtree(memory_folder)


if __name__ == "__main__":
    main()
