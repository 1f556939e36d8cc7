"""The editors' grammars know every word of the language, and colour the samples as the snapshots say.

UPDATE_GOLDEN=1 rewrites the snapshots.
"""

import json
import os
import pathlib
import re
import unittest

import textmate

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent

TEXTMATE = HERE / "vscode/syntaxes/belay.tmLanguage.json"
VIM = HERE / "vim/syntax/belay.vim"
TREE_SITTER = HERE / "tree-sitter-belay/grammar.js"
HIGHLIGHTS = HERE / "tree-sitter-belay/queries/highlights.scm"

# Words that the parser knows by their place only.
CONTEXTUAL = {"given", "run", "expect", "role", "person", "requester"}


def source(path):
    return (ROOT / "Sources" / path).read_text(encoding="utf-8")


def keywords():
    """The cases of `enum Keyword`."""
    body = source("RunbookSyntax/Keyword.swift").split("enum Keyword", 1)[1].split("///", 1)[0]
    lines = [line.strip()[5:] for line in body.splitlines() if line.strip().startswith("case ")]
    return {word.strip(" `") for line in lines for word in line.split(",")}


def types():
    """The plain types that the checker knows."""
    text = source("RunbookChecker/Rules/InputTypes.swift")
    table = text.split("plainTypes: [String: ValueType] = [", 1)[1].split("\n  ]", 1)[0]
    return set(re.findall(r'"(\w+)":', table))


def functions():
    """The functions of the standard library."""
    folder = ROOT / "Sources/RunbookEvaluator/Builtins"
    names = set()
    for path in folder.glob("*Builtins.swift"):
        names |= set(re.findall(r'FunctionSignature\(\s*"(\w+)"', path.read_text(encoding="utf-8")))
    return names


def words(path):
    """All words of a grammar's file."""
    text = path.read_text(encoding="utf-8")
    if path == TEXTMATE:
        text = re.sub(r"\\\\[bsw]", " ", text)
    return set(re.findall(r"\w+", text))


class WordsTests(unittest.TestCase):
    def test_the_sources_are_read(self):
        self.assertGreater(len(keywords()), 45)
        self.assertIn("let", keywords())
        self.assertIn("Duration", types())
        self.assertGreater(len(functions()), 30)

    def test_every_grammar_knows_every_word(self):
        wanted = keywords() | types() | functions() | CONTEXTUAL
        for path in (TEXTMATE, VIM, HIGHLIGHTS):
            with self.subTest(path=path.name):
                self.assertEqual(sorted(wanted - words(path)), [])
        with self.subTest(path=TREE_SITTER.name):
            literals = set(re.findall(r'"(\w+)"', TREE_SITTER.read_text(encoding="utf-8")))
            self.assertEqual(sorted((keywords() | CONTEXTUAL) - literals), [])

    def test_no_grammar_colours_a_word_that_is_none(self):
        known = keywords() | CONTEXTUAL
        for keyword in re.findall(r"^syntax keyword belay(?!Type)\w+ (.*)$", VIM.read_text(encoding="utf-8"), re.M):
            self.assertEqual(sorted(set(keyword.split()) - known), [])
        for pattern in json.loads(TEXTMATE.read_text(encoding="utf-8"))["repository"]["words"]["patterns"]:
            if pattern["name"].startswith("keyword."):
                found = set(re.search(r"\(\?:([\w|]+)\)", pattern["match"])[1].split("|"))
                self.assertEqual(sorted(found - known), [])


class TreeSitterTests(unittest.TestCase):
    def test_rules_and_queries_name_rules_that_are_there(self):
        grammar = TREE_SITTER.read_text(encoding="utf-8")
        defined = set(re.findall(r"^    (\w+): \(", grammar, re.M))
        self.assertGreater(len(defined), 60)
        self.assertEqual(sorted(set(re.findall(r"\$\.(\w+)", grammar)) - defined), [])
        queries = re.sub(r'"[^"]*"|;.*', "", HIGHLIGHTS.read_text(encoding="utf-8"))
        self.assertEqual(sorted(set(re.findall(r"\((\w+)", queries)) - defined), [])
        literals = set(re.findall(r'"([^"\s]+)"', grammar))
        tokens = re.sub(r"\(#any-of\?[^)]*\)|;.*", "", HIGHLIGHTS.read_text(encoding="utf-8"))
        self.assertEqual(sorted(set(re.findall(r'"([^"\s]+)"', tokens)) - literals - {"${"}), [])

    def test_every_rule_is_used(self):
        grammar = TREE_SITTER.read_text(encoding="utf-8")
        defined = set(re.findall(r"^    (\w+): \(", grammar, re.M)) - {"source_file"}
        self.assertEqual(sorted(defined - set(re.findall(r"\$\.(\w+)", grammar))), [])


class VisualStudioCodeTests(unittest.TestCase):
    def test_the_extension_is_whole(self):
        package = json.loads((HERE / "vscode/package.json").read_text(encoding="utf-8"))
        parts = package["contributes"]
        paths = [parts["languages"][0]["configuration"], parts["grammars"][0]["path"], parts["snippets"][0]["path"]]
        for path in paths:
            self.assertTrue(json.loads((HERE / "vscode" / path).read_text(encoding="utf-8")))
        scope = json.loads(TEXTMATE.read_text(encoding="utf-8"))["scopeName"]
        self.assertEqual(parts["grammars"][0]["scopeName"], scope)


class SnapshotTests(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.grammar = textmate.Grammar(json.loads(TEXTMATE.read_text(encoding="utf-8")))

    def test_samples(self):
        samples = sorted((HERE / "samples").glob("*.belay"))
        self.assertGreater(len(samples), 1)
        for sample in samples:
            with self.subTest(sample=sample.name):
                found = textmate.snapshot(self.grammar, sample.read_text(encoding="utf-8"))
                golden = sample.with_suffix(".scopes")
                if os.environ.get("UPDATE_GOLDEN") == "1":
                    golden.write_text(found, encoding="utf-8")
                self.assertEqual(golden.read_text(encoding="utf-8"), found)

    def test_the_shipped_runbooks_have_nothing_that_is_called_illegal(self):
        paths = sorted((ROOT / "runbooks").glob("**/*.belay"))
        self.assertGreater(len(paths), 1)
        for path in paths:
            for line, runs in self.grammar.tokens(path.read_text(encoding="utf-8")):
                for start, end, scope in runs:
                    self.assertFalse(scope.startswith("invalid"), f"{path.name}: {line[start:end]!r} in {line!r}")

    def test_what_is_open_at_the_end_of_a_line_is_closed(self):
        text = 'let a = "open ${x\nlet b = 1'
        scopes = [scope for line, runs in self.grammar.tokens(text) for _, _, scope in runs if line.startswith("let b")]
        self.assertIn("keyword.declaration.belay", scopes)


if __name__ == "__main__":
    unittest.main()
