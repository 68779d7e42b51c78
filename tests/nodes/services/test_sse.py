import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.nodes.services.sse import EventReader


def read(data: bytes, sizes: list[int] | None = None) -> list[bytes]:
    reader, events, at = EventReader(), [], 0
    for size in sizes or []:
        events += reader.feed(data[at : at + size])
        at += size
    return events + reader.feed(data[at:])


@pytest.mark.parametrize(
    ("data", "events"),
    [
        (b"data: one\n\ndata: two\n\n", [b"one", b"two"]),
        (b"data: one\r\n\r\ndata:two\r\n\r\n", [b"one", b"two"]),
        (b"data: one\r\rdata: two\r\r", [b"one"]),  # the last CR may be half of a CRLF
        (b": keep-alive\n\n: ping\ndata: one\n\n", [b"one"]),
        (b"event: message\nid: 7\nretry: 100\ndata: one\n\n", [b"one"]),
        (b"data: first\ndata: second\n\n", [b"first\nsecond"]),
        (b"\xef\xbb\xbfdata: one\n\n", [b"one"]),
        (b"data\n\n", [b""]),
        (b"\n\n\n", []),
        (b"data: never closed\n", []),
    ],
)
def test_events(data: bytes, events: list[bytes]) -> None:
    assert read(data) == events


@given(
    st.lists(st.binary(max_size=20).filter(lambda data: not {10, 13} & set(data)), max_size=6),
    st.sampled_from([b"\n", b"\r\n"]),
    st.lists(st.integers(1, 9), max_size=60),
)
def test_how_the_bytes_are_cut_does_not_matter(texts: list[bytes], end: bytes, sizes: list[int]) -> None:
    stream = b"".join(b"data: " + text + end + end for text in texts)
    assert read(stream, sizes) == texts


def test_what_is_left_of_a_stream_that_ended() -> None:
    reader = EventReader()
    assert reader.feed(b"data: one\n\ndata: [DONE]") == [b"one"]
    assert reader.rest() == b"[DONE]"
