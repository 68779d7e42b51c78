"""Random YAML documents as people write them: block and flow style, quotes, comments, blank lines, anchors, merges, odd endings."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from typing import Any

WORDS = [
    "name",
    "type",
    "inputs",
    "source",
    "path",
    "x",
    "y",
    "is",
    "when",
    "übersicht",
    "über",
    "文",
    "a b",
    "no",
    "on",
    "12",
    "q-1",
]
TEXTS = [
    "text",
    "${inputs.question}",
    "${search.output}",
    "two words",
    "it's",
    'say "hi"',
    "a: b",
    "a #b",
    "yes",
    "012",
    "",
    " padded ",
    "日本語",
    "x" * 90,
    "tab\there",
    "😀",
    "-dash",
    "12:30",
    "\u2028",
]
LONG = ["line one\nline two\n", "first\n\n  indented\nlast", "one\ntwo\n\n", "\nleading", "# not a comment\nx\n"]


def same(left: Any, right: Any) -> bool:
    """Equal in value and type, a number that is none included."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return len(left) == len(right) and all(key in right and same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, float) and math.isnan(left):
        return math.isnan(right)
    return left == right


@dataclass
class Writer:
    """Writes random documents; the same seed gives the same document."""

    rng: random.Random
    newline: str = "\n"
    step: int = 2
    list_step: int = 0
    anchors: list[tuple[str, Any]] = field(default_factory=list)
    names: int = 0
    faithful: bool = False
    """Only values that are equal become aliases, and nothing is merged, so that the document means what it is written from."""

    def scalar(self) -> Any:
        rng = self.rng
        return rng.choice(
            [
                rng.choice(TEXTS),
                rng.choice(TEXTS),
                rng.choice(TEXTS),
                rng.randrange(-5, 2000),
                0.5,
                1e21,
                True,
                False,
                None,
            ]
        )

    def value(self, depth: int) -> Any:
        roll = self.rng.random()
        if depth <= 0 or roll < 0.5:
            return self.scalar() if roll > 0.08 else self.rng.choice(LONG)
        if roll < 0.8:
            return self.mapping(depth - 1)
        return [self.value(depth - 1) for _ in range(self.rng.randrange(0, 4))]

    def mapping(self, depth: int) -> dict[str, Any]:
        names = self.rng.sample(WORDS, self.rng.randrange(0, 5))
        return {name: self.value(depth) for name in names}

    def document(self) -> str:
        """A mapping at the root, in some dress."""
        rng = self.rng
        data = self.mapping(3)
        self.newline = rng.choice(["\n", "\n", "\n", "\r\n"])
        self.step = rng.choice([2, 2, 4, 3])
        self.list_step = rng.choice([0, 0, self.step])
        lines = self.block(data, 0) if data and rng.random() < 0.92 else [self.flow(data)]
        if rng.random() < 0.3:
            lines = ["# heading ünïcode", *lines]
        if rng.random() < 0.1:
            lines = ["---", *lines]
        if rng.random() < 0.2:
            lines += ["", "# the end"]
        if rng.random() < 0.05:
            lines += ["..."]
        text = self.newline.join(lines)
        if rng.random() < 0.8:
            text += self.newline
        return ("\ufeff" if rng.random() < 0.1 else "") + text

    def noise(self, indent: int) -> list[str]:
        roll = self.rng.random()
        if roll < 0.08:
            return [" " * indent + "# a comment: with 'quotes'"]
        return [""] if roll < 0.14 else []

    def tail(self) -> str:
        return "  # why" if self.rng.random() < 0.12 else ""

    def key(self, name: str) -> str:
        return self.word(name, False) if self.rng.random() < 0.9 else f'"{name}"'

    def word(self, text: str, in_flow: bool) -> str:
        from flowloom.flows.document.yaml_words import double_quoted, is_plain, quoted

        roll = self.rng.random()
        if roll < 0.6 and is_plain(text, in_flow):
            return text
        return double_quoted(text) if roll < 0.8 else quoted(text, in_flow=in_flow, prefer="'")

    def scalar_text(self, value: Any, in_flow: bool) -> str:
        from flowloom.flows.document.yaml_words import scalar_text

        if isinstance(value, str):
            return self.word(value, in_flow)
        if value is None and not in_flow:
            return self.rng.choice(["", "~", "null"])
        if isinstance(value, bool):
            return self.rng.choice([str(value).lower(), str(value)])
        return scalar_text(value)

    def flow(self, value: Any) -> str:
        pad = self.rng.choice(["", " "])
        end = self.rng.choice(["", "", ",", " "])
        if isinstance(value, dict):
            inner = ", ".join(f"{self.word(key, True)}: {self.flow(item)}" for key, item in value.items())
            return "{" + pad + inner + (end if inner else "") + "}"
        if isinstance(value, list):
            inner = ", ".join(self.flow(item) for item in value)
            return "[" + pad + inner + (end if inner else "") + "]"
        return self.scalar_text(value, True)

    def anchor(self, value: Any) -> str:
        if self.rng.random() > 0.06:
            return ""
        self.names += 1
        self.anchors.append((f"a{self.names}", value))
        return f"&a{self.names} "

    def block(self, value: Any, indent: int) -> list[str]:
        """The lines of a mapping or list that is not empty."""
        lines: list[str] = []
        mappings = [name for name, data in self.anchors if isinstance(data, dict)]
        if isinstance(value, dict):
            for name, item in value.items():
                lines += [*self.noise(indent), *self.entry(" " * indent + self.key(name) + ":", item, indent)]
            if mappings and not self.faithful and self.rng.random() < 0.3:
                lines.insert(0, " " * indent + f"<<: *{self.rng.choice(mappings)}")
            return lines
        for item in value:
            lines += [*self.noise(indent), *self.item(item, indent)]
        return lines

    def entry(self, head: str, value: Any, indent: int) -> list[str]:
        known = [name for name, data in self.anchors if not self.faithful or same(data, value)]
        if known and self.rng.random() < (0.5 if self.faithful else 0.06):
            return [f"{head} *{self.rng.choice(known)}{self.tail()}"]
        pending: list[tuple[str, Any]] = []
        before = len(self.anchors)
        anchor = self.anchor(value)
        # An anchor is known only once its value is complete.
        pending, self.anchors[before:] = self.anchors[before:], []
        if isinstance(value, (dict, list)) and value and self.rng.random() < 0.85:
            step = self.step if isinstance(value, dict) else self.list_step
            inner = self.block(value, indent + step)
            lines = [f"{head} {anchor}".rstrip() + self.tail(), *inner]
        elif isinstance(value, str) and "\n" in value and (literal := self.literal(value, indent + self.step)):
            lines = [f"{head} {anchor}{literal[0]}{self.tail()}", *literal[1:]]
        else:
            text = self.flow(value) if isinstance(value, (dict, list)) else self.scalar_text(value, False)
            lines = [f"{head} {anchor}{text}".rstrip(" ") + self.tail()]
        self.anchors += pending
        return lines

    def literal(self, text: str, indent: int) -> list[str]:
        body = text.rstrip("\n")
        if text.startswith(("\n", " ")) or self.rng.random() < 0.2:
            return []
        trailing = len(text) - len(body)
        header = "|" + ("-" if trailing == 0 else "" if trailing == 1 else "+")
        lines = [" " * indent + line if line else "" for line in body.split("\n")]
        return [header, *lines, *[""] * (trailing - 1 if trailing > 1 else 0)]

    def item(self, value: Any, indent: int) -> list[str]:
        dash = " " * indent + "- "
        if isinstance(value, dict) and value and self.rng.random() < 0.85:
            lines = self.block(value, indent + 2)
            first = next(at for at, line in enumerate(lines) if line.strip() and not line.strip().startswith("#"))
            return [*lines[:first], dash + lines[first][indent + 2 :], *lines[first + 1 :]]
        text = self.flow(value) if isinstance(value, (dict, list)) else self.scalar_text(value, False)
        return [(dash + text).rstrip(" ") + self.tail()]
