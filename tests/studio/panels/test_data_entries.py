from __future__ import annotations

from flowloom.flows.engine.events import (
    Exchange,
    Log,
    NodeDelta,
    NodeFailed,
    NodeFinished,
    NodeSkipped,
    NodeStarted,
    RunFinished,
    RunStarted,
)
from flowloom.flows.errors import ToolError
from flowloom.studio.canvas.cards import Cards, PortRef, Wire
from flowloom.studio.panels.data_entries import MISSING, card_entries, first_to_show, run_entries, wire_entries
from flowloom.studio.run.run_view import RunView


def view_of_run() -> RunView:
    view = RunView("r", inputs={"question": "Why?"})
    view.feed([RunStarted("r", "flow", ("a", "b", "c", "d", "e"), 1.0), NodeStarted("a", 1.0)])
    view.feed([Exchange("a", {"messages": []}, {"choices": []}, 0.1), NodeFinished("a/search", ["hit"], 0.1), Log("a", "line one"), Log("a", "two")])
    view.nodes["a"].inputs = {"question": "Why?", "temperature": 0.2}
    view.feed([NodeFinished("a", {"answer": "Because", "parts": [1, 2]}, 0.5), NodeStarted("b", 2.0), NodeDelta("b", "so "), NodeDelta("b", "far")])
    view.feed([NodeSkipped("c", "activate", "It runs only on Sundays."), NodeStarted("d", 2.0), NodeFailed("d", ToolError("It broke.", hint="Mend it."), 0.1)])
    return view


def shown(entries: list) -> list[tuple[str, object]]:
    return [(entry.title, entry.words if entry.value is MISSING else entry.value) for entry in entries]


def test_a_card_from_its_messages_to_its_settings() -> None:
    entries = card_entries(view_of_run(), "a", {"temperature"})
    assert [(entry.section, entry.title) for entry in entries] == [
        ("", "Messages and reply"),
        ("What went in", "question"),
        ("What came out", "output"),
        ("What it called", "search"),
        ("What it wrote", "Log"),
        ("Settings", "temperature"),
    ]
    assert first_to_show(entries) == "calls"
    assert next(entry.value for entry in entries if entry.key == "log") == "line one\ntwo"


def test_what_a_card_has_so_far_and_why_it_has_nothing() -> None:
    view = view_of_run()
    assert shown(card_entries(view, "b")) == [("output", "so far")]
    assert shown(card_entries(view, "c")) == [("output", "It runs only on Sundays.")]
    assert shown(card_entries(view, "e")) == [("output", "It has not run.")]
    failed = card_entries(view, "d")
    assert shown(failed) == [("What went wrong", "It broke.\n\nMend it."), ("output", "It failed before it gave anything.")]
    assert first_to_show(failed) == "error"
    assert card_entries(view, "unknown") == []


def test_the_run_as_a_whole() -> None:
    view = view_of_run()
    assert shown(run_entries(view)) == [("question", "Why?"), ("output", "The run is under way.")]
    assert shown(card_entries(view, "@inputs")) == [("question", "Why?")]
    view.feed([RunFinished("r", "completed", {"answer": "Because"}, None, 1.0)])
    assert shown(run_entries(view)) == [("question", "Why?"), ("answer", "Because")]
    assert first_to_show(run_entries(view)) == "out:answer"
    assert shown(card_entries(view, "@outputs")) == [("answer", "Because")]


def test_what_went_along_a_wire() -> None:
    view = view_of_run()

    def along(card: str, port: str, *path: str | int) -> tuple[str, object]:
        wire = Wire(PortRef(card, "out", port), PortRef("x", "in", "y"), path)
        (entry,) = wire_entries(view, wire, Cards(), lambda name: name.upper())
        return shown([entry])[0]

    assert along("@inputs", "question") == ("@INPUTS › question", "Why?")
    assert along("a", "output", "parts", 1) == ("A › output", 2)
    assert along("a", "output", "no such") == ("A › output", "Nothing went along this wire in this run.")
    assert along("b", "output")[1] == "Nothing went along this wire in this run."
