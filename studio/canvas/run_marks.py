"""What a run leaves on a card: its state, badges, a preview of the output, the error's first line. Plain data, made from a NodeView."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flowloom.studio.language import tr, tr_data

if TYPE_CHECKING:
    from flowloom.studio.run.run_view import NodeView

TAIL: Final = 600
"""Characters of a text that a card looks at."""
STREAM_TAIL: Final = 240
"""Characters of the end of a text that streams, up to twice as many."""
ROWS: Final = 4
"""Rows of a list or an object that a card shows."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list or an object: what leads it, and what it says."""

    lead: str
    text: str


@dataclass(frozen=True, slots=True)
class Marks:
    """``state`` is that of NodeView, or empty where no run is shown. ``text`` is the preview; while it streams its end is shown."""

    state: str = ""
    cached: bool = False
    text: str = ""
    rows: tuple[Row, ...] = ()
    image: str = ""
    """A picture as base64, shown as a thumbnail."""
    badges: tuple[str, ...] = ()
    error: str = ""

    @property
    def streaming(self) -> bool:
        return self.state == "running"

    @property
    def has_preview(self) -> bool:
        return bool(self.text or self.rows or self.image)


NONE: Final = Marks()


def marks_of(node: NodeView | None) -> Marks:
    """What of a node's part in a run is seen on its card."""
    if node is None:
        return NONE
    if node.status == "completed":
        text, rows, image = _preview(node.output)
    else:
        text, rows, image = _end(node.text), (), ""
    return Marks(
        state=node.status,
        cached=node.cached,
        text=text,
        rows=rows,
        image=image,
        badges=_badges(node),
        error=_first_line(node.error.message) if node.error is not None and node.status == "failed" else "",
    )


def _end(text: str) -> str:
    """The end of a text that streams. Where it begins stays put for a while, so that lines do not break anew with every token."""
    over = max(0, len(text) - STREAM_TAIL)
    return text[over - over % STREAM_TAIL :]


def _first_line(message: str) -> str:
    return tr_data(message).strip().split("\n", 1)[0]


def _badges(node: NodeView) -> tuple[str, ...]:
    if node.status == "bypassed":
        return (tr("skipped"),)
    if node.status == "cancelled":
        return (tr("stopped"),)
    if node.cached:
        return (tr("from cache"),)
    found: list[str] = []
    if node.seconds is not None:
        found.append(seconds(node.seconds))
    usage = node.usage
    if usage is not None and usage.total_tokens:
        found.append(tr("{prompt} + {reply} tokens", prompt=f"{usage.prompt_tokens:,}", reply=f"{usage.completion_tokens:,}"))
        if usage.price:
            found.append(price(usage.price))
    elif node.status == "completed" and isinstance(node.output, list):
        count = len(node.output)
        found.append(tr("1 item") if count == 1 else tr("{count} items", count=f"{count:,}"))
    if node.status == "running" and node.attempt > 1:
        found.append(tr("try {number}", number=node.attempt))
    return tuple(found)


def seconds(value: float) -> str:
    """A length of time as people read it: ``12 ms``, ``0.8 s``, ``2 min 5 s``."""
    if value < 0.0995:
        return tr("{number} ms", number=max(1, round(value * 1000)) if value > 0 else 0)
    if value < 60:
        return tr("{number} s", number=f"{value:.1f}" if value < 9.95 else f"{value:.0f}")
    minutes, rest = divmod(round(value), 60)
    return tr("{minutes} min {seconds} s", minutes=minutes, seconds=rest)


def price(dollars: float) -> str:
    """``$0.0012``, ``$1.20``; less than a hundredth of a cent is said to be so."""
    if dollars < 0.0001:
        return "< $0.0001"
    return f"${dollars:.4f}" if dollars < 0.1 else f"${dollars:,.2f}"


def _preview(value: Any) -> tuple[str, tuple[Row, ...], str]:
    """The text, the rows or the picture that shows a value."""
    if value is None:
        return "", (), ""
    if isinstance(value, str):
        return value[:TAIL].strip(), (), ""
    if isinstance(value, Mapping):
        if image := _image(value):
            return "", (), image
        return "", tuple(Row(_short(key, 24), _cell(part)) for key, part in list(value.items())[:ROWS]), ""
    if isinstance(value, list | tuple):
        if value and isinstance(value[0], Mapping) and (image := _image(value[0])):
            return "", (), image
        return "", tuple(_item_row(number, item) for number, item in enumerate(value[:ROWS], start=1)), ""
    return _cell(value), (), ""


_LEADS: Final = ("score", "similarity", "distance", "rank")
_TEXTS: Final = ("title", "text", "content", "name", "label", "id")


def _item_row(number: int, item: Any) -> Row:
    """A row of a list: its score, where it has one, and its words."""
    if not isinstance(item, Mapping):
        return Row(str(number), _cell(item))
    lead = next((item[key] for key in _LEADS if isinstance(item.get(key), int | float)), number)
    text = next((item[key] for key in _TEXTS if isinstance(item.get(key), str) and item[key]), None)
    return Row(f"{lead:.2f}" if isinstance(lead, float) else str(lead), _cell(text if text is not None else item))


def _image(value: Mapping[Any, Any]) -> str:
    """The base64 text of an image in the form that flows give it, ``{"data:image/png;base64": "..."}``; empty for anything else."""
    for key, part in value.items():
        if isinstance(key, str) and key.startswith("data:image/") and key.endswith(";base64") and isinstance(part, str):
            return part
    return ""


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return _short(value, 80)
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, Mapping | list | tuple):
        return _short(json.dumps(_cut(value), ensure_ascii=False, default=str), 80)
    return _short(str(value), 80)


def _cut(value: Any) -> Any:
    """The beginning of a value, so that a large one is not written out whole for a few words of it."""
    if isinstance(value, Mapping):
        return {str(key): _cut(part) for key, part in list(value.items())[:6]}
    if isinstance(value, list | tuple):
        return [_cut(part) for part in value[:6]]
    return value[:80] if isinstance(value, str) else value


def _short(value: Any, most: int) -> str:
    words = " ".join(str(value)[: 4 * most].split())
    return words if len(words) <= most else f"{words[: most - 1]}…"
