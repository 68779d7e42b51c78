"""One turn of a conversation."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QPushButton

from flowloom.studio.panels.chat_turn import TurnView
from flowloom.studio.run.citations import Citation
from flowloom.studio.run.conversation import Turn
from flowloom.studio.run.fixes import Fix
from flowloom.studio.run.run_view import Fault

SOURCE = Citation(1, "Returns", "Within thirty days.")


def _view(turn: Turn) -> TurnView:
    view = TurnView(turn)
    view.resize(360, 200)
    view.show()
    return view


def test_both_the_mark_and_the_chip_open_the_source() -> None:
    view = _view(Turn("q", {}, "completed", "Thirty days [1].", citations=(SOURCE,)))
    opened: list[Citation] = []
    view.citation_asked.connect(opened.append)
    assert view.reply is not None
    view.reply.link_asked.emit("citation:1")
    next(button for button in view.findChildren(QPushButton) if "Returns" in button.text()).click()
    assert opened == [SOURCE, SOURCE]


def test_objects_and_pictures_are_shown_too() -> None:
    view = _view(Turn("q", {}, "completed", {"a": 1}))
    assert view.reply is not None
    assert '"a": 1' in view.reply.toPlainText()
    view.copy_button.click()
    assert QApplication.clipboard().text() == '{\n  "a": 1\n}'


def test_a_question_is_plain_text_and_fits_the_width() -> None:
    view = _view(Turn("<b>bold</b> " + "word " * 60, {}))
    assert view._words is not None
    assert view._words.text().startswith("<b>")
    assert view._words.width() <= 360
    assert view._words.height() >= view._words.heightForWidth(view._words.width())


def test_a_fault_offers_its_fixes() -> None:
    turn = Turn("q", {})
    view = _view(turn)
    turn.state, turn.fault = "failed", Fault("tool", "It broke.", "Mend it.")
    chosen: list[Fix] = []
    view.fix_asked.connect(chosen.append)
    fix = Fix("Mend", lambda _workspace: None)
    view.settle([fix])
    next(button for button in view.findChildren(QPushButton) if button.text() == "Mend").click()
    assert chosen == [fix]
