"""Names and texts typed on the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from tests.studio.canvas.interactions.conftest import Canvas

NO, SHIFT, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def test_f2_renames_what_people_see(canvas: Canvas) -> None:
    opened: list[object] = []
    canvas.workspace.place_asked.connect(lambda *place: opened.append(place))
    canvas.click(canvas.title("prepare"))
    canvas.key(Qt.Key.Key_F2)
    assert canvas.typing.text() == "prepare"
    canvas.type("Tidy up")
    canvas.key(Qt.Key.Key_Return)
    assert canvas.scene.cards.cards["prepare"].title == "Tidy up"
    assert canvas.steps() == ["Rename prepare"]
    assert opened == [], "the Enter that ends a title does not open the card"
    assert canvas.focus is canvas.view


def test_escape_leaves_the_title(canvas: Canvas) -> None:
    canvas.click(canvas.title("prepare"))
    canvas.key(Qt.Key.Key_F2)
    canvas.type("Other")
    canvas.key(Qt.Key.Key_Escape)
    assert canvas.steps() == []


def test_keys_that_mean_nothing_in_a_line_do_nothing_to_the_canvas(canvas: Canvas) -> None:
    canvas.click(canvas.title("prepare"))
    canvas.key(Qt.Key.Key_F2)
    for key, held in ((Qt.Key.Key_Up, NO), (Qt.Key.Key_Down, NO), (Qt.Key.Key_D, CONTROL), (Qt.Key.Key_L, CONTROL)):
        canvas.key(key, held)
    canvas.key(Qt.Key.Key_Escape)
    canvas.key(Qt.Key.Key_Tab)
    canvas.key(Qt.Key.Key_D, CONTROL)
    canvas.key(Qt.Key.Key_Delete)
    canvas.key(Qt.Key.Key_Escape)
    assert canvas.steps() == []
    assert canvas.scene.current == "prepare"


def test_shift_f2_renames_in_references(canvas: Canvas) -> None:
    canvas.click(canvas.title("prepare"))
    canvas.key(Qt.Key.Key_F2, SHIFT)
    canvas.type("tidy")
    canvas.key(Qt.Key.Key_Return)
    assert "- name: tidy\n" in canvas.yaml
    assert "question: ${tidy.output}" in canvas.yaml
    assert canvas.workspace.selection == ("tidy",)


def test_a_name_that_is_taken_is_refused_in_words(canvas: Canvas) -> None:
    canvas.click(canvas.title("prepare"))
    canvas.key(Qt.Key.Key_F2, SHIFT)
    canvas.type("answer")
    canvas.key(Qt.Key.Key_Return)
    assert canvas.refused == ["There is a node named 'answer' already."]


def test_p_adds_an_input_to_the_flow_and_to_a_prompt(canvas: Canvas) -> None:
    canvas.click(canvas.title("@inputs"))
    canvas.key(Qt.Key.Key_P)
    canvas.type("tone")
    canvas.key(Qt.Key.Key_Return)
    assert "  tone:\n    type: string\n" in canvas.yaml
    canvas.click(canvas.title("answer"))
    canvas.key(Qt.Key.Key_P)
    canvas.type("tone")
    canvas.key(Qt.Key.Key_Return)
    assert "{{tone}}" in canvas.document.files["answer.jinja2"]
    assert [row.name for row in canvas.scene.cards.cards["answer"].inputs] == ["question", "tone"]


def test_a_note_is_kept_while_it_is_typed(canvas: Canvas) -> None:
    canvas.key(Qt.Key.Key_N)
    canvas.type("Why")
    assert canvas.document.layout.notes[0].text == "Why"
    canvas.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    canvas.key(Qt.Key.Key_F2)
    canvas.type("Because")
    canvas.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert canvas.steps() == ["Add note", "Edit note", "Edit note"], "what is typed at once is one step"


def test_leaving_the_line_keeps_what_was_typed(canvas: Canvas) -> None:
    canvas.click(canvas.title("prepare"))
    canvas.key(Qt.Key.Key_F2)
    canvas.type("Tidy up")
    canvas.click(canvas.empty())
    assert canvas.scene.cards.cards["prepare"].title == "Tidy up"
