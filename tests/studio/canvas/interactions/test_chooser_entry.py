"""What a query finds among entries."""

from __future__ import annotations

from flowloom.studio.canvas.interactions.chooser_entry import Entry, ranked

ENTRIES = [
    Entry(1, "Prompt template", "Prompts", words="text jinja"),
    Entry(2, "Ask a model", "Models", words="llm chat"),
    Entry(3, "Model of text", "Models"),
]


def test_all_words_must_be_there_and_beginnings_come_first() -> None:
    assert [entry.value for entry in ranked(ENTRIES, "model")] == [3, 2]
    assert [entry.value for entry in ranked(ENTRIES, "MODEL ask")] == [2]
    assert [entry.value for entry in ranked(ENTRIES, "text")] == [3, 1]
    assert ranked(ENTRIES, "nothing") == []


def test_the_very_word_comes_before_a_longer_one() -> None:
    entries = [Entry(1, "answer › New input 'question_2'"), Entry(2, "answer › question")]
    assert [entry.value for entry in ranked(entries, "answer question")] == [2, 1]


def test_no_query_keeps_the_order() -> None:
    assert ranked(ENTRIES, "  ") == ENTRIES
