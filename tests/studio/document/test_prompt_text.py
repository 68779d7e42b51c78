"""A wire into a prompt adds its variable where it is read."""

from __future__ import annotations

import pytest

from flowloom.flows.node.template import template_variables
from flowloom.studio.document.prompt_text import with_variable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("user:\n{{question}}\n", "user:\n{{question}}\n{{tone}}\n"),
        ("user:\n{{question}}", "user:\n{{question}}\n{{tone}}\n"),
        ("system:\nBe kind.\n", "system:\nBe kind.\n\nuser:\n{{tone}}\n"),
        ("user:\nHi\n\nassistant:\nHello\n", "user:\nHi\n\nassistant:\nHello\n\nuser:\n{{tone}}\n"),
        ("user:\r\nHi\r\n", "user:\r\nHi\r\n{{tone}}\r\n"),
        ("Just a text", "Just a text\n{{tone}}\n"),
        ("", "{{tone}}\n"),
    ],
)
def test_the_variable_stands_at_the_end_of_what_the_person_says(text: str, expected: str) -> None:
    assert with_variable(text, "tone") == expected
    assert "tone" in template_variables(with_variable(text, "tone"))


@pytest.mark.parametrize("name", ["question", "my input", "2nd", ""])
def test_a_text_that_has_it_or_cannot_have_it_stays(name: str) -> None:
    text = "user:\n{{question}}\n"
    assert with_variable(text, name) == text
