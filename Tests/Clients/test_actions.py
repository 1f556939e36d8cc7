"""Every action through the provider's SDKs: a valid call, and every way to break what the catalog states of it."""

from __future__ import annotations

import itertools
import unittest
from collections import Counter

import bench
import exceptions
import shape
import survey
from catalog import ACTIONS


class Actions(unittest.TestCase):
    maxDiff = None

    def test_there_is_a_valid_call_of_every_action(self) -> None:
        calls = {f"{service}.{name}" for service, name in bench.shared().calls}
        self.assertEqual(Counter(action.inferred for action in ACTIONS.values()), {False: 201, True: 4})
        self.assertEqual(calls, set(ACTIONS))

    def test_every_answer_fits_the_models_of_both_sites(self) -> None:
        problems = {name: seen.problems for name, seen in survey.of_all().items() if any(seen.problems.values())}
        self.assertEqual(problems, {})

    def test_what_an_sdk_lacks_is_known_and_the_other_has_it(self) -> None:
        lacking = {
            f"{session.site.name} {name}" for session in bench.shared().sessions for name, action in ACTIONS.items()
            if not session.has(action.service, action.name)}
        self.assertEqual(lacking, set(exceptions.of("sdk")))
        self.assertEqual([name for name, seen in survey.of_all().items() if not seen.problems], [])

    def test_every_structure_of_the_answers_is_seen(self) -> None:
        reachable = {f"{action.service}.{name}" for action in ACTIONS.values() for name in shape.reachable(action)}
        seen = {
            f"{ACTIONS[name].service}.{structure}" for name, seen in survey.of_all().items()
            for structure in seen.structures}
        self.assertEqual(reachable - seen, set(exceptions.of("structure")))

    def test_everything_stated_of_the_parameters_is_held(self) -> None:
        wrong = {
            name: seen.accepted + seen.unprinted for name, seen in survey.of_all().items()
            if seen.accepted or seen.unprinted}
        self.assertEqual(wrong, {})

    def test_what_is_made_to_fail_fails_so_everywhere(self) -> None:
        for name, seen in survey.of_all().items():
            wanted = ["refused", "lost"] + (["fails later", "stuck"] if seen.usual.is_async else [])
            self.assertEqual(seen.faults[:len(wanted)], wanted, name)

    def test_every_way_to_sign_and_send_works(self) -> None:
        """The five ways beside the usual one, each with every fifth action."""
        at = bench.shared()
        ways = [("TC3-HMAC-SHA256", "GET"), *itertools.product(("HmacSHA1", "HmacSHA256"), ("GET", "POST"))]
        for index, action in enumerate(bench.by_id()):
            method, verb = ways[index % len(ways)]
            at.restock(action)
            at.emulator.advance(1000)
            session = next(iter(at.sessions_for(action)))
            with session.signing(method, verb):
                answer = session.call(action.service, action.name, at.parameters(action))
            self.assertEqual(shape.problems(action, answer.model), [], f"{action.id} by {method} {verb}")


if __name__ == "__main__":
    unittest.main()
