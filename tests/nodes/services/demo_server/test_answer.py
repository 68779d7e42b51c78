from __future__ import annotations

import json

from flowloom.nodes.services.demo_server.answer import DONE, Answer, encode, error_answer, event_bytes


def test_a_whole_answer_is_one_json_body() -> None:
    reply = encode(Answer(events=({"a": "é"},), first=0.5))
    assert json.loads(reply.parts[0].data) == {"a": "é"}
    assert ("content-type", "application/json") in reply.headers
    assert (reply.delay, reply.chunked) == (0.5, False)


def test_a_stream_is_one_event_a_part() -> None:
    reply = encode(Answer(events=({"a": 1}, {"b": 2}, DONE), stream=True, between=0.1))
    assert [part.data for part in reply.parts] == [b'data: {"a":1}\n\n', b'data: {"b":2}\n\n', b"data: [DONE]\n\n"]
    assert [part.delay for part in reply.parts] == [0.0, 0.1, 0.1]
    assert reply.chunked


def test_other_bodies_and_errors() -> None:
    assert encode(Answer(body=b"RIFF", content_type="audio/wav")).parts[0].data == b"RIFF"
    assert encode(Answer()).parts == ()
    refused = encode(error_answer(400, {"message": "no"}))
    assert (refused.status, json.loads(refused.parts[0].data)) == (400, {"error": {"message": "no"}})
    assert event_bytes('"\udcff"') == b'data: "\xff"\n\n'
