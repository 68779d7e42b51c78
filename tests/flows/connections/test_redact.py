from __future__ import annotations

import base64
import html
import json
from itertools import pairwise
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.flows.connections.redact import MASK, Redactor

AWKWARD = 'p"ä/s\\s <w>+ö=d\t%&'


@pytest.mark.parametrize("secret", ["sk-1234567890abcdef", AWKWARD])
@pytest.mark.parametrize(
    "written",
    [
        lambda s: s,
        lambda s: json.dumps({"key": s}),
        lambda s: json.dumps({"key": s}, ensure_ascii=False),
        lambda s: json.dumps({"message": json.dumps({"key": s})}),
        lambda s: repr({"key": s}),
        lambda s: "https://x.example/?key=" + quote(s, safe=""),
        lambda s: "https://x.example/?key=" + quote_plus(s) + "&b=1",
        lambda s: "https://x.example/" + quote(s, safe="").lower() if s == s.lower() else quote(s),
        lambda s: base64.b64encode(s.encode()).decode(),
        lambda s: base64.urlsafe_b64encode(s.encode()).decode(),
        lambda s: "Basic " + base64.b64encode(f"me:{s}".encode()).decode(),
        lambda s: "Basic " + base64.b64encode(f"you:{s}:more".encode()).decode(),
        lambda s: "Basic " + base64.b64encode(f"x{s}".encode()).decode(),
        lambda s: f"<b>{html.escape(s)}</b>",
    ],
)
def test_every_way_a_secret_is_written(secret: str, written) -> None:
    text = written(secret)
    shown = Redactor(secret).redact(text)
    assert MASK in shown
    for start in range(0, len(secret) - 8, 4):
        piece = secret[start : start + 8]
        assert piece not in shown
        assert base64.b64encode(piece.encode()).decode()[:8] not in shown


def test_what_surrounds_a_secret_stays() -> None:
    assert Redactor("sk-1234567890").redact("Bearer sk-1234567890, twice sk-1234567890.") == "Bearer ***, twice ***."


def test_short_values_are_left() -> None:
    redactor = Redactor("", "1234567", None, 12345678)
    assert not redactor
    assert redactor.redact("1234567 12345678") == "1234567 12345678"


def test_lists_dicts_keys_and_bytes() -> None:
    redactor = Redactor("sk-1234567890")
    value = {"a": ["x sk-1234567890", ("sk-1234567890", 3)], "sk-1234567890": None, "b": b"sk-1234567890"}
    assert redactor.redact(value) == {"a": ["x ***", ("***", 3)], "***": None, "b": b"***"}
    assert value["a"][0] == "x sk-1234567890"


def test_lines_of_a_key_file_are_masked_one_by_one() -> None:
    key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0\nBAQEFAASCBKcwggSjAgEAAoIBAQ\n-----END KEY-----\n"
    shown = Redactor(key).redact("BAQEFAASCBKcwggSjAgEAAoIBAQ and -----BEGIN KEY-----")
    assert shown == "*** and -----BEGIN KEY-----"


def test_a_longer_secret_is_masked_whole_though_a_shorter_begins_it() -> None:
    assert Redactor("abcdefgh", "abcdefghIJKL").redact("abcdefghIJKL abcdefgh") == "*** ***"


def test_a_secret_split_between_pieces() -> None:
    stream = Redactor("sk-1234567890").stream()
    shown = [stream.feed("token: sk-12"), stream.feed("3456"), stream.feed("7890 done"), stream.flush()]
    assert "".join(shown) == "token: *** done"
    assert shown[0] == "token: "


def test_only_what_may_grow_into_a_secret_is_held_back() -> None:
    stream = Redactor("sk-1234567890").stream()
    assert stream.feed("ask") == "a"
    assert stream.feed("ed") == "sked"
    assert stream.feed("the end is s") == "the end is "
    assert stream.flush() == "s"


def test_a_secret_that_repeats_itself() -> None:
    stream = Redactor("xyxyxyxy").stream()
    assert stream.feed("xyxyxyxy") + stream.feed("xyz") + stream.flush() == "***xyz"


def test_a_secret_added_while_a_stream_runs() -> None:
    redactor = Redactor()
    stream = redactor.stream()
    assert stream.feed("plain ") == "plain "
    redactor.add("sk-1234567890")
    assert stream.feed("sk-123") + stream.feed("4567890!") + stream.flush() == "***!"


@given(
    secrets=st.lists(st.text(alphabet="ab/", min_size=8, max_size=12), min_size=1, max_size=3),
    parts=st.lists(st.one_of(st.integers(0, 2), st.text(alphabet="ab/ ", max_size=6)), max_size=8),
    cuts=st.lists(st.integers(0, 80), max_size=12),
)
def test_no_cut_lets_a_secret_through(secrets: list[str], parts: list[int | str], cuts: list[int]) -> None:
    text = "".join(secrets[part % len(secrets)] if isinstance(part, int) else part for part in parts)
    stream = Redactor(*secrets).stream()
    bounds = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    shown = "".join(stream.feed(text[a:b]) for a, b in pairwise(bounds)) + stream.flush()
    assert not any(secret in shown for secret in secrets)


@given(st.text(max_size=200), st.integers(1, 7))
def test_text_without_secrets_comes_through_unchanged(text: str, size: int) -> None:
    stream = Redactor("sk-1234567890", "another-secret").stream()
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert "".join(stream.feed(piece) for piece in pieces) + stream.flush() == text


def test_the_secrets_it_knows_can_be_handed_on() -> None:
    assert Redactor("s3cret-value-1", "short", None, "s3cret-value-2").values == {"s3cret-value-1", "s3cret-value-2"}
