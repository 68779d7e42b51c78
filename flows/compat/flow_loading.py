"""``load_flow``, ``Flow`` and ``PFClient``: flows and connections that a tool's code asks for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

from flowloom.flows.compat.prompty import AsyncPrompty, Prompty
from flowloom.flows.compat.running import context, place_of, wait_for
from flowloom.flows.errors import UsageError
from flowloom.flows.node.context import running


class FlowContext:
    """How a loaded flow is to run: ``variant`` such as ``${node.variant_1}``, ``environment_variables``."""

    def __init__(self, **settings: Any) -> None:
        self.variant = settings.pop("variant", None)
        self.environment_variables: dict[str, Any] = settings.pop("environment_variables", None) or {}
        self.connections = settings.pop("connections", None) or {}
        self.overrides = settings.pop("overrides", None) or {}
        self.streaming = settings.pop("streaming", False)


class Flow:
    """A flow that is called like a function: ``Flow.load("path")(question="...")`` gives its outputs."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = place_of(path)
        self.code = self.path if self.path.is_dir() else self.path.parent
        self.context = FlowContext()

    @classmethod
    def load(cls, source: str | os.PathLike[str], **settings: Any) -> Any:
        """The flow of a folder or file; of a ``.prompty`` a Prompty."""
        if Path(source).suffix == ".prompty":
            return (AsyncPrompty if issubclass(cls, AsyncFlow) else Prompty).load(source, **settings)
        return cls(source)

    def __call__(self, *args: Any, **inputs: Any) -> Any:
        """The flow's outputs. Raises the flow's error."""
        if args:
            raise UsageError("A flow takes its inputs by name.", hint="Write flow(question=...).")
        return wait_for(self._run(inputs))

    def invoke(self, inputs: Mapping[str, Any], connections: Any = None, **options: Any) -> Any:
        """The same as an object whose ``output`` holds the outputs."""
        return SimpleNamespace(output=wait_for(self._run(dict(inputs))))

    async def _run(self, inputs: dict[str, Any]) -> dict[str, Any]:
        node = running.get()
        own = self.context
        if node is not None and not (own.variant or own.environment_variables):
            root = Path(node.root)
            if root in self.path.parents:
                return await node.invoke(f"flow:{self.path.relative_to(root).as_posix()}", inputs)
        from flowloom.flows.api import load_flow as load

        environment = {name: str(value) for name, value in own.environment_variables.items()}
        with load(self.path, variant=own.variant, environment=environment) as flow:
            return await flow.arun(**inputs)


class AsyncFlow(Flow):
    """The same to be awaited."""

    async def __call__(self, *args: Any, **inputs: Any) -> Any:
        if args:
            raise UsageError("A flow takes its inputs by name.", hint="Write await flow(question=...).")
        return await self._run(inputs)

    async def invoke(self, inputs: Mapping[str, Any], connections: Any = None, **options: Any) -> Any:
        return SimpleNamespace(output=await self._run(dict(inputs)))


def load_flow(source: str | os.PathLike[str], **settings: Any) -> Any:
    """The flow of a folder or file, to be called with its inputs by name; of a ``.prompty`` a Prompty."""
    return Flow.load(source, **settings)


def load_run(*args: Any, **settings: Any) -> NoReturn:
    raise UsageError("Runs are kept by Flowloom itself.", hint="Start batches from outside of the flow: flowloom batch PATH --data FILE.")


class PFClient:
    """As far as a flow's code needs one: its connections, and a flow to test."""

    def __init__(self, **settings: Any) -> None:
        self.connections = SimpleNamespace(get=lambda name, **options: context().connection(name))
        self.flows = SimpleNamespace(test=self.test)

    def test(self, flow: str | os.PathLike[str], inputs: Mapping[str, Any] | None = None, **options: Any) -> Any:
        """A flow's outputs."""
        return load_flow(flow)(**dict(inputs or {}))

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"'PFClient.{name}' is part of prompt flow itself, which is not installed here")
