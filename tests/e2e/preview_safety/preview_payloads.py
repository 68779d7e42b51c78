"""Texts that try to make whoever shows them open a file, ask an address, or choke."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Baits:
    """What a text may name. Nothing that shows the text may touch any of it."""

    folder: Path
    port: int

    @property
    def targets(self) -> dict[str, str]:
        picture, pipe = self.folder / "bait.png", self.folder / "pipe.png"
        return {
            "web": f"http://127.0.0.1:{self.port}/bait.png",
            "web upper case": f"HTTP://127.0.0.1:{self.port}/BAIT.PNG",
            "share": f"//127.0.0.1:{self.port}/bait.png",
            "file address": picture.as_uri(),
            "path": str(picture),
            "pipe": str(pipe),
            "pipe address": pipe.as_uri(),
            "device": "/dev/zero",
            "device address": "file:///dev/zero",
        }


MARKDOWN = {
    "picture": "Look: ![a picture]({t})",
    "picture in angles": "![a picture](<{t}>)",
    "picture with title": '![a]({t} "title")',
    "picture by reference": "![a][ref]\n\n[ref]: {t}",
    "picture in link": "[![a]({t})]({t})",
    "picture in table": "| a | b |\n|---|---|\n| ![a]({t}) | x |",
    "picture in list": "- one\n  - ![a]({t})",
    "picture in quote": "> ![a]({t})",
    "picture in heading": "# ![a]({t})",
    "link": "[a]({t})",
    "address": "<{t}>",
}
HTML = {
    "img": '<p>Look</p><img src="{t}">',
    "style import": '<style>@import url("{t}");</style><p>x</p>',
    "style background": '<div style="background-image:url({t});background:url({t})">x</div>',
    "style sheet": '<html><head><link rel="stylesheet" href="{t}"></head><body>x</body></html>',
    "frame": '<iframe src="{t}"></iframe><object data="{t}"></object><embed src="{t}">',
    "body": '<!DOCTYPE html><body background="{t}"><table background="{t}"><tr><td background="{t}">x</td></tr></table>',
    "list": '<ul style="list-style-image:url({t})"><li>x</li></ul>',
    "media": '<video src="{t}" poster="{t}" autoplay></video><audio src="{t}" autoplay></audio>',
    "base": '<base href="{t}"><img src="x.png">',
    "refresh": '<meta http-equiv="refresh" content="0;url={t}"><svg><image href="{t}"/></svg>',
}


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG that says it has this size, whatever it holds."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def bombs() -> Iterator[tuple[str, Any]]:
    """Texts and values that cost far more than they weigh."""
    large = png(30_000, 30_000, bytes(1_000_000))
    encoded = base64.b64encode(large).decode()
    svg = base64.b64encode(b'<svg xmlns="http://www.w3.org/2000/svg"><image href="/dev/zero"/></svg>').decode()
    yield "picture bomb in Markdown", f"![a](data:image/png;base64,{encoded})"
    yield "picture bomb", f"data:image/png;base64,{encoded}"
    yield "picture bomb as an object", {"data:image/png;base64": encoded}
    yield "picture bomb in a part", {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{encoded}"}}
    yield "picture that breaks off", {"data:image/png;base64": base64.b64encode(png(4000, 4000)[:60]).decode()}
    yield "drawing as a picture", {"data:image/svg+xml;base64": svg}
    yield "drawing called a picture", {"data:image/png;base64": svg}
    yield "drawing in Markdown", f"![a](data:image/svg+xml;base64,{svg})"
    yield "a hundred pictures", "\n\n".join(f"![a](data:image/png;base64,{encoded})" for _ in range(100))
    yield "ten megabytes of a picture's name", "![a](data:image/png;base64," + "A" * 10_000_000 + ")"
    yield "sound that lies", {"data": base64.b64encode(b"RIFF\xff\xff\xff\xffWAVEfmt " + bytes(64)).decode(), "format": "wav"}
    yield "ten megabytes of sound", {"data": base64.b64encode(bytes(10_000_000)).decode(), "format": "wav"}
    yield "nested tables", "<table><tr><td>" * 5_000 + "x" + "</td></tr></table>" * 5_000
    yield "nested boxes", "<div>" * 100_000
    yield "nested quotes", ">" * 100_000 + " x"
    yield "nested quotes, line by line", "\n".join(">" * depth + " x" for depth in range(1, 400))
    yield "nested lists", "\n".join("  " * depth + "- x" for depth in range(2_000))
    yield "a line of list marks", "- " * 50_000 + "x"
    yield "numbered marks", "1. " * 50_000 + "x"
    yield "open brackets", "[" * 100_000
    yield "open pictures", "![" * 100_000
    yield "links within links", "[a](" * 50_000
    yield "stars", "*" * 100_000 + "a" + "*" * 100_000
    yield "stars and letters", "**a *b " * 40_000
    yield "underscores", "_a_" * 60_000
    yield "back ticks", "".join("`" * number + "a" for number in range(1, 600))
    yield "entities", "&amp;&#0;&#x110000;&lt;" * 40_000
    yield "a table of 250,000 cells", "\n".join(["|" + "a|" * 500, "|" + "-|" * 500, *["|" + "b|" * 500] * 500])
    yield "a table of many columns", "|" + "a|" * 50_000 + "\n|" + "-|" * 50_000
    yield "headings", "# a\n" * 30_000
    yield "rules", "---\n" * 60_000
    yield "references", "".join(f"[a{number}]: /dev/zero\n" for number in range(30_000)) + "[a1]" * 3_000
    yield "an endless line", "x" * 20_000_000
    yield "an endless line of Chinese", "字" * 3_000_000
    yield "joined letters", "e" + "\u0301" * 200_000
    yield "turned around", "\u202e" * 50_000 + "abc"
    yield "Arabic", "\ufdfa" * 60_000
    yield "nothing but lines", "\n" * 2_000_000
    yield "control characters", "".join(map(chr, range(32))) * 5_000
    yield "half characters", "\ud83d" * 5_000
    yield "deep JSON", "[" * 900 + "]" * 900
    yield "deeper JSON", "[" * 100_000 + "]" * 100_000
    yield "deep value", json.loads("[" * 900 + "]" * 900)
    yield "a million items", list(range(1_000_000))
    yield "a million rows", [{"a": 1, "b": "x"}] * 1_000_000
    yield "a hundred thousand keys", {f"key {number}": number for number in range(100_000)}
    yield "a row of a thousand columns", [{f"c{number}": number for number in range(1_000)}] * 3
    yield "long keys", {"k" * 5_000_000: "v" * 5_000_000}


def payloads(baits: Baits) -> Iterator[tuple[str, Any]]:
    """More than two hundred, each with a name."""
    for templates in (MARKDOWN, HTML):
        for shape, template in templates.items():
            for target, address in baits.targets.items():
                yield f"{shape} · {target}", template.replace("{t}", address)
    yield "value with a path", {"data:image/png;path": str(baits.folder / "bait.png")}
    yield "value with an address", {"data:image/png;url": baits.targets["web"]}
    yield "part with an address", {"type": "image_url", "image_url": {"url": baits.targets["file address"]}}
    yield "all targets in a row", [{name: MARKDOWN["picture"].replace("{t}", address)} for name, address in baits.targets.items()]
    yield from bombs()


def call(value: Any) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """A model call that says the payload, in the request and in the reply."""
    content = value if isinstance(value, str) else [value] if isinstance(value, dict) and "image_url" in value else json.dumps(value)[:1_000_000]
    message = {"role": "user", "content": content}
    return {"model": "m", "messages": [message]}, {"choices": [{"message": {**message, "role": "assistant"}}]}
