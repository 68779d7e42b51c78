"""Small controls, by keys and clicks."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from flowloom.studio.inspector.controls import Combo, ElidedLabel, IconButton, NameEdit, Section, Switch, label


def test_labels_show_markup_as_it_is() -> None:
    assert label("<img src='file:///etc/passwd'>").textFormat() == Qt.TextFormat.PlainText
    assert ElidedLabel("<b>x</b>").textFormat() == Qt.TextFormat.PlainText


def test_a_line_without_room_ends_in_an_ellipsis_and_says_all_on_hovering(application: QApplication) -> None:
    line = ElidedLabel("a rather long sentence that cannot fit")
    line.resize(80, 20)
    line.show()
    application.processEvents()
    assert line.text().endswith("…")
    assert line.toolTip() == "a rather long sentence that cannot fit"
    line.resize(800, 20)
    application.processEvents()
    assert line.toolTip() == ""
    line.close()


def test_a_long_name_is_broken_and_never_makes_a_panel_wider(application: QApplication) -> None:
    words = label("Nothing provides 'promptflow_vectordb.tool.common_index_lookup.search' here.", wrap=True)
    assert words.minimumSizeHint().width() < 100
    words.resize(160, 20)
    assert words.heightForWidth(160) > words.heightForWidth(900)
    assert "\u200b" not in label("A short sentence.", wrap=True).text()


def test_a_switch_turns_by_mouse_space_and_enter() -> None:
    switch = Switch("Echo")
    heard: list[bool] = []
    switch.touched.connect(heard.append)
    switch.setChecked(True)
    assert heard == [], "only a person touches it"
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    QTest.keyClick(switch, Qt.Key.Key_Space)
    QTest.keyClick(switch, Qt.Key.Key_Return)
    assert heard == [False, True, False]
    assert switch.accessibleName() == "Echo"


def test_the_wheel_does_not_change_what_one_scrolls_past() -> None:
    combo = Combo("Kind")
    combo.addItems(["a", "b", "c"])
    middle = QPointF(5, 5)
    event = QWheelEvent(
        middle, middle, QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    combo.wheelEvent(event)
    assert combo.currentText() == "a"
    assert not event.isAccepted()


def test_a_name_counts_on_enter_and_escape_brings_the_old_one_back() -> None:
    edit = NameEdit("Name", "one")
    heard: list[str] = []
    edit.named.connect(heard.append)
    edit.show()
    edit.selectAll()
    QTest.keyClicks(edit, " two ")
    assert heard == []
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert heard == ["two"]
    edit.set_name("two")
    edit.selectAll()
    QTest.keyClicks(edit, "three")
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert heard == ["two"]
    edit.close()


def test_a_section_opens_and_stays_open_for_the_next_node() -> None:
    Section.opened.clear()
    first = Section("more", "More")
    first.add(QLabel("inside"))
    assert not first.is_open()
    button = first.findChild(QPushButton)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert first.is_open()
    assert "open" in button.accessibleName()
    assert Section("more", "More").is_open()
    Section.opened.clear()


def test_a_button_that_is_an_icon_says_what_it_does() -> None:
    pressed: list[bool] = []
    button = IconButton("trash", "Delete it", lambda: pressed.append(True))
    assert (button.accessibleName(), button.toolTip()) == ("Delete it", "Delete it")
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert pressed == [True]
