"""What a TextMate grammar makes of a text: the part of the editors' rules that the grammar of Belay uses.

Patterns are tried at each place; the leftmost match wins, then the first listed. A rule with begin and end stays open
over lines until its end matches. The regular expressions are those of both Oniguruma and Python.
"""

import re


class Rule:
    def __init__(self, node):
        self.name = node.get("name")
        self.match = re.compile(node["match"]) if "match" in node else None
        self.begin = re.compile(node["begin"]) if "begin" in node else None
        self.end = re.compile(node["end"]) if "end" in node else None
        self.captures = _names(node, "captures")
        self.begin_captures = _names(node, "beginCaptures")
        self.end_captures = _names(node, "endCaptures")
        self.patterns = node.get("patterns", [])


def _names(node, key):
    return {int(group): capture["name"] for group, capture in node.get(key, {}).items()}


class Grammar:
    def __init__(self, document):
        self.document = document
        self._rules = {}

    def rules(self, patterns):
        """The rules behind a list of patterns, includes followed, each once."""
        key = id(patterns)
        if key not in self._rules:
            self._rules[key] = [Rule(node) for node in self._expanded(patterns, set())]
        return self._rules[key]

    def _expanded(self, patterns, seen):
        for node in patterns:
            if "include" not in node:
                yield node
                continue
            name = node["include"].removeprefix("#")
            if name in seen:
                continue
            target = self.document["repository"][name]
            if "match" in target or "begin" in target:
                yield target
            else:
                yield from self._expanded(target["patterns"], seen | {name})

    def tokens(self, text):
        """For each line its (start, end, scope) with the innermost scope; what has none is left out."""
        stack = []
        for line in text.split("\n"):
            scopes = [None] * len(line)
            at = 0
            while at <= len(line):
                step = self._step(line, at, stack, scopes)
                if step is None:
                    break
                at = step
            _fill(scopes, at if at <= len(line) else len(line), len(line), _scope(stack))
            yield line, _runs(scopes)

    def _step(self, line, at, stack, scopes):
        """Handles the next match; where to go on, or None when nothing more matches in the line."""
        top = stack[-1] if stack else None
        best = None
        if top is not None and (found := top.end.search(line, at)):
            best = (found.start(), found, None)
        patterns = top.patterns if top is not None else self.document["patterns"]
        for rule in self.rules(patterns):
            found = (rule.match or rule.begin).search(line, at)
            if found and (best is None or found.start() < best[0]) and (found.end() > found.start() or rule.begin):
                best = (found.start(), found, rule)
        if best is None:
            return None
        start, found, rule = best
        _fill(scopes, at, start, _scope(stack))
        if rule is None:
            _paint(scopes, found, _scope(stack), top.end_captures)
            stack.pop()
        elif rule.match:
            _paint(scopes, found, rule.name or _scope(stack), rule.captures)
        else:
            stack.append(rule)
            _paint(scopes, found, _scope(stack), rule.begin_captures)
        return found.end() if found.end() > at or rule is None or rule.begin else found.end() + 1


def _scope(stack):
    return next((rule.name for rule in reversed(stack) if rule.name), None)


def _fill(scopes, start, end, scope):
    for index in range(start, end):
        scopes[index] = scope


def _paint(scopes, found, scope, captures):
    _fill(scopes, found.start(), found.end(), scope)
    for group, name in sorted(captures.items()):
        if found.start(group) >= 0:
            _fill(scopes, found.start(group), found.end(group), name)


def _runs(scopes):
    runs = []
    for index, scope in enumerate(scopes):
        if runs and runs[-1][2] == scope and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1, scope)
        elif scope:
            runs.append((index, index + 1, scope))
    return runs


def snapshot(grammar, text):
    """Each line of the text, and below it what is coloured: the words and their scope."""
    lines = []
    for line, runs in grammar.tokens(text):
        lines.append(line.rstrip())
        for start, end, scope in runs:
            if line[start:end].strip():
                lines.append(f"#   {line[start:end].strip()}  {scope.removesuffix('.belay')}")
    return "\n".join(lines).rstrip() + "\n"
