"""Reading one node of a flow file, or the body of one of its variants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowloom.flows.model import keys
from flowloom.flows.model.build_parts import Notes, Path
from flowloom.flows.model.flow import Activate, Binding, Node, NodeName, Retry, Source, VariantId


def build_node(
    notes: Notes, name: NodeName, data: Mapping[Any, Any], path: Path, variant: VariantId | None = None
) -> Node | None:
    """The node ``name`` whose body stands at ``path``; None where it lacks what no node can do without."""
    notes.slips(data, keys.NODE_KEYS, path, name)
    kind = notes.word(data, "type", path, keys.NODE_TYPE_WORDS, name)
    if data.get("type") is None:
        notes.error(
            "node.type_missing",
            f"The node '{name}' lacks its type.",
            f"Write 'type: ' and one of {', '.join(keys.NODE_TYPE_WORDS)}.",
            path,
            node=name,
            field="type",
        )
    source = _source(notes, name, data, path, kind)
    if kind is None or source is None:
        return None
    inputs: dict[str, Binding] = {}
    for key, value in notes.mapping(data.get("inputs"), (*path, "inputs"), "The inputs of a node", name).items():
        inputs[str(key)] = notes.binding(value, (*path, "inputs", key), name, str(key))
    cache = data.get("cache")
    return Node(
        name=name,
        type=kind,  # pyright: ignore[reportArgumentType]
        source=source,
        inputs=inputs,
        connection=notes.text(data, "connection", path, name) or None,
        api=notes.text(data, "api", path, name) or None,
        provider=notes.text(data, "provider", path, name) or None,
        module=notes.text(data, "module", path, name) or None,
        activate=_activate(notes, name, data, path),
        aggregation=notes.flag(data, "aggregation", path, node=name) or notes.flag(data, "reduce", path, node=name),
        enable_cache=notes.flag(data, "enable_cache", path, node=name),
        cache=cache is None or notes.flag(data, "cache", path, True, name),
        retry=_retry(notes, name, data, path),
        timeout_seconds=notes.number(data, "timeout_seconds", path, 0.001, name),
        comment=notes.text(data, "comment", path, name) or "",
        variant=variant,
    )


def _source(notes: Notes, name: NodeName, data: Mapping[Any, Any], path: Path, kind: str | None) -> Source | None:
    written = data.get("source")
    at = (*path, "source")
    if not isinstance(written, dict):
        notes.error(
            "node.source_missing",
            f"The node '{name}' does not say where its work is written.",
            "Write 'source:' and below it 'type: code' and 'path: file.py', or 'type: package' and 'tool: name'.",
            at if written is not None else path,
            node=name,
            field="source",
        )
        return None
    notes.slips(written, keys.SOURCE_KEYS, at, name)
    word = notes.word(written, "type", at, keys.SOURCE_TYPE_WORDS, name)
    if word is None:
        if written.get("type") is not None:
            return None
        word = "code"
    allowed = {"python": ("code", "package"), "custom_llm": ("package_with_prompt",)}.get(kind or "", ("code",))
    if kind in ("python", "custom_llm") and word not in allowed:
        notes.error(
            "source.type_wrong",
            f"The node '{name}' is of type {kind}, which cannot have a source of type {word}.",
            f"Write 'type: {allowed[0]}' below 'source:'.",
            (*at, "type"),
            node=name,
            field="source",
        )
    source = Source(word, notes.text(written, "path", at, name), notes.text(written, "tool", at, name))  # pyright: ignore[reportArgumentType]
    needs = {"code": ("path",), "package": ("tool",), "package_with_prompt": ("tool", "path")}[word]
    for key in needs:
        if not getattr(source, key):
            notes.error(
                f"source.{key}_missing",
                f"The source of the node '{name}' lacks its {key}.",
                f"Write '{key}: ' below 'source:'.",
                at,
                node=name,
                field="source",
            )
    return source


def _activate(notes: Notes, name: NodeName, data: Mapping[Any, Any], path: Path) -> Activate | None:
    if "activate" not in data:
        return None
    written = data["activate"]
    at = (*path, "activate")
    if not isinstance(written, dict) or "when" not in written or "is" not in written:
        if written is not None or "activate" in data:
            notes.error(
                "activate.incomplete",
                f"The condition of the node '{name}' is incomplete.",
                "Write 'activate:' and below it 'when: ${node.output}' and 'is: value', or delete it.",
                at,
                node=name,
                field="activate",
            )
        return None
    notes.slips(written, keys.ACTIVATE_KEYS, at, name)
    return Activate(notes.binding(written["when"], (*at, "when"), name, "activate"), written["is"])


def _retry(notes: Notes, name: NodeName, data: Mapping[Any, Any], path: Path) -> Retry | None:
    at = (*path, "retry")
    written = notes.mapping(data.get("retry"), at, "'retry'", name)
    if not written:
        return None
    notes.slips(written, keys.RETRY_KEYS, at, name)
    attempts = notes.number(written, "attempts", at, 1, name)
    backoff = notes.number(written, "backoff_seconds", at, 0, name)
    return Retry(int(attempts) if attempts is not None else 1, float(backoff) if backoff is not None else 1.0)
