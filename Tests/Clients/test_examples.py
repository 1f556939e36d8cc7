"""Every example request of the books is sent, and answered in the documented shape."""

from __future__ import annotations

import unittest

import bench
import examples
import exceptions
import shape


class Examples(unittest.TestCase):
    maxDiff = None

    def test_every_example_is_answered_in_the_documented_shape(self) -> None:
        at = bench.shared()
        wrong, refused, count = {}, set(), 0
        for example in examples.all_examples():
            count += 1
            at.restock(example.action)
            at.emulator.advance(1000)
            session = at.sessions_for(example.action)[0]
            try:
                answer = session.replay(example.action.service, example.action.name, example.parameters())
            except session.site.refused as error:
                refused.add(f"{example.name}: {error.code}")
                continue
            if problems := shape.problems(example.action, answer.model) + answer.unknown:
                wrong[example.name] = problems
        self.assertGreater(count, len(at.calls) - 10)
        self.assertEqual(wrong, {})
        self.assertEqual(refused, set(exceptions.of("example")))


if __name__ == "__main__":
    unittest.main()
