"""What a node is called with, and whether it is called at all: pure questions about the outputs there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flowloom.flows.engine.prepare import Step
from flowloom.flows.engine.streams import Replayed, Stream
from flowloom.flows.model.flow import Constant, Reference
from flowloom.flows.model.references import follow


class _Bypassed:
    """What stands for the output of a node that was bypassed."""

    def __repr__(self) -> str:
        return "BYPASSED"


BYPASSED: Final = _Bypassed()
UNUSUAL: Final = frozenset({_Bypassed, Stream, Replayed})
"""Classes of outputs that a node does not get as they are."""


def arguments(step: Step, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a node, in the order of the file. Raises ReferenceFault.

    A bypassed input takes the parameter's own default; where it has none, None.
    """
    found = dict(step.template)
    for parameter, name in step.from_inputs:
        found[parameter] = inputs[name]
    for parameter, name, part in step.from_nodes:
        value = values[name]
        if value.__class__ in UNUSUAL:
            if value is BYPASSED:
                if parameter in step.bound.defaults:
                    del found[parameter]
                continue
            if part is None:
                value = value.reader(in_thread=not step.bound.is_coroutine) if step.reads_streams else value.joined()
        if part is not None:
            value = follow(value, part.path, reference=part)
        found[parameter] = value
    return found


def why_bypassed(step: Step, values: Mapping[str, Any], inputs: Mapping[str, Any]) -> tuple[str, str] | None:
    """Reason and words where a node is not to run, None where it is. Raises ReferenceFault.

    A node with ``activate`` runs exactly where its condition is met; one without runs unless all nodes it takes inputs from were
    bypassed.
    """
    activate = step.node.activate
    if activate is None:
        names = [name for _, name, _ in step.from_nodes]
        if names and all(values[name] is BYPASSED for name in names):
            return "upstream", f"Everything it takes its inputs from was bypassed: {', '.join(dict.fromkeys(names))}."
        return None
    when = activate.when
    if isinstance(when, Constant):
        value = when.value
    elif when.source == "input":
        value = inputs[when.name]
    else:
        value = values[when.name]
        if value is BYPASSED:
            return "upstream", f"'{when.name}', which decides whether it runs, was bypassed."
        value = follow(value, when.path, reference=when)
    if value == activate.value:
        return None
    return "activate", f"It runs only when {_in_words(when)} is {activate.value!r}."


def _in_words(binding: Reference | Constant) -> str:
    return repr(binding.value) if isinstance(binding, Constant) else str(binding)
