"""The inspector shows what is chosen and stays with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from flowloom.flows.document.layout import INPUTS_ID, OUTPUTS_ID
from flowloom.flows.model.edits import AddVariant, DeleteNodes, SetInput, SetNodeKey, SetText
from flowloom.flows.model.flow import Reference
from flowloom.studio.application import Studio
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.inspector.flow_form import FlowForm
from flowloom.studio.inspector.inspector import Inspector
from flowloom.studio.inspector.interface_form import InterfaceForm
from flowloom.studio.inspector.node_form import NodeForm
from flowloom.studio.inspector.several_form import SeveralForm
from flowloom.studio.inspector.variant_edits import new_variant
from flowloom.studio.workspace import Page, Workspace

Choose = Callable[..., object]


def test_the_form_follows_the_choice(inspector: Inspector, choose: Choose) -> None:
    assert isinstance(inspector.form, FlowForm)
    for ids, kind, title in (
        (("answer",), NodeForm, "answer"),
        ((INPUTS_ID,), InterfaceForm, "Inputs"),
        ((OUTPUTS_ID,), InterfaceForm, "Outputs"),
        (("prepare", "answer"), SeveralForm, "2 steps chosen"),
        ((), FlowForm, "flow"),
    ):
        assert isinstance(choose(*ids), kind)
        assert inspector.header.title.text() == title


def test_nothing_open_says_so(workspace: Workspace) -> None:
    made = Inspector(workspace)
    assert made.form is None
    assert not made.empty.isHidden()
    made.deleteLater()


def test_a_title_is_written_over_in_the_header(document: FlowDocument, inspector: Inspector, choose: Choose) -> None:
    choose("answer")
    title = inspector.header.title
    title.setFocus()
    title.selectAll()
    QTest.keyClicks(title, "Answer kindly")
    QTest.keyClick(title, Qt.Key.Key_Return)
    place = document.layout.place("answer")
    assert place is not None
    assert place.title == "Answer kindly"
    assert set(document.layout.places) == {"@inputs", "prepare", "answer", "@outputs"}, "no card jumps to another place"
    assert list(document.flow.nodes) == ["prepare", "answer"], "references keep the name"


def test_undo_in_a_field_is_the_flow_s(document: FlowDocument, inspector: Inspector, choose: Choose) -> None:
    form = choose()
    assert isinstance(form, FlowForm)
    form.name.setFocus()
    QTest.keyClicks(form.name, "New")
    assert document.flow.display_name == "New"
    QTest.keyClick(form.name, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert document.flow.display_name == ""
    assert form.name.text() == ""


def test_a_node_that_goes_takes_its_form_along(document: FlowDocument, inspector: Inspector, choose: Choose, application: QApplication) -> None:
    choose("answer")
    document.apply(DeleteNodes(("answer",)))
    application.processEvents()
    assert isinstance(inspector.form, FlowForm)


def test_rows_that_come_do_not_move_what_one_types_in(document: FlowDocument, inspector: Inspector, choose: Choose, application: QApplication) -> None:
    inspector.resize(340, 360)
    document.apply(SetText("answer.jinja2", "user:\n" + "{{question}}\n" * 12))
    form = choose("answer")
    assert isinstance(form, NodeForm)
    assert form.source.view is not None
    editor = form.source.view.editor
    editor.setFocus()
    inspector.area.ensureWidgetVisible(editor)
    application.processEvents()
    before = editor.mapTo(inspector, editor.rect().topLeft()).y()
    QTest.keyClicks(editor, "{{tone")
    application.processEvents()
    assert ("inputs", "tone") in form.rows
    assert editor.mapTo(inspector, editor.rect().topLeft()).y() == before


def test_reading_the_folder_again_leaves_the_keyboard_where_it_is(
    document: FlowDocument, flow_folder: Path, inspector: Inspector, choose: Choose
) -> None:
    form = choose("answer")
    assert isinstance(form, NodeForm)
    assert form.source.view is not None
    form.source.view.editor.setFocus()
    (flow_folder / "answer.jinja2").write_text("user:\nFrom elsewhere {{question}}\n")
    document.reload()
    assert inspector.form is form
    assert form.source.view.editor.hasFocus()
    assert form.source.view.editor.text() == "user:\nFrom elsewhere {{question}}\n"


def test_it_leads_to_problems(inspector: Inspector, shown: Page) -> None:
    assert inspector.show_place("answer", "answer.jinja2", 2)
    assert list(shown.scene.selected) == ["answer"]
    assert inspector.show_place("", "description", 0)
    assert isinstance(inspector.form, FlowForm)
    assert inspector.show_place("", "question", 0)
    assert list(shown.scene.selected) == [INPUTS_ID]
    shown.document.apply(new_variant(shown.document, "answer")[1])
    assert inspector.show_place("answer", "answer__variant_1.jinja2", 2)
    assert shown.document.chosen == {"answer": "variant_1"}


def test_the_first_field_takes_the_keyboard(inspector: Inspector, shown: Page) -> None:
    shown.scene.select(["prepare"])
    inspector.focus_first()
    form = inspector.form
    assert isinstance(form, NodeForm)
    assert form.rows[("inputs", "text")].main().hasFocus()


def test_it_fits_a_narrow_panel(inspector: Inspector, choose: Choose, application: QApplication) -> None:
    for ids in (("answer",), ("prepare",), (INPUTS_ID,), (OUTPUTS_ID,), (), ("prepare", "answer")):
        inspector.resize(300, 700)
        form = choose(*ids)
        assert form is not None
        application.processEvents()
        assert inspector._inside.minimumSizeHint().width() <= 300, ids


class Shown(QObject):
    """Notes every window that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.windows: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(watched)
        return False


def test_no_part_of_it_flashes_up_as_a_window(
    document: FlowDocument, inspector: Inspector, choose: Choose, application: QApplication, wait: Callable[..., None]
) -> None:
    document.apply(SetInput("prepare", "volume", 11))
    document.apply(SetNodeKey("answer", ("activate",), {"when": Reference("input", "question"), "is": 1}))
    wait(lambda: document.checker.settled)
    shown = Shown()
    application.installEventFilter(shown)
    for ids in (("answer",), ("prepare",), (INPUTS_ID,), (OUTPUTS_ID,), (), ("prepare", "answer"), ("answer",)):
        choose(*ids)
    document.apply(AddVariant("answer", "b"))
    document.apply(SetText("answer.jinja2", "user:\n{{tone}} {{other}}"))
    application.processEvents()
    application.removeEventFilter(shown)
    assert shown.windows == []


def test_in_the_window_it_stands_beside_the_canvas(studio: Studio, page: Page, application: QApplication) -> None:
    inspector = studio.workspace.parts["inspector"]
    page.scene.select(["answer"])
    application.processEvents()
    assert isinstance(inspector.form, NodeForm)
    labels = [action.text().split("\t")[0] for action in inspector.menu().actions() if action.text()]
    assert "Duplicate" in labels
    assert "Delete" in labels


def test_the_prompt_is_filled_in_by_the_worker(studio: Studio, page: Page, wait: Callable[..., None], application: QApplication) -> None:
    inspector = studio.workspace.parts["inspector"]
    page.scene.select(["answer"])
    application.processEvents()
    view = inspector.form.source.view
    QTest.mouseClick(view.messages_tab, Qt.MouseButton.LeftButton)
    wait(lambda: view.messages.messages, 30)
    assert [(message.role, message.text) for message in view.messages.messages] == [("system", "You are kind."), ("user", "")]
