"""Load a flow folder and run it.

    from flowloom.flows import load_flow

    flow = load_flow("my-flow")
    print(flow.run(question="What is a flow?"))
    outputs = await flow.arun(question="...")
    async with flow.stream(question="...") as events:
        async for event in events:
            ...

Loading reads text and executes nothing; running is the caller's word that the flow's code may run.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from flowloom.flows.document import FlowFile, read
from flowloom.flows.engine.places import private_place
from flowloom.flows.engine.plan import Plan, make_plan
from flowloom.flows.errors import FlowloomError, InputError, InvalidFlow, UsageError
from flowloom.flows.model.build import build
from flowloom.flows.model.flow import EMPTY, Flow
from flowloom.flows.model.problem import Problem

if TYPE_CHECKING:
    from flowloom.flows.connections.store import Connections
    from flowloom.flows.engine.cache import Cache
    from flowloom.flows.engine.event_stream import EventStream
    from flowloom.flows.engine.events import Event
    from flowloom.flows.engine.prepare import PreparedFlow
    from flowloom.flows.engine.result import RunResult
    from flowloom.flows.engine.scheduler import OnFailure
    from flowloom.flows.engine.scope import Approver
    from flowloom.flows.node.registry import Registry
    from flowloom.flows.runs.recorder import Place, Recorder
    from flowloom.flows.runs.what_ran import WhatRan

_VARIANT = re.compile(r"\$\{\s*([^.{}]+?)\s*\.\s*([^{}]+?)\s*\}")


def load_flow(
    path: str | os.PathLike[str],
    *,
    connections: Connections | str | os.PathLike[str] | None = None,
    variant: str | Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    overlay: Mapping[str, str] | None = None,
    registry: Registry | None = None,
    init: Mapping[str, Any] | None = None,
) -> LoadedFlow:
    """Read a flow: a folder, a flow file or a ``.prompty``. Executes nothing.

    ``connections`` is a connections file, or a Connections; ``variant`` is ``"${node.variant}"`` or variants by node; ``environment``
    are variables over those of the flow file; ``overlay`` is unsaved text by path relative to the folder; ``init`` is what the class of a flex
    flow is made with. Raises DocumentError,
    YamlError, PathError or UsageError where there is no flow to read; other problems wait for ``validate`` and ``run``.
    """
    file = read(path, overlay=overlay)
    if connections is None or isinstance(connections, str | os.PathLike):
        from flowloom.flows.connections.store import Connections as Store

        connections = Store(connections)
    if registry is None:
        from flowloom.flows.node.registry import default_registry

        registry = default_registry()
    return LoadedFlow(file, connections, registry, chosen_variants(variant), environment or EMPTY, init or EMPTY)


def chosen_variants(variant: str | Mapping[str, str] | None) -> Mapping[str, str]:
    """``"${node.variant}"``, or several of them one after another, as a mapping. Raises UsageError for anything else."""
    if variant is None or isinstance(variant, Mapping):
        return variant or EMPTY
    found = dict(_VARIANT.findall(variant))
    if not found or _VARIANT.sub("", variant).strip(" ,"):
        raise UsageError(f"{variant!r} does not choose a variant.", hint="Write ${node.variant}, by the names of the flow.")
    return found


class LoadedFlow:
    """A flow that can be run, as often and as often at a time as wanted. ``close`` it, or use it as a context manager, to forget its code
    early; it goes by itself otherwise."""

    def __init__(
        self,
        file: FlowFile,
        connections: Connections,
        registry: Registry,
        variants: Mapping[str, str],
        environment: Mapping[str, str],
        init: Mapping[str, Any] = EMPTY,
    ) -> None:
        self._init = init
        self.file = file
        self.connections = connections
        self.registry = registry
        self._environment = environment
        self._built = build(file, chosen=variants)
        self._prepared: PreparedFlow | None = None
        self._problems: list[Problem] | None = None
        self._wire_problems: list[Problem] | None = None
        self._cache: Cache | None = None
        self._what_ran: WhatRan | None = None
        self._asks_for_cache = any(node.enable_cache for node in self.flow.nodes.values())

    @property
    def flow(self) -> Flow:
        return self._built.flow

    def validate(self) -> list[Problem]:
        """Everything that is wrong with the flow, errors and warnings, with lines. Executes nothing."""
        if self._problems is None:
            from flowloom.flows.model.validate import validate

            self._problems = validate(self.file, self.registry)
        return self._problems

    def plan(
        self,
        node: str | None = None,
        *,
        only: bool = False,
        inputs: Mapping[str, Any] = EMPTY,
        given: Mapping[str, Any] = EMPTY,
        pins: bool = False,
        cache: bool = False,
    ) -> Plan:
        """What a run would do, and why. Runs no node; with ``cache`` the flow's code is imported, because it decides what can be reused.

        Raises UsageError for a node that does not exist, or that cannot run alone for want of what it needs.
        """
        known = {**(self._pins() if pins else {}), **given}
        return self._plan(node, only, inputs, given, known, self._foreseen(inputs, known) if cache else ({}, {}))

    def _plan(
        self,
        node: str | None,
        only: bool,
        inputs: Mapping[str, Any],
        given: Mapping[str, Any],
        known: Mapping[str, Any],
        foreseen: tuple[Mapping[str, Any], Mapping[str, str]],
    ) -> Plan:
        kept, rerun = foreseen
        reasons = dict.fromkeys(kept, "nothing that decides its output has changed.")
        return make_plan(self.flow, target=node, only=only, given=given, pinned=known, kept=reasons, rerun=rerun, inputs=inputs)

    def _foreseen(self, inputs: Mapping[str, Any], known: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        from flowloom.flows.engine.reuse import foresee
        from flowloom.flows.model.coerce import flow_inputs

        prepared = self.prepare()
        order = [step.name for step in make_plan(self.flow).steps if not step.aggregation]
        found = flow_inputs(self.flow, inputs, root=prepared.files.root)
        return foresee(prepared, order, found, known, self._cache_of_folder())

    def _cache_of_folder(self) -> Cache:
        from flowloom.flows.engine.cache import Cache

        if self._cache is None:
            self._cache = Cache(private_place(self.file.root) / "cache")
        return self._cache

    def prepare(self, node: str | None = None) -> PreparedFlow:
        """Import the flow's code and find its connections ahead of the first run, for the whole flow or up to ``node``.

        Raises InvalidFlow, ToolLoadError, ConnectionFault or InputError, naming the node.
        """
        return self._made_ready(self.flow.nodes if node is None else make_plan(self.flow, target=node).names)

    def working_folder(self) -> str:
        """The folder runs work in, as an absolute path: the flow's own, or a temporary copy where it has additional_includes.

        Raises InvalidFlow where the flow file as a whole is wrong, PathError where an include is refused.
        """
        return self._ready(frozenset()).working_copy

    def _made_ready(self, nodes: Collection[str], known: Collection[str] = ()) -> PreparedFlow:
        prepared = self._ready(frozenset(nodes))
        try:
            if nodes is self.flow.nodes and not known:
                prepared.make_all_ready()
            else:
                prepared.steps(name for name in nodes if name not in known)
        except FlowloomError as error:
            problems = tuple(problem for problem in self.validate() if problem.severity == "error")
            if not any(problem.node in (None, error.node) for problem in problems):
                raise
            # Reading the flow finds it too, so it is the flow that is wrong, not this run of it.
            where = {key: getattr(error, key) for key in ("node", "field", "file", "line", "column", "detail")}
            raise InvalidFlow(error.message, hint=error.hint, problems=problems, **where) from error
        return prepared

    # Running

    def run(self, **inputs: Any) -> dict[str, Any]:
        """Run the flow and return its outputs. Raises the run's error. May be called anywhere, also inside a running loop, which it
        then holds up: there, ``await arun`` is better."""
        result = self.run_result(self._named(inputs))
        result.raise_for_status()
        return result.outputs

    async def arun(self, **inputs: Any) -> dict[str, Any]:
        """The same on the caller's loop. Cancelling it stops every node before CancelledError reaches the caller."""
        result = await self.arun_result(self._named(inputs))
        result.raise_for_status()
        return result.outputs

    def run_result(self, inputs: Mapping[str, Any] = EMPTY, **options: Any) -> RunResult:
        """Run the flow and return what it came to, node by node; a flow that fails does not raise. Takes the options of ``stream_run``."""
        from flowloom.flows.engine.loops import run_to_end

        stream = self.stream_run(inputs, **options)
        # The flow's code is imported before there is a loop, as its authors expect of import time.
        stream.prepare()
        return run_to_end(stream.run())

    async def arun_result(self, inputs: Mapping[str, Any] = EMPTY, **options: Any) -> RunResult:
        """The same on the caller's loop."""
        return await self.stream_run(inputs, **options).run()

    def stream(self, **inputs: Any) -> EventStream:
        """The events of a run: ``async with flow.stream(...) as events: async for event in events: ...``."""
        return self.stream_run(self._named(inputs))

    def _named(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """Inputs given by keyword, where a name the flow lacks is a slip. Raises InputError."""
        known = self.flow.inputs
        unknown = [name for name in inputs if name not in known] if self.flow.kind == "dag" else []
        if unknown:
            raise InputError(
                f"The flow has no input '{unknown[0]}'.", hint=f"It takes: {', '.join(known) or 'none'}.", field=unknown[0]
            )
        return inputs

    def stream_run(
        self,
        inputs: Mapping[str, Any] = EMPTY,
        *,
        node: str | None = None,
        only: bool = False,
        given: Mapping[str, Any] = EMPTY,
        pins: bool = False,
        cache: bool = False,
        echo: bool = True,
        on_failure: OnFailure = "cancel",
        grace: float = 1.5,
        approver: Approver | None = None,
        run_id: str | None = None,
        record: Place | bool = False,
        exchanges: bool = False,
        watch: Callable[[Event], None] | None = None,
    ) -> EventStream:
        """A run to iterate over, with every choice.

        ``node`` runs up to that node, with ``only`` that node alone on outputs that are ``given``, pinned or kept from earlier runs.
        ``pins`` takes the outputs of ``flow.pins.json``; ``cache`` reuses what did not change in every node that may be cached (a node's
        own ``enable_cache`` asks for that node only). ``echo`` passes prints on to where they would have gone. ``on_failure`` says
        whether nodes at work are cancelled or finish when another fails; ``grace`` is how many seconds they have to stop.
        ``approver(question, arguments)`` answers for the person. ``record`` keeps a record of the run in the flow's folder.
        ``exchanges`` also sends each model call whole, as a recorded run does. ``watch`` is called with every event the moment it happens,
        on the loop's thread. Raises UsageError for choices that do not fit the flow.
        """
        from flowloom.flows.engine.event_stream import EventStream
        from flowloom.flows.engine.run import RunOptions

        known = {**(self._pins() if pins else {}), **given}
        plan = None
        if node is not None:
            foreseen = self._foreseen(inputs, known) if only and cache else ({}, {})
            plan = self._plan(node, only, inputs, given, known, foreseen)
            known.update({name: value for name, value in foreseen[0].items() if only and name in plan.names and name != node})
        elif only or any(name not in self.flow.nodes for name in given):
            raise UsageError("There is no node to run alone.", hint="Name it with node=...")
        options = RunOptions(
            nodes=frozenset(plan.names) if plan is not None else None,
            known={name: value for name, value in known.items() if plan is None or name in plan.names},
            pinned=frozenset(name for name in known if name not in given and (plan is None or name in plan.names)),
            cache=self._cache_of_folder() if cache or self._asks_for_cache else None,
            reuse=cache and not only,
            exchanges=exchanges or record is not False,
            echo=echo,
            on_failure=on_failure,
            grace=grace,
            approver=approver,
            run_id=run_id,
        )
        names = self.flow.nodes if plan is None else plan.names
        recorder = self._recorder(inputs, record) if record is not False else watch
        prepare = lambda: self._made_ready(names, options.known)  # noqa: E731 - a closure over this call
        return EventStream(self.flow.name, prepare, inputs, options, self.connections.redactor, recorder)

    def _recorder(self, inputs: Mapping[str, Any], record: Place | bool) -> Recorder:
        from flowloom.flows.runs.store import Place, RunStore

        if self._what_ran is None:
            from flowloom.flows.runs.what_ran import WhatRan

            self._what_ran = WhatRan(self.file, self.flow)
        place = record if isinstance(record, Place) else None
        return RunStore(self.file.root).recorder(inputs, place, self.connections.redactor.redact, ran=self._what_ran)

    def sources(self) -> dict[str, str]:
        """sha256 of the text of each Python file of the flow imported so far, by its path in the folder runs work in."""
        return dict(self._prepared.modules.sources()) if self._prepared is not None else {}

    def close(self) -> None:
        """Forget the flow's code and remove its working copy."""
        if self._prepared is not None:
            self._prepared.close()
            self._prepared = None
        if self._cache is not None:
            self._cache.close()
            self._cache = None

    def __enter__(self) -> LoadedFlow:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __del__(self) -> None:
        if not sys.is_finalizing() and getattr(self, "_prepared", None) is not None:
            self.close()

    def _ready(self, nodes: frozenset[str]) -> PreparedFlow:
        """The flow with its problems ruled out, as far as they concern these nodes."""
        from flowloom.flows.engine.prepare import PreparedFlow, refuse

        if self._wire_problems is None:
            from flowloom.flows.model.validate_graph import graph_problems

            self._wire_problems = graph_problems(self.file, self._built) if self.flow.kind == "dag" else []
        problems = [
            problem
            for problem in (*self._built.problems, *self._wire_problems)
            if problem.severity == "error" and (problem.node is None or problem.node in nodes or problem.node not in self.flow.nodes)
        ]
        refuse(problems)
        if self._prepared is None:
            self._prepared = PreparedFlow(self.flow, self.file, self.registry, self.connections, self._environment, self._init)
        return self._prepared

    def _pins(self) -> dict[str, Any]:
        from flowloom.flows.document.pins import read_pins

        return {name: value for name, value in read_pins(self.file).values.items() if name in self.flow.nodes}
