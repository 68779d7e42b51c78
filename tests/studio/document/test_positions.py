"""Edits of places."""

from __future__ import annotations

from flowloom.flows.document.layout import Frame, Note, Place
from flowloom.flows.model.edits import SetFrame, SetNote, SetPlaces
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.document.positions import free_id, moved, resized, set_places

EFFECTIVE = {"@inputs": Place(0, 0), "prepare": Place(240, 0.4), "answer": Place(480, 0), "@outputs": Place(720, 0)}


def test_the_first_place_written_brings_the_others(document: FlowDocument) -> None:
    edit = moved(document, EFFECTIVE, ["answer"], 8, 16)
    assert edit is not None
    document.apply(edit)
    assert document.layout.places == {**EFFECTIVE, "prepare": Place(240, 0), "answer": Place(488, 16)}


def test_known_places_are_left_alone(document: FlowDocument) -> None:
    document.apply(SetPlaces({name: Place(1, 2) for name in EFFECTIVE}))
    document.apply(set_places(document, EFFECTIVE, {"answer": Place(5, 5, title="Answer")}, "Move"))
    assert document.layout.places["prepare"] == Place(1, 2)
    assert document.layout.places["answer"] == Place(5, 5, title="Answer")


def test_frames_and_notes_move_and_change_their_size(document: FlowDocument) -> None:
    document.apply(SetFrame(Frame("frame_1", "Search", 0, 0)))
    document.apply(SetNote(Note("note_1", "why", 10, 10)))
    edit = moved(document, EFFECTIVE, ["frame_1", "note_1"], 8, 8)
    assert edit is not None
    document.apply(edit)
    assert document.layout.frames == (Frame("frame_1", "Search", 8, 8),)
    assert document.layout.notes == (Note("note_1", "why", 18, 18),)
    larger = resized(document, "note_1", 18, 18, 300, 200)
    assert larger is not None
    document.apply(larger)
    assert document.layout.notes[0].width == 300
    assert resized(document, "prepare", 0, 0, 1, 1) is None


def test_nothing_moved_is_no_step(document: FlowDocument) -> None:
    assert moved(document, EFFECTIVE, ["answer"], 0, 0) is None
    assert moved(document, EFFECTIVE, [], 8, 8) is None


def test_ids_are_free(document: FlowDocument) -> None:
    document.apply(SetFrame(Frame("frame_1")))
    assert free_id(document, "frame") == "frame_2"
    assert free_id(document, "note", ["note_1"]) == "note_2"
