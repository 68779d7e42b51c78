from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton

from flowloom.flows.worker.values import Blob
from flowloom.studio.views.audio_view import AudioView
from flowloom.studio.views.conversation import ConversationView
from flowloom.studio.views.image_view import ImageView
from flowloom.studio.views.json_tree import JsonTree
from flowloom.studio.views.markdown_view import MarkdownView
from flowloom.studio.views.table_view import RowsView
from flowloom.studio.views.text_view import TextView
from flowloom.studio.views.value_view import ValueView


def png() -> str:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.ReadWrite)
    image.save(buffer, "PNG")
    return base64.b64encode(bytes(buffer.data().data())).decode()


@pytest.fixture
def view(application: QApplication) -> ValueView:
    found = ValueView()
    found.resize(500, 300)
    found.show()
    return found


def segment(view: ValueView, words: str) -> QPushButton:
    QApplication.processEvents()
    (found,) = [button for button in view.findChildren(QPushButton) if button.text() == words and button.isVisible()]
    return found


def press(view: ValueView, name: str) -> None:
    (button,) = [button for button in view.findChildren(QToolButton) if button.accessibleName() == name and button.isVisible()]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_each_value_gets_the_view_that_suits_it(view: ValueView) -> None:
    for value, kind in (
        ("words", TextView),
        ("# Title", MarkdownView),
        ({"a": 1}, JsonTree),
        ('{"a": 1}', JsonTree),
        ([{"a": 1}], RowsView),
        ({"data:image/png;base64": png()}, ImageView),
        ({"data": "AAAA", "format": "wav"}, AudioView),
        (42, TextView),
        (False, TextView),
    ):
        view.show_value(value)
        assert isinstance(view.current_view, kind), value


def test_the_way_a_person_chose_stays(view: ValueView) -> None:
    view.show_value("# Title")
    QTest.mouseClick(segment(view, "Text"), Qt.MouseButton.LeftButton)
    assert view.kind == "text"
    view.show_value("# Another")
    assert view.kind == "text"
    view.show_value({"data:image/png;base64": png()})
    assert view.kind == "image"
    view.show_value("# A third")
    assert view.kind == "text"


def test_all_of_it_can_be_copied(view: ValueView, application: QApplication, wait: Callable[..., None]) -> None:
    value = {"list": list(range(100_000))}
    view.show_value(value)
    press(view, "Copy")
    assert json.loads(application.clipboard().text()) == value
    view.show_value({"data:image/png;base64": png()})
    shown = view.current_view
    assert isinstance(shown, ImageView)
    wait(lambda: shown.image is not None)
    press(view, "Copy")
    assert application.clipboard().image().size().width() == 8


def test_messages_and_reply_and_the_raw_call(view: ValueView, application: QApplication) -> None:
    call = ({"messages": [{"role": "user", "content": "Who?"}]}, {"choices": [{"message": {"content": "Me"}}]})
    view.show_exchange([call])
    assert isinstance(view.current_view, ConversationView)
    QTest.mouseClick(segment(view, "Raw"), Qt.MouseButton.LeftButton)
    assert isinstance(view.current_view, TextView)
    press(view, "Copy")
    assert json.loads(application.clipboard().text()) == [{"request": call[0], "reply": call[1]}]


def test_why_there_is_nothing_is_said(view: ValueView) -> None:
    def said() -> str:
        return " ".join(label.text() for label in view.findChildren(QLabel) if label.isVisible())

    view.show_nothing("It has not run.")
    assert said() == "It has not run."
    view.show_value(None)
    assert "no value" in said()
    view.show_value("")
    assert "empty" in said()
    view.show_value(0)
    assert isinstance(view.current_view, TextView)
    assert view.current_view.text == "0"


def test_only_the_beginning_of_much_is_shown_and_it_says_so(view: ValueView) -> None:
    view.show_value(list(range(200_000)))
    view.choose("text")
    QApplication.processEvents()
    assert any("copy has it all" in label.text() for label in view.findChildren(QLabel) if label.isVisible())
    view.show_value("# x\n" * 50_000)
    view.choose("markdown")
    assert any("has it all" in label.text() for label in view.findChildren(QLabel) if label.isVisible())


def test_a_file_of_the_value(view: ValueView, tmp_path: Path) -> None:
    view.show_value({"data:image/png;base64": png()})
    name, data = view.file_of()
    assert name.endswith(".png")
    view.write(str(tmp_path / name), data)
    assert (tmp_path / name).read_bytes() == base64.b64decode(png())
    view.show_value({"a": "ä"})
    assert view.file_of() == ("value.json", b'{\n  "a": "\xc3\xa4"\n}')
    view.write(str(tmp_path / "no such folder" / "x"), data)
    assert any("could not be saved" in label.text() for label in view.findChildren(QLabel))


def test_a_value_that_stayed_in_a_file_is_read_when_asked(
    view: ValueView, application: QApplication, wait: Callable[..., None], tmp_path: Path
) -> None:
    file = tmp_path / "v.json"
    file.write_text(json.dumps([{"a": 1}] * 100))
    view.show_value(Blob('[{"a": 1}, {"a"', 2_000_000, "list", str(file)))
    assert view.kind == "text"
    button = segment(view, "Load all of it")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    wait(lambda: view.kind == "table")
    assert not button.isVisible()
    view.show_value(Blob("[", 2_000_000, "list", str(file)))
    press(view, "Copy")
    wait(lambda: application.clipboard().text().count("a") == 100)
    view.show_value(Blob("gone", 2_000_000, "str", str(tmp_path / "gone.json")))
    QTest.mouseClick(segment(view, "Load all of it"), Qt.MouseButton.LeftButton)
    wait(lambda: any("no longer there" in label.text() for label in view.findChildren(QLabel)))
