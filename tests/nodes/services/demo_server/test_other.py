"""Embeddings, models, pictures, speech, transcription and moderation, as OpenAI's own client sees them."""

from __future__ import annotations

import base64
import io
import wave
from typing import TYPE_CHECKING

import openai
import pytest

from flowloom.nodes.services.demo_server.other import embed, form_fields, png

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flowloom.nodes.services.demo_server.server import DemoServer


@pytest.fixture
def client(openai_server: DemoServer) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=openai_server.base_url, api_key="k", max_retries=0) as made:
        yield made


def test_embeddings(client: openai.OpenAI) -> None:
    made = client.embeddings.create(model="text-embedding-3-small", input=["a", "b"], dimensions=64)
    plain = client.embeddings.create(
        model="text-embedding-3-small", input=["a", "b"], dimensions=64, encoding_format="float"
    )
    assert [len(entry.embedding) for entry in made.data] == [64, 64]
    assert made.data[1].embedding == pytest.approx(plain.data[1].embedding, abs=1e-6)
    assert sum(value**2 for value in made.data[0].embedding) == pytest.approx(1.0, abs=1e-5)
    for wrong in ("", [], [""]):
        with pytest.raises(openai.BadRequestError):
            client.embeddings.create(model="m", input=wrong)


def test_texts_that_share_words_are_near_each_other() -> None:
    def near(one: str, other: str) -> float:
        return sum(left * right for left, right in zip(embed(one, 256, 0), embed(other, 256, 0), strict=True))

    assert near("return my order", "my order return") == pytest.approx(1.0)
    assert near("return my order", "cancel my order") > near("return my order", "the weather today")


def test_models(client: openai.OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert "gpt-4o" in names
    assert client.models.retrieve("echo").id == "echo"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("nobody")


def test_pictures(client: openai.OpenAI) -> None:
    made = client.images.generate(model="gpt-image-1", prompt="a cat", n=2)
    assert made.data is not None
    pictures = [base64.b64decode(picture.b64_json or "") for picture in made.data]
    assert all(picture.startswith(b"\x89PNG\r\n\x1a\n") for picture in pictures)
    assert pictures[0] != pictures[1]
    assert png(5) == png(5)


def test_speech_and_back(client: openai.OpenAI) -> None:
    sound = client.audio.speech.create(model="tts-1", voice="alloy", input="Hello there, you").content
    with wave.open(io.BytesIO(sound)) as opened:
        assert opened.getnframes() > 1000
    heard = client.audio.transcriptions.create(model="whisper-1", file=("a.wav", sound))
    assert heard.text == client.audio.transcriptions.create(model="whisper-1", file=("b.wav", sound)).text
    for form, start in (("text", heard.text), ("srt", "1\n00:00"), ("vtt", "WEBVTT")):
        assert str(
            client.audio.transcriptions.create(model="whisper-1", file=("a.wav", sound), response_format=form)
        ).startswith(start)  # type: ignore[call-overload]
    verbose = client.audio.transcriptions.create(
        model="whisper-1", file=("a.wav", sound), response_format="verbose_json"
    )
    assert verbose.segments


def test_moderation(client: openai.OpenAI) -> None:
    made = client.moderations.create(input=["I will kill you", "Hello"])
    assert [result.flagged for result in made.results] == [True, False]
    assert made.results[0].categories.violence


def test_forms() -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n\0\xff\r\n--x--\r\n'
    assert form_fields(body, "multipart/form-data; boundary=x") == {"a": "1", "file": b"\0\xff"}
