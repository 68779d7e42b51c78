"""A Python function that has been imported becomes the work of a node."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flowloom.flows.errors import FlowloomError, InvalidFlow, ToolLoadError
from flowloom.flows.model.flow import EMPTY, Constant, Node
from flowloom.flows.node import user_code
from flowloom.flows.node.interface import Interface, is_custom_connection_class
from flowloom.flows.node.node_type import BoundNode, Workbench
from flowloom.flows.node.spec import NodeSpec


def bind_function(
    node: Node,
    workbench: Workbench,
    spec: NodeSpec,
    function: Callable[..., Any],
    interface: Interface,
    *,
    owner: type | None = None,
    fingerprint: str | None = None,
    uncacheable_because: str = "",
    fixed: Mapping[str, Any] = EMPTY,
) -> BoundNode:
    """``function`` with the inputs that ``interface`` says, as a node's work.

    ``owner`` is the class whose method the function is: it is made here, of the literals written for its constructor's parameters.
    Raises ToolLoadError, ConnectionFault or InputError where it cannot be made, InvalidFlow for what is not supported.
    """
    if any(port.type == "assistant_definition" for port in interface.ports.inputs.values()):
        raise InvalidFlow(
            f"The tool of the node '{node.name}' takes a definition of OpenAI's Assistants API, which is retired and not supported.",
            hint="Ask a model with an LLM node instead.",
            node=node.name,
        )
    work = function
    if owner is not None:
        work = getattr(_make(node, workbench, owner, interface), function.__name__)
    if interface.settings:
        work = _without(work, frozenset(interface.settings))
    return BoundNode(
        function=work,
        ports=interface.ports,
        spec=spec,
        context_parameter=interface.context,
        connection_parameters={
            name: wanted_class(kinds, _named(node, name, workbench)) for name, kinds in interface.connections.items()
        },
        fixed=fixed,
        fingerprint=fingerprint,
        uncacheable_because=uncacheable_because,
        is_coroutine=inspect.iscoroutinefunction(work),
        defaults=interface.defaults,
    )


def wanted_class(kinds: tuple[type, ...], connection: Any = None) -> type:
    """The class a connection must be given as. Of several: the flow's own one, else that of the ``connection`` if it is known, else a
    class that has the instances of all."""
    own = next((kind for kind in kinds if is_custom_connection_class(kind)), None)
    same = next((kind for kind in kinds if kind.__name__ == type(connection).__name__), None)
    if own is not None or same is not None or len(kinds) == 1:
        return own or same or kinds[0]
    words = " or ".join(str(getattr(kind, "kind", kind.__name__)) for kind in kinds)
    return _AnyOf(" or ".join(kind.__name__ for kind in kinds), (), {"kind": words, "kinds": kinds})


def _named(node: Node, name: str, workbench: Workbench) -> Any:
    """The connection that a node names for a parameter; None where only the run can tell. Raises ConnectionFault."""
    binding = node.inputs.get(name)
    if isinstance(binding, Constant) and isinstance(binding.value, str) and binding.value:
        return workbench.connections.get(binding.value)
    return None


class _AnyOf(type):
    """A class of nothing, whose instances are those of its ``kinds``."""

    kinds: tuple[type, ...]

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, cls.kinds)


def _make(node: Node, workbench: Workbench, owner: type, interface: Interface) -> Any:
    given: dict[str, Any] = {}
    for name in interface.settings:
        binding = node.inputs.get(name)
        if binding is None:
            continue
        if not isinstance(binding, Constant):
            raise ToolLoadError(
                f"'{name}' is needed when the tool {owner.__name__} is made, before the flow runs, so it cannot come from {binding}.",
                hint=f"Write the value of '{name}' itself.",
                field=name,
            )
        value = written_value(name, binding.value, interface, workbench)
        if value is not None:
            given[name] = value
    missing = [name for name in interface.settings if name not in given and interface.ports.inputs[name].required]
    if missing:
        raise ToolLoadError(
            f"The tool {owner.__name__} needs a value for {', '.join(repr(name) for name in missing)}.",
            hint="Write it among the node's inputs.",
            field=missing[0],
        )
    try:
        return owner(**given)
    except FlowloomError:
        raise
    except (Exception, SystemExit) as error:
        path = node.source.path or owner.__module__
        raise user_code.load_error(error, root=workbench.modules.root, file=path) from error


def written_value(name: str, value: Any, interface: Interface, workbench: Workbench) -> Any:
    """A value written for a parameter, in the parameter's type; None where it counts as not written."""
    from flowloom.flows.model.coerce import is_dropped, literal

    if is_dropped(value):
        return None
    if name in interface.connections:
        if not isinstance(value, str):
            return value
        kinds = interface.connections[name]
        return workbench.connections.get_as(value, wanted_class(kinds, workbench.connections.get(value)))
    return literal(
        interface.ports.inputs[name],
        value,
        root=Path(workbench.working_copy),
        message_format=workbench.flow.message_format,
    )


def _without(work: Callable[..., Any], names: frozenset[str]) -> Callable[..., Any]:
    """The same function, deaf to some of its arguments."""

    def run(**inputs: Any) -> Any:
        return work(**{name: value for name, value in inputs.items() if name not in names})

    async def run_async(**inputs: Any) -> Any:
        return await work(**{name: value for name, value in inputs.items() if name not in names})

    return run_async if inspect.iscoroutinefunction(work) else run
