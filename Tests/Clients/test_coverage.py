"""docs/generated/coverage.md is what the suite sees now; `make coverage` writes it."""

from __future__ import annotations

import os
import unittest

import coverage
from catalog import REPOSITORY

PAGE = REPOSITORY / "docs/generated/coverage.md"


class CoveragePage(unittest.TestCase):
    def test_the_page_is_as_the_suite_sees_the_emulator(self) -> None:
        text = coverage.page()
        if os.environ.get("UPDATE_GOLDEN") == "1":
            PAGE.write_text(text, encoding="utf-8")
        shown = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        self.assertTrue(shown == text, f"{PAGE.relative_to(REPOSITORY)} is stale: run make coverage")


if __name__ == "__main__":
    unittest.main()
