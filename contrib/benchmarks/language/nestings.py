"""Texts that nest, or that repeat what never ends: what makes a parser or a checker slow, if anything does.

usage: nestings.py FOLDER BYTES
"""
import pathlib
import sys

# What is repeated, what stands in the middle, what is repeated behind it.
PAIRS = [
    ("(", "1", ")"), ("[", "", "]"), ("{ A: ", "1", "}"), ("f(", "", ")"), ("ecm.F(A: ", "1", ")"), ("-", "1", ""),
    ("not ", "a", ""), ("if a then b else ", "1", ""), ("if ", "a", " then b else c"), ("[for x in xs => ", "1", "]"),
    ("[for x in [1] => ", "x", "]"), ("[for x in ", "xs", " => x]"), ("{for x in [1] => [", "1", "]: 1}"),
    ("{for x in [1] => [", "", ""), ("{for x in [\"a\"] => [x]: ", "1", "}"), ("{[\"a\"]: ", "1", "}"), ("\"${", "a", "}\""),
    ("\"a${\"b\" + ", "a", "}\""), ("1 + ", "1", ""), ("\"a\" + ", "\"\"", ""), ("1 - (", "1", ")"), ("true and ", "true", ""),
    ("true or (", "true", ")"), ("1 == ", "1", ""), ("1...", "1", ""), ("(1, ", "1", ")"), ("[1, ", "1", "]"),
    ("count([", "", "])"), ("range(", "1", ")"), ("flatten([", "", "])"), ("match 1 { 1 => ", "1", ", else => 2 }"),
    ("match ", "1", " { else => 1 }"), ("", "a", ".b"), ("", "a", "[0]"), ("", "a", "[].b"), ("", "a", "(1)"),
]
# Statements, one within the other.
BLOCKS = [
    ("each x in [1] {\n", "give 1", "\n}\n"), ("parallel {\n", "", "\n}\n"), ("if true {\n", "", "\n}\n"),
    ("if true {} else ", "{}", ""), ("ecm.DescribeVpcs() undo {\n", "", "\n}\n"), ("attempt {\n", "", "\n} rescue e {\n}\n"),
    ("attempt {\n", "", "\n} always {\n}\n"), ("attempt {\n} rescue e {\n", "", "\n}\n"), ("timeout 5s {\n", "", "\n}\n"),
    ("approve \"a\" within 5min {\n", "", "\n}\n"), ("parallel each x in [1] {\n", "give 1", "\n}\n"),
    ("match 1 { 1 => {\n", "", "\n} }\n"), ("recipe r() {\n", "", "\n}\n"), ("func f(): Int {\n", "give 1", "\n}\n"),
    ("let x = each y in [1] {\n", "give 1", "\n}\n"),
]
# What is never closed, or closes nothing, or stands many times side by side.
RUNS = [
    "(", "[", "{", "{ A: ", "\"${", "\"", "\"\"\"\n", "/*", "*/", "//", "}", ")", "]", "}\n", "${", "\\", ",", ":", "=", "=>", "...",
    "for x in ", "if ", "else ", "each ", "wait ", "until ", "undo ", "match ", "let ", "let x = ", "func ", "recipe ", "use ",
    "runbook ", "inputs {", "bounds {", "test \"", "@", "\u0000", "é", "（", "“", "'", ";", "\t", "\r\n", "\n", " ", "1.", "1e9", "10.0.0.0/",
    "5m", "a.", "a ", "a(", "a[", "-", "!", "&&", "==", "<", "let a = 1\n", "let a = b\n", "output a = 1\n", "let x = ecm.Nothing(A: 1)\n",
    "ecm.DescribeVpcs()\n", "use ecm\n", "use \"a.belay\" as a\n", "func f(): Int = f()\n", "recipe r() { r() }\n", "let a = [1, \"\", a]\n",
    "let a = { b: a, b: a }\n", "let x = [for y in x if y => y]\n", "assert a == b else c\n", "commit \"a\"\n", "fail a\n",
]


def texts(size):
    head = "runbook nest.t 1.0.0\n"
    for before, middle, after in PAIRS:
        count = max(1, (size - 60) // len((before + after).encode()))
        yield head + "let x = " + before * count + middle + after * count + "\noutput v = 1\n"
        # As deep as is allowed, again and again.
        once = "let x = " + before * 60 + middle + after * 60 + "\n"
        yield head + once * max(1, size // len(once.encode()))
    for before, middle, after in BLOCKS:
        count = max(1, (size - 60) // len((before + after).encode()))
        yield head + "use ecm\n" + before * count + middle + after * count
        once = before * 12 + middle + after * 12 + "\n"
        yield head + "use ecm\n" + once * max(1, size // len(once.encode()))
    for run in RUNS:
        count = max(1, (size - 60) // len(run.encode()))
        yield head + run * count
        yield head + "let x = " + run * count
    # Names that differ: each is looked up, and none is like another.
    yield head + "".join(f"let a{n} = b{n}\n" for n in range(size // 16))
    yield head + "".join(f"let a{n} = {{ b{n}: 1, c: a{n - 1} }}\n" if n else "let a0 = 1\n" for n in range(size // 32))
    yield head + "".join(f"let a{n} = [a{n - 1}, a{n - 1}]\n" if n else "let a0 = 1\n" for n in range(size // 24))
    yield head + "".join(f"let a{n} = a{n - 1} + a{n - 1}\n" if n else "let a0 = \"a\"\n" for n in range(size // 24))
    yield head + "".join(f"func f{n}(a: Int): Int = {f'f{n - 1}(f{n - 1}(a))' if n else 'a'}\n" for n in range(size // 40)) + "output v = 1\n"
    yield head + "use ecm\n" + "".join(
        f"recipe r{n}() {{\n{f'r{n - 1}()' if n else ''}\n{f'r{n - 1}()' if n else ''}\n}}\n" for n in range(size // 32)) + f"r{size // 32 - 1}()\n"
    yield head + "let x = { " + ", ".join(f"a{n}: {n}" for n in range(size // 12)) + " }\noutput v = x\n"
    yield head + "let x = { " + ", ".join(f"[\"a{n}\"]: {n}" for n in range(size // 14)) + " }\noutput v = x\n"
    yield head + "let x = [" + ", ".join(str(n) for n in range(size // 7)) + "]\noutput v = x\n"
    yield head + "let x = match 1 { " + ", ".join(f"{n} => {n}" for n in range(size // 15)) + ", else => 0 }\noutput v = x\n"
    yield head + "use ecm\nlet v = ecm.CreateVpc(VpcName: \"a\", CidrBlock: 10.0.0.0/16)\n" + "".join(
        f"let s{n} = ecm.CreateSubnet(VpcId: v.Vpc.VpcId)\n" for n in range(size // 48))
    yield head + "use ecm\n" + "ecm.TerminateInstances(InstanceIdSet: [\"ein-1\"])\n" * (size // 54)
    yield head + "inputs {\n" + "".join(f"  i{n}: Int = {n} where it in 1...{n}\n" for n in range(size // 36)) + "}\n"
    yield head + "".join(f"test \"t{n}\" {{\n  given world empty\n  expect done\n}}\n" for n in range(size // 52))


def main():
    folder, size = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(texts(size)):
        (folder / f"{number:03}.belay").write_bytes(text.encode()[:size])


if __name__ == "__main__":
    main()
