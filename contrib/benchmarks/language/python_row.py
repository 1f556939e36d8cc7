"""One row in CPython or one of the Starlarks, alone in its process: prints the CPU seconds and what it came to.

usage: python_row.py cpython|starlark-pyo3|starlark-go run|parse FILE
"""
import sys
import time


def cpython(mode, text):
    if mode == "parse":
        import ast

        start = time.process_time()
        ast.parse(text)
        return time.process_time() - start, len(text.encode())
    names = {}
    exec(compile(text, "row", "exec"), names)
    start = time.process_time()
    value = names["main"]()
    return time.process_time() - start, value


def starlark_pyo3(mode, text):
    import starlark

    dialect = starlark.Dialect.extended()
    if mode == "parse":
        start = time.process_time()
        starlark.parse("row", text, dialect)
        return time.process_time() - start, len(text.encode())
    module, library = starlark.Module(), starlark.Globals.standard()
    starlark.eval(module, starlark.parse("row", text, dialect), library)
    call = starlark.parse("call", "main()", dialect)
    start = time.process_time()
    value = starlark.eval(module, call, library)
    return time.process_time() - start, value


def starlark_go(mode, text):
    import starlark_go as go

    interpreter = go.Starlark()
    if mode == "parse":
        # There is no entry that parses alone: the text is a function that nobody calls, so that what is timed is its
        # lexer, parser, resolver and compiler.
        start = time.process_time()
        interpreter.exec(text)
        return time.process_time() - start, len(text.encode())
    interpreter.exec(text)
    start = time.process_time()
    value = interpreter.eval("main()")
    return time.process_time() - start, value


def main():
    engine, mode, path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        text = file.read()
    engines = {"cpython": cpython, "starlark-pyo3": starlark_pyo3, "starlark-go": starlark_go}
    seconds, value = engines[engine](mode, text)
    print(seconds, value)


main()
