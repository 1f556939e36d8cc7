#!/usr/bin/env python3
"""The language beside CPython, both Starlarks and Lua: every figure is the least CPU time of several rounds, and in a
round every engine runs once, in turn, each in a process of its own.

usage: compare.py BENCHMARK [--rounds N] [--rows NAME,NAME] [--skip-texts] [--skip-nestings]
"""
import argparse
import math
import os
import resource
import subprocess
import sys
import tempfile

import nestings
import texts

HERE = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(HERE, "../../../.build-bench/venv/bin/python")
ROWS = {
    "fib": "fib(27): 832,000 calls", "loops": "1 M rounds with a condition", "intmap": "100 k keys of Ints, made and read",
    "textmap": "100 k keys of Texts, made and read", "concat": "500 k texts of 40 bytes joined and compared", "append": "1 M rounds that append",
    "where": "100 k conditions of inputs", "until": "100 k conditions of waits",
}
OTHERS = ["cpython", "starlark-pyo3", "starlark-go", "lua"]
SIZES = [2_500, 5_000, 10_000, 20_000, 40_000]


def command(benchmark, engine, mode, stem):
    """What runs a row; `stem` is the path of its texts without the ending."""
    if engine == "belay":
        return [benchmark, mode, stem + ".belay"]
    if engine == "lua":
        return ["lua5.4", os.path.join(HERE, "lua_row.lua"), stem + ".lua"]
    return [VENV, os.path.join(HERE, "python_row.py"), engine, "parse" if mode == "parse" else "run", stem + ".star"]


def measure(arguments):
    """Seconds and value; an engine's own clock, since starting it is not what is asked."""
    done = subprocess.run(arguments, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"compare: {' '.join(arguments)} failed:\n{done.stderr}")
    seconds, value = done.stdout.split(maxsplit=1)
    return float(seconds), value.strip()


