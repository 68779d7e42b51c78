"""Secrets are found by value and masked, whatever wrote them: a log, an error, an event, a record.

Each secret is looked for as it stands, JSON-escaped (once and twice), as Python's repr, URL-encoded, HTML-escaped, and
in base64 at any offset, so that ``Authorization: Basic ...`` is masked too. Values under 8 characters are left alone:
masking them would garble ordinary text and say more than it hides."""

from __future__ import annotations

from typing import Any, Final

MASK: Final = "***"
SHORTEST: Final = 8
_SHORTEST_LINE: Final = 16


class Redactor:
    """Knows secret values and masks them. Values may be added while it is in use; it may be used from several
    threads.
    """

    def __init__(self, *values: Any) -> None:
        self._values: set[str] = set()
        self._forms: tuple[str, ...] = ()
        self.add(*values)

    def add(self, *values: Any) -> None:
        """Remember secrets. What is no text, and text under 8 characters, is passed over."""
        fresh = {value for value in values if isinstance(value, str) and len(value.strip()) >= SHORTEST} - self._values
        if not fresh:
            return
        self._values |= fresh
        forms = set(self._forms)
        for value in fresh:
            forms |= _forms(value)
        self._forms = tuple(sorted(forms, key=lambda form: (-len(form), form)))

    def __bool__(self) -> bool:
        """Whether there is anything to mask."""
        return bool(self._forms)

    @property
    def values(self) -> frozenset[str]:
        """Every secret as it was given."""
        return frozenset(self._values)

    @property
    def forms(self) -> tuple[str, ...]:
        """Every text that is masked, longest first."""
        return self._forms

    def redact(self, value: Any) -> Any:
        """``value`` with secrets masked: text, bytes, and JSON-like lists and dicts (keys too). Anything else is
        returned as it is.
        """
        if not self._forms:
            return value
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            return {self.redact(key): self.redact(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.redact(item) for item in value]
        if isinstance(value, tuple):
            return tuple(self.redact(item) for item in value)
        if isinstance(value, bytes):
            for form in self._forms:
                value = value.replace(form.encode("utf-8", "surrogatepass"), MASK.encode())
            return value
        return value

    def _text(self, text: str) -> str:
        if not any(form in text for form in self._forms):
            return text
        return _masked(self._forms, text, may_grow=False)[0]

    def stream(self) -> StreamRedactor:
        """For text that comes in pieces, where a secret may be split between two of them."""
        return StreamRedactor(self)


class StreamRedactor:
    """Masks secrets in a text that comes in pieces. Only what may be the beginning of a secret is held back."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._held = ""

    def feed(self, piece: str) -> str:
        """The part of the text so far that may be shown now."""
        if not self._redactor:
            held, self._held = self._held, ""
            return held + piece
        shown, self._held = _masked(self._redactor.forms, self._held + piece, may_grow=True)
        return shown

    def flush(self) -> str:
        """The rest, when no more comes."""
        held, self._held = self._held, ""
        return self._redactor.redact(held)


def _masked(forms: tuple[str, ...], text: str, *, may_grow: bool) -> tuple[str, str]:
    """The text with each form masked, from the left, the longest first; and the tail that may be the beginning of one,
    if more comes.
    """
    shown: list[str] = []
    at = 0
    places = {form: text.find(form) for form in forms}
    first_tail = len(text) - len(forms[0]) + 1 if may_grow else len(text)
    while True:
        found = min(((place, -len(form), form) for form, place in places.items() if place >= 0), default=None)
        if found is None or found[0] >= first_tail:
            tail = _tail(forms, text, max(at, first_tail))
            if found is None or tail <= found[0]:
                return "".join([*shown, text[at:tail]]), text[tail:]
        shown += [text[at : found[0]], MASK]
        at = found[0] + len(found[2])
        places = {form: place if place < 0 or place >= at else text.find(form, at) for form, place in places.items()}


def _tail(forms: tuple[str, ...], text: str, start: int) -> int:
    """Where the end of the text begins that could grow into a form; its length where none does."""
    beginnings = {form[0] for form in forms}
    for at in range(start, len(text)):
        if text[at] not in beginnings:
            continue
        rest = text[at:]
        if any(len(form) > len(rest) and form.startswith(rest) for form in forms):
            return at
    return len(text)


def _forms(value: str) -> set[str]:
    """The ways in which a secret appears in text."""
    # A key file is printed line by line as often as whole.
    lines = [line.strip() for line in value.splitlines()] if "\n" in value else []
    found: set[str] = set()
    for text in {
        value,
        value.strip(),
        *(line for line in lines if len(line) >= _SHORTEST_LINE and not line.startswith("-----")),
    }:
        found |= _plain_forms(text) | _base64_forms(text)
    return {form for form in found if len(form) >= SHORTEST}


def _plain_forms(text: str) -> set[str]:
    found = {text, repr(text)[1:-1]}
    if text.isalnum() and text.isascii():
        return found
    import json
    from html import escape
    from urllib.parse import quote, quote_plus

    for ascii_only in (True, False):
        once = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
        found |= {once, json.dumps(once, ensure_ascii=ascii_only)[1:-1]}
    for encoded in (
        quote(text, safe="", errors="replace"),
        quote(text, errors="replace"),
        quote_plus(text, errors="replace"),
    ):
        found |= {encoded, _lower_hex(encoded)}
    found.add(escape(text))
    return found


def _lower_hex(encoded: str) -> str:
    """``%2F`` as ``%2f``: both are written."""
    first, *rest = encoded.split("%")
    return "%".join([first, *(part[:2].lower() + part[2:] for part in rest)])


def _base64_forms(text: str) -> set[str]:
    """The characters of base64 that a secret decides alone, for each of the three offsets it may stand at in a longer
    text.
    """
    import base64

    raw = text.encode("utf-8", "surrogatepass")
    found: set[str] = set()
    for offset, undecided in ((0, 0), (1, 2), (2, 3)):
        bits = (offset + len(raw)) * 8
        encoded = base64.b64encode(b"\0" * offset + raw).decode()[undecided : bits // 6]
        found |= {encoded, encoded.replace("+", "-").replace("/", "_")}
    return found
