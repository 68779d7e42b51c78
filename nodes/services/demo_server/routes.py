"""From an endpoint's name to its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowloom.nodes.services.demo_server import chat, chat_shape, completions, other
from flowloom.nodes.services.demo_server.answer import Answer, Rejected
from flowloom.nodes.services.demo_server.chat import Settings
from flowloom.nodes.services.demo_server.wire import Request

_POST = (
    "chat/completions",
    "completions",
    "embeddings",
    "images/generations",
    "audio/speech",
    "audio/transcriptions",
    "audio/translations",
    "moderations",
)


def route(request: Request, name: str, deployment: str, body: Any, digest: int, settings: Settings) -> Answer:
    """The answer of the endpoint ``name``. ``deployment`` is what Azure's path names instead of a model. Raises
    Rejected."""
    if name == "models" and request.method == "GET":
        return Answer(events=(other.models(settings),))
    if name.startswith("models/") and request.method == "GET":
        known = name.removeprefix("models/")
        found = next((one for one in other.models(settings)["data"] if one["id"] == known), None)
        if found is None:
            raise Rejected(404, f"The model '{known}' does not exist", code="model_not_found", param="model")
        return Answer(events=(found,))
    if name not in _POST:
        raise Rejected(404, f"Invalid URL ({request.method} {request.path})")
    if request.method != "POST":
        raise Rejected(405, f"Not allowed to {request.method} on {request.path} (HINT: use POST instead).")
    if name.startswith("audio/trans"):
        fields = other.form_fields(request.body, request.headers.get("content-type", ""))
        return other.transcription(fields, settings.seed)
    if not isinstance(body, Mapping):
        raise Rejected(400, "We could not parse the JSON body of your request.")
    if deployment:
        body = {**body, "model": deployment}
    return _answer(name, body, digest, settings)


def _answer(name: str, body: Mapping[str, Any], digest: int, settings: Settings) -> Answer:
    usage = bool((body.get("stream_options") or {}).get("include_usage"))
    if name == "chat/completions":
        completion = chat.chat(body, digest, settings)
        if body.get("stream"):
            return Answer(events=chat_shape.as_events(completion, include_usage=usage), stream=True)
        return Answer(events=(chat_shape.as_object(completion),))
    if name == "completions":
        whole = completions.completion(body, digest, settings)
        if body.get("stream"):
            return Answer(events=completions.as_events(whole, include_usage=usage), stream=True)
        return Answer(events=(whole,))
    if name == "embeddings":
        return Answer(events=(other.embeddings(body, settings),))
    if name == "images/generations":
        return Answer(events=(other.images(body, digest, settings),))
    if name == "audio/speech":
        return other.speech(body, digest)
    return Answer(events=(other.moderation(body, digest),))
