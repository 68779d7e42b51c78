"""What a worker can be asked besides running a flow. Each answer is JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from flowloom.flows.errors import FlowloomError, UsageError

if TYPE_CHECKING:
    from flowloom.flows.worker.session import Session

AT_ONCE: Final = frozenset({"ping", "preview"})
"""Answered beside a run under way."""
OF_A_FLOW: Final = frozenset({"plan", "preview", "warm"})
"""Their body is a request: they read the folder, so they are for trusted folders only."""

_SPEAK: Final = {"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1, "temperature": 0}


def answer(session: Session, kind: str, body: Mapping[str, Any]) -> Any:
    """The answer to a question. Raises FlowloomError."""
    question = _QUESTIONS.get(kind)
    if question is None:
        raise UsageError(f"A worker cannot be asked '{kind}'.", hint=f"It can be asked: {', '.join(_QUESTIONS)}.")
    return question(session, body)


def _ping(session: Session, body: Mapping[str, Any]) -> Any:
    return {}


def _plan(session: Session, body: Mapping[str, Any]) -> Any:
    """``{"flow", "target", "only", "variants", "steps": [{"name", "action", "why", "variant", "aggregation"}]}``"""
    request, flow = session.loaded(body)
    plan = flow.plan(
        request.node, only=request.only, inputs=request.inputs, given=request.given, pins=request.pins, cache=request.reuse
    )
    return plan.as_json()


def _preview(session: Session, body: Mapping[str, Any]) -> Any:
    """The prompt of the request's ``node`` with its ``inputs`` as variables: ``{"messages": [...]}`` of a chat model, else ``{"text"}``."""
    from flowloom.flows.document import read
    from flowloom.flows.engine.codec import to_json
    from flowloom.flows.engine.prompt import build_messages, guarded_inputs, render_prompt
    from flowloom.flows.model.build import build
    from flowloom.flows.worker.protocol import read_request
    from flowloom.flows.worker.session import trusted

    request, _ = read_request(body, session.spool)
    request = trusted(request)
    file = read(request.path, overlay=request.overlay)
    flow = build(file, chosen=dict(request.variants)).flow
    node = flow.nodes.get(request.node)  # type: ignore[call-overload]
    if file.kind != "dag" or node is None or not node.source.path or node.type not in ("llm", "prompt", "custom_llm"):
        raise UsageError("Only a node with a prompt of its own can be previewed.", hint="Choose a prompt or a model node.")
    template = file.read_text(node.source.path)
    values, guarded = dict(request.inputs), guarded_inputs(node)
    if node.type == "llm" and (node.api or "chat") == "chat":
        return {"messages": to_json(build_messages(template, values, guarded, vision="image" in template))}
    return {"text": to_json(str(render_prompt(template, values, guarded)))}


def _specs(session: Session, body: Mapping[str, Any]) -> Any:
    """``{"specs": {id: spec}, "problems": [words]}`` of every node type installed here."""
    from flowloom.flows.node.registry import default_registry
    from flowloom.flows.node.spec_json import spec_as_json

    registry = default_registry()
    found = {id: spec_as_json(spec) for id, spec in registry.specs().items()}
    return {"specs": found, "problems": [problem.message for problem in registry.problems]}


def _models(session: Session, body: Mapping[str, Any]) -> Any:
    """``{"host", "names", "what"}`` of what the service of ``body["connection"]``, a name with ``connections`` beside it, lists."""
    from flowloom.flows.connections.probe import probe
    from flowloom.flows.connections.store import Connections

    found = probe(Connections(values=body.get("connections") or {}).get(str(body.get("connection"))))
    return {"host": found.host, "names": list(found.names), "what": found.what}


def _warm(session: Session, body: Mapping[str, Any]) -> Any:
    """Make the flow ready and, where it asks the model on this computer, have that speak its first word: ``{"model": bool}``."""
    _, flow = session.loaded(body)
    try:
        flow.prepare()
    except FlowloomError:
        pass  # the run will say it, with its place
    needed = any(_is_local(flow, node.connection) for node in flow.flow.nodes.values() if node.connection)
    if needed:
        from flowloom.flows.engine.loops import run_to_end

        run_to_end(flow.registry.service("local_model").chat(_SPEAK))
    return {"model": needed}


def _is_local(flow: Any, name: str) -> bool:
    try:
        return flow.connections.get(name).kind == "local"
    except FlowloomError:
        return False


_QUESTIONS: Final[Mapping[str, Callable[[Session, Mapping[str, Any]], Any]]] = {
    "ping": _ping,
    "plan": _plan,
    "preview": _preview,
    "specs": _specs,
    "models": _models,
    "warm": _warm,
}
