"""Every documented code reaches the provider's clients as their exception."""

from __future__ import annotations

import unittest

import exceptions
import refusals
from catalog import SERVICES


class Refusals(unittest.TestCase):
    maxDiff = None

    def test_every_documented_code_is_got(self) -> None:
        wrong = {}
        for service, entries in refusals.table().items():
            for code, entry in entries.items():
                got = refusals.Provocation(service).code(entry)
                if got != code:
                    wrong[f"{service} {code}"] = got
        self.assertEqual(wrong, {})

    def test_the_table_has_documented_codes_only(self) -> None:
        for service, entries in refusals.table().items():
            self.assertEqual(set(entries) - set(SERVICES[service].codes()), set())


if __name__ == "__main__":
    unittest.main()
