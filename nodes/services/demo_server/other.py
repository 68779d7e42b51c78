"""Embeddings, models, images, speech, transcription and moderation: small, made-up, and the same every time."""

from __future__ import annotations

import base64
import hashlib
import math
import random
import re
import struct
import zlib
from collections.abc import Mapping
from typing import Any

from flowloom.nodes.services.demo_server import text
from flowloom.nodes.services.demo_server.answer import Answer, Rejected
from flowloom.nodes.services.demo_server.chat import Settings

MODELS = (
    "demo-chat",
    "echo",
    "gpt-4o",
    "gpt-4o-mini",
    "gpt-35-turbo",
    "gpt-3.5-turbo-instruct",
    "text-embedding-3-small",
    "text-embedding-3-large",
    "text-embedding-ada-002",
    "gpt-image-1",
    "tts-1",
    "whisper-1",
    "omni-moderation-latest",
)
_DIMENSIONS = {"text-embedding-3-large": 3072}
_HARM = {
    "violence": ("kill", "attack", "stab", "shoot"),
    "hate": ("hate",),
    "self-harm": ("suicide",),
    "sexual": ("porn",),
    "harassment": ("bully", "idiot"),
}


def models(settings: Settings) -> dict[str, Any]:
    return {
        "object": "list",
        "data": [{"id": name, "object": "model", "created": settings.created, "owned_by": "demo"} for name in MODELS],
    }


def embeddings(body: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """Unit vectors out of hashed words: texts that share words are near each other."""
    given = body.get("input")
    inputs = [given] if isinstance(given, str) else given
    if not isinstance(inputs, list) or not inputs:
        raise Rejected(400, "'$.input' is invalid. Please check the API reference.", param="input")
    if all(isinstance(one, int) for one in inputs):
        inputs = [inputs]
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise Rejected(400, "you must provide a model parameter", param="model")
    size = body.get("dimensions") or _DIMENSIONS.get(model, 1536)
    texts = [one if isinstance(one, str) else " ".join(map(str, one)) for one in inputs]
    if any(not one for one in texts):
        raise Rejected(400, "'$.input' is invalid: an input is empty.", param="input")
    used = sum(text.count(one) for one in texts)
    data = []
    for index, one in enumerate(texts):
        vector = embed(one, size, settings.seed)
        value: Any = vector
        if body.get("encoding_format") == "base64":
            value = base64.b64encode(struct.pack(f"<{size}f", *vector)).decode()
        data.append({"object": "embedding", "index": index, "embedding": value})
    return {"object": "list", "data": data, "model": model, "usage": {"prompt_tokens": used, "total_tokens": used}}


def embed(words: str, size: int, seed: int) -> list[float]:
    """A vector of length one."""
    vector = [0.0] * size
    for word in re.findall(r"\w+", words.lower()) or [words]:
        number = int.from_bytes(
            hashlib.blake2b(f"{seed}|{word}".encode("utf-8", "replace"), digest_size=32).digest(), "big"
        )
        for _ in range(8):
            number, at = divmod(number, size)
            number, sign = divmod(number, 2)
            vector[at] += 1.0 if sign else -1.0
    length = math.sqrt(sum(value * value for value in vector)) or 1.0
    return [value / length for value in vector]


def images(body: Mapping[str, Any], digest: int, settings: Settings) -> dict[str, Any]:
    """Small PNG files of one colour."""
    if not isinstance(body.get("prompt"), str) or not body["prompt"]:
        raise Rejected(400, "You must provide a prompt.", param="prompt")
    pictures = []
    for number in range(body.get("n") or 1):
        data = base64.b64encode(png(digest + number)).decode()
        if body.get("response_format") == "url":
            pictures.append({"url": f"data:image/png;base64,{data}"})
        else:
            pictures.append({"b64_json": data})
    return {
        "created": settings.created,
        "data": pictures,
        "usage": {
            "input_tokens": text.count(body["prompt"]),
            "output_tokens": 16 * len(pictures),
            "total_tokens": text.count(body["prompt"]) + 16 * len(pictures),
        },
    }


def png(digest: int, side: int = 16) -> bytes:
    """An image of ``side`` by ``side`` dots in one colour."""
    row = b"\0" + bytes([digest & 255, digest >> 8 & 255, digest >> 16 & 255]) * side

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(row * side))
        + chunk(b"IEND", b"")
    )


