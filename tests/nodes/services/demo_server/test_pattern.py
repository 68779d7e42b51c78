from __future__ import annotations

import random
import re

import pytest

from flowloom.nodes.services.demo_server.pattern import matching

PATTERNS = [
    "abc",
    "^abc$",
    r"^\d{3}-\d{4}$",
    r"[A-Z][a-z]+ [A-Z]\w*",
    r"^(red|green|blue)$",
    r"^(?:a|b)*c?$",
    r"^[^aeiou]+$",
    r"\$\d+\.\d{2}",
    r"^.{5}$",
    r"^(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])$",
    r"^x{2,}$",
    r"\bword\b",
    r"[\w.-]+@[\w-]+\.com",
    r"^a+?b$",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_text_matches(pattern: str) -> None:
    for seed in range(40):
        assert re.search(pattern, matching(pattern, random.Random(seed)))


@pytest.mark.parametrize("pattern", [r"(?=a)b", r"(a)\1", "^a$b", "(a", "[^ -~]"])
def test_what_it_cannot_do_it_says(pattern: str) -> None:
    with pytest.raises((ValueError, re.error, IndexError)):
        matching(pattern, random.Random(1))
