"""The reasoned exceptions of exceptions.tsv, by kind and subject."""

from __future__ import annotations

from pathlib import Path


def of(kind: str) -> dict[str, str]:
    lines = Path(__file__).with_name("exceptions.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {subject: reason for found, subject, reason in rows if found == kind and reason}