def speech(body: Mapping[str, Any], digest: int) -> Answer:
    """A tone as a WAV file, longer for longer texts (whatever format was asked for: no player is needed to test with
    it)."""
    said = body.get("input")
    if not isinstance(said, str) or not said:
        raise Rejected(400, "'input' is required.", param="input")
    rate, pitch = 8000, 200 + digest % 400
    count = rate * min(10, max(1, text.count(said) // 3)) // 4
    samples = struct.pack(f"<{count}h", *(int(8000 * math.sin(2 * math.pi * pitch * n / rate)) for n in range(count)))
    head = (
        b"RIFF"
        + struct.pack("<I", 36 + len(samples))
        + b"WAVEfmt "
        + struct.pack("<IHHIIHH", 16, 1, 1, rate, rate * 2, 2, 16)
        + b"data"
        + struct.pack("<I", len(samples))
    )
    return Answer(body=head + samples, content_type="audio/wav")


def transcription(fields: Mapping[str, Any], seed: int) -> Answer:
    """Made-up words that follow from the file's bytes. ``fields`` are a form's: text, or bytes for the file."""
    audio = fields.get("file")
    if not isinstance(audio, bytes) or not audio:
        raise Rejected(400, "'file' is required.", param="file")
    said = text.sentence(random.Random(f"{seed}:{hashlib.sha256(audio).hexdigest()}"))
    form = fields.get("response_format") or "json"
    if form == "text":
        return Answer(body=(said + "\n").encode(), content_type="text/plain; charset=utf-8")
    if form == "srt":
        return Answer(
            body=f"1\n00:00:00,000 --> 00:00:02,000\n{said}\n\n".encode(), content_type="text/plain; charset=utf-8"
        )
    if form == "vtt":
        return Answer(
            body=f"WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n{said}\n\n".encode(),
            content_type="text/plain; charset=utf-8",
        )
    if form == "verbose_json":
        segment = {
            "id": 0,
            "seek": 0,
            "start": 0.0,
            "end": 2.0,
            "text": said,
            "tokens": [],
            "temperature": 0.0,
            "avg_logprob": -0.2,
            "compression_ratio": 1.0,
            "no_speech_prob": 0.0,
        }
        return Answer(
            events=(
                {"task": "transcribe", "language": "english", "duration": 2.0, "text": said, "segments": [segment]},
            )
        )
    return Answer(events=({"text": said},))


def moderation(body: Mapping[str, Any], digest: int) -> dict[str, Any]:
    given = body.get("input")
    inputs = given if isinstance(given, list) else [given]
    if not inputs or any(one in (None, "") for one in inputs):
        raise Rejected(400, "'input' is required.", param="input")
    results = []
    for one in inputs:
        said = (one if isinstance(one, str) else text.text_of([one])).lower()
        categories = {name: any(word in said for word in words) for name, words in _HARM.items()}
        results.append(
            {
                "flagged": any(categories.values()),
                "categories": categories,
                "category_scores": {name: 0.98 if hit else 0.01 for name, hit in categories.items()},
            }
        )
    return {"id": f"modr-{digest:016x}", "model": body.get("model") or "omni-moderation-latest", "results": results}


def form_fields(body: bytes, content_type: str) -> dict[str, Any]:
    """The fields of a multipart form: bytes for files, text otherwise."""
    found = re.search(r'boundary="?([^";]+)"?', content_type)
    if found is None:
        raise Rejected(400, "expected a multipart form", param="file")
    fields: dict[str, Any] = {}
    for part in body.split(b"--" + found[1].encode())[1:-1]:
        head, _, data = part.partition(b"\r\n\r\n")
        name = re.search(rb'[; ]name="([^"]*)"', head)
        if name is not None:
            data = data.removesuffix(b"\r\n")
            fields[name[1].decode()] = data if b"filename=" in head else data.decode("utf-8", "replace")
    return fields
