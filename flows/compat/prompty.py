"""``Prompty`` and ``AsyncPrompty``: prompties that a tool's code loads and calls."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from flowloom.flows.compat.running import context, pieces_of, place_of, wait_for
from flowloom.flows.errors import UsageError
from flowloom.flows.services import ChatReply


class Prompty:
    """``Prompty.load(source="x.prompty")(question="...")``: the reply's text, or what else the prompty asks for.

    ``model`` is laid over the file's model settings, other keywords over its other settings. Paths start at the flow's folder.
    """

    def __init__(self, path: str | os.PathLike[str], model: Any = None, **settings: Any) -> None:
        place = place_of(path)
        overrides = {**settings, **({"model": model} if model else {})}
        self._file = context().service("prompty").load(place, overrides)
        self._path = place

    @classmethod
    def load(cls, source: str | os.PathLike[str], **settings: Any) -> Any:
        """The prompty of a file. Raises UsageError where the path is none."""
        if Path(source).suffix != ".prompty":
            raise UsageError(f"{os.fspath(source)} is no prompty.", hint="Name a file that ends in .prompty.")
        return cls(source, **settings)

    @property
    def path(self) -> Path:
        return self._path

    @property
    def code(self) -> Path:
        """The folder it lies in."""
        return self._path.parent

    @property
    def name(self) -> str:
        return self._file.name

    def __call__(self, *args: Any, **inputs: Any) -> Any:
        """Ask the model; without inputs with those of the sample. Raises as a node for models does."""
        _only_named(args)
        found = wait_for(self._ask(inputs))
        return pieces_of(found) if isinstance(found, AsyncIterator) else _as_prompt_flow_gives(found)

    def render(self, *args: Any, **inputs: Any) -> str:
        """The filled prompt as text: of a chat prompt, its messages as Python writes them."""
        _only_named(args)
        return str(context().service("prompty").render(self._file, inputs))

    def _ask(self, inputs: dict[str, Any]) -> Any:
        running = context()
        return running.service("prompty").call(self._file, inputs, running)


class AsyncPrompty(Prompty):
    """The same to be awaited: ``await prompty(question="...")``."""

    async def __call__(self, *args: Any, **inputs: Any) -> Any:
        _only_named(args)
        return _as_prompt_flow_gives(await self._ask(inputs))


def _only_named(args: tuple[Any, ...]) -> None:
    if args:
        raise UsageError("A prompty takes its inputs by name.", hint="Write prompty(question=...).")


def _as_prompt_flow_gives(found: Any) -> Any:
    """The whole reply as the openai package's own object, which code made for prompt flow expects; anything else as it is."""
    if not isinstance(found, ChatReply):
        return found
    from openai.types import Completion
    from openai.types.chat import ChatCompletion

    cls = ChatCompletion if found.raw.get("object") != "text_completion" else Completion
    return cls.model_validate(dict(found.raw))