def luac(stem):
    """`luac -p` is a program of its own: what it takes to start is measured and taken off."""
    def spent(arguments):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(arguments, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return spent(["luac5.4", "-p", stem + ".lua"]) - spent(["luac5.4", "-v"])


def rows(benchmark, names, rounds):
    best = {}
    for _ in range(rounds):
        for name in names:
            stem, values = os.path.join(HERE, "rows", name), {}
            for engine in ["belay", *OTHERS]:
                seconds, values[engine] = measure(command(benchmark, engine, "run", stem))
                best[name, engine] = min(best.get((name, engine), math.inf), seconds)
            if len(set(values.values())) != 1:
                raise SystemExit(f"compare: the engines disagree on {name}: {values}")
    return best


def print_rows(best, names):
    print(f"{'CPU ms, least':<10}" + "".join(f"{engine:>15}" for engine in ["belay", *OTHERS]))
    for name in names:
        print(f"{name:<13}" + "".join(
            f"{best[name, engine] * 1000:>{12 if engine == 'belay' else 15}.1f}" for engine in ["belay", *OTHERS])
            + f"   {ROWS[name]}")
    print("\ntimes as fast as")
    for name in names:
        print(f"{name:<25}" + "".join(f"{best[name, engine] / best[name, 'belay']:>15.2f}" for engine in OTHERS))
    means = [math.prod(best[name, engine] / best[name, "belay"] for name in names) ** (1 / len(names)) for engine in OTHERS]
    print(f"{'geometric mean':<25}" + "".join(f"{mean:>15.2f}" for mean in means))
    slower = [f"{name} ({engine})" for name in names for engine in OTHERS[:3] if best[name, engine] < best[name, "belay"]]
    print("slower than CPython or a Starlark in: " + (", ".join(slower) or "none"))
    print(f"of Lua's time, geometric mean: {1 / means[-1]:.2f} (at most 1.5 is asked)")


def print_doors(benchmark, rounds):
    print("\nthe same conditions where runbooks have them, CPU us each")
    for mode, what in (("where", "inputs read, conditions met"), ("until", "a look asked for, answered, judged, paused")):
        path = os.path.join(HERE, "doors", mode + ".belay")
        least = min(measure([benchmark, mode, path])[0] for _ in range(rounds))
        print(f"{mode:<13}{least / 100_000 * 1e6:>12.2f}   {what}")


def print_texts(benchmark, rounds):
    with tempfile.TemporaryDirectory() as folder:
        rates, checks = {}, {}
        for size in SIZES:
            stem = os.path.join(folder, str(size))
            for ending, text in (("belay", texts.belay), ("star", texts.starlark), ("lua", texts.lua)):
                with open(f"{stem}.{ending}", "w", encoding="utf-8") as file:
                    file.write(text(size))
        for _ in range(rounds):
            for size in SIZES:
                stem = os.path.join(folder, str(size))
                for engine in ["belay", *OTHERS[:3]]:
                    seconds, count = measure(command(benchmark, engine, "parse", stem))
                    rates[size, engine] = max(rates.get((size, engine), 0), int(count) / seconds / 1e6)
                rate = os.path.getsize(stem + ".lua") / max(luac(stem), 1e-6) / 1e6
                rates[size, "luac -p"] = max(rates.get((size, "luac -p"), 0), rate)
                seconds, calls = measure([benchmark, "check", stem + ".belay"])
                checks[size] = min(checks.get(size, (math.inf, 0)), (seconds, int(calls)))
    engines = ["belay", *OTHERS[:3], "luac -p"]
    print(f"\n{'lexing and parsing, MB/s':<25}" + "".join(f"{engine:>15}" for engine in engines))
    for size in SIZES:
        print(f"{size:>12,} lines      " + "".join(f"{rates[size, engine]:>15.1f}" for engine in engines))
    print(f"\n{'check':<25}{'calls':>15}{'CPU ms':>15}{'us a line':>15}")
    for size in SIZES:
        seconds, calls = checks[size]
        print(f"{size:>12,} lines      {calls:>15,}{seconds * 1000:>15.1f}{seconds / size * 1e6:>15.2f}")


def print_nestings(benchmark):
    """Laying out, checking and writing the problems of texts that nest or repeat as hard as they can."""
    spent = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (half, whole) in enumerate(zip(nestings.texts(50_000), nestings.texts(100_000))):
            seconds = []
            for size, text in ((50_000, half), (100_000, whole)):
                path = os.path.join(folder, f"{number}.belay")
                with open(path, "wb") as file:
                    file.write(text.encode()[:size])
                seconds.append(measure([benchmark, "judge", path]))
            (less, _), (more, problems) = seconds
            spent.append((more, less, int(problems), whole.split("\n", 1)[1][:40].replace("\n", " ")))
    print(f"\n{len(spent)} texts of 100 kB that nest or repeat, laid out and judged; the slowest")
    print(f"{'CPU ms':>10}{'of the half':>15}{'problems':>12}   text")
    for more, less, problems, beginning in sorted(spent, reverse=True)[:6]:
        print(f"{more * 1000:>10.0f}{less * 1000:>15.0f}{problems:>12,}   {beginning}")
    print(f"over 1 s: {sum(1 for row in spent if row[0] > 1)} (none is asked)")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("benchmark")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", default=",".join(ROWS))
    parser.add_argument("--skip-texts", action="store_true")
    parser.add_argument("--skip-nestings", action="store_true")
    options = parser.parse_args()
    names = [name for name in options.rows.split(",") if name]
    versions = [subprocess.run(command, capture_output=True, text=True).stdout.strip() for command in
                ([VENV, "--version"], ["lua5.4", "-v"])]
    print(f"{versions[0]}, {versions[1].split('  ')[0]}; {open(os.path.join(HERE, '../../../.build-bench/installed.txt')).read().strip()}")
    if names:
        print_rows(rows(options.benchmark, names, options.rounds), names)
        print_doors(options.benchmark, options.rounds)
    if not options.skip_texts:
        print_texts(options.benchmark, max(1, options.rounds - 2))
    if not options.skip_nestings:
        print_nestings(options.benchmark)
    print(f"load while measuring: {' '.join(f'{value:.2f}' for value in os.getloadavg())}")


if __name__ == "__main__":
    sys.exit(main())
