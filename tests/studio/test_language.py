"""Words in another language: whole texts, texts with places, and texts that were made elsewhere."""

from __future__ import annotations

import pytest

from flowloom.studio import language
from flowloom.studio.language import set_language, tr, tr_data


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A catalogue of a few words in place of the real one."""
    words = {
        "Save": "保存",
        "Delete {name}": "删除“{name}”",
        "The node '{0}' has no input '{1}'.": "节点“{0}”没有输入“{1}”。",
        "'{0}' and '{0}' again": "“{0}”两次",
    }
    set_language("zh_CN")
    monkeypatch.setattr(language, "_catalogue", words)
    monkeypatch.setattr(language, "_patterns", [(key, value) for key, value in words.items() if "{0}" in key])
    language._translate.cache_clear()
    return words


def test_english_is_the_key() -> None:
    assert tr("Delete {name}", name="{odd}") == "Delete {odd}"
    assert tr_data("anything {0}") == "anything {0}"


def test_texts_are_looked_up_before_values_are_filled_in(catalogue: dict[str, str]) -> None:
    assert tr("Save") == "保存"
    assert tr("Delete {name}", name="answer") == "删除“answer”"
    assert tr("Not known") == "Not known"


def test_messages_made_elsewhere_match_by_their_places(catalogue: dict[str, str]) -> None:
    assert tr_data("The node 'a' has no input 'b'.") == "节点“a”没有输入“b”。"
    assert tr_data("'x' and 'x' again") == "“x”两次"
    assert tr_data("'x' and 'y' again") == "'x' and 'y' again"


def test_qts_own_words_change_too(application: object) -> None:
    from PySide6.QtWidgets import QDialogButtonBox

    set_language("zh_CN")
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "取消"
    box.deleteLater()


def test_our_own_words_at_a_place_are_translated_and_names_in_quotes_are_not(catalogue: dict[str, str]) -> None:
    catalogue["a list"] = "列表"
    catalogue["The value of '{0}' must be {1}."] = "“{0}”的值必须是{1}。"
    language._patterns.append(("The value of '{0}' must be {1}.", "“{0}”的值必须是{1}。"))
    assert tr_data("The value of 'a list' must be a list.") == "“a list”的值必须是列表。"
