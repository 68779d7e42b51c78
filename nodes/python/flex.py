"""``loom.python.flex``: a flex flow, a Python function or class that is the whole flow."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flowloom.flows.compat.metrics import listen_to_prompt_flow
from flowloom.flows.errors import FlowloomError, InputError, ToolLoadError
from flowloom.flows.model.flow import Flow, FlowInput, Node
from flowloom.flows.node import opaque, user_code
from flowloom.flows.node.flex_entry import read_entry, specs, split_entry
from flowloom.flows.node.interface import is_connection_class, read_interface, unwrapped
from flowloom.flows.node.node_type import BoundNode, Workbench
from flowloom.flows.node.single_result import SingleResult
from flowloom.flows.node.spec import Effect, NodeSpec, Port, Ports

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.flows.model.problem import Problem


class FlexFlow:
    """Its inputs are the parameters of the function, or of the class's ``__call__``."""

    spec = NodeSpec(
        id="loom.python.flex",
        title="Flex flow",
        category="Code",
        help="Runs a flow written as one Python function or class: the entry named in flow.flex.yaml.",
        ports=Ports(outputs={"output": Port("output", description="What the function returns")}),
        effect=Effect.EXTERNAL,
        cacheable=False,
        icon="code",
        kind="python",
    )

    def ports(self, node: Node, flow: Flow, files: FlowFile) -> Ports:
        found = read_entry(files)
        outputs = {name: Port(name, output.type) for name, output in flow.outputs.items()} or self.spec.ports.outputs
        return Ports(found.inputs if found else {}, outputs, accepts_named=True)

    def check(self, node: Node, flow: Flow, files: FlowFile) -> Iterable[Problem]:
        return ()

    def bind(self, node: Node, workbench: Workbench) -> BoundNode:
        files = workbench.files
        module_name, name = split_entry(files.data.get("entry"))
        code = files.data.get("code")
        if isinstance(code, str):
            workbench.modules.search_also(str(opaque.working_path(files, code)))
        module = workbench.modules.import_module(module_name)
        listen_to_prompt_flow()
        target = getattr(module, name, None)
        entry, instance = self._entry(target, f"{module_name}:{name}", workbench)
        interface = read_interface(entry)
        inputs = specs(interface.ports.inputs, files.data.get("inputs"))
        function = _callable(entry, inputs, interface.ports.inputs, lambda: opaque.sample(files).get("inputs") or {})
        return BoundNode(
            function=function,
            ports=interface.ports,
            spec=self.spec,
            is_coroutine=inspect.iscoroutinefunction(function),
            takes_run_inputs=True,
            aggregate=_aggregate(instance, name),
            uncacheable_because="a flex flow may do anything",
        )

    def _entry(self, target: Any, entry: str, workbench: Workbench) -> tuple[Callable[..., Any], Any]:
        if inspect.isclass(target) and "__call__" in dir(target):
            instance = _make(target, entry, workbench)
            return instance.__call__, instance
        if inspect.isfunction(target):
            return target, None
        what = "does not exist" if target is None else "is neither a function nor a class with a __call__ method"
        raise ToolLoadError(f"The entry {entry} {what}.", hint="Correct 'entry' in the flow file.", field="entry")


def _callable(
    entry: Callable[..., Any],
    inputs: Mapping[str, FlowInput],
    parameters: Mapping[str, Port],
    sample: Callable[[], Mapping[str, Any]],
) -> Callable[..., Any]:
    def arguments(given: Mapping[str, Any]) -> dict[str, Any]:
        values = opaque.given_inputs(given, inputs, {} if given else sample())
        return {name: values[name] for name in parameters if name in values}

    async def run_async(**given: Any) -> Any:
        return await opaque.as_result_async(await entry(**arguments(given)))

    def run(**given: Any) -> Any:
        return opaque.as_result(entry(**arguments(given)))

    return run_async if inspect.iscoroutinefunction(entry) else run


def _make(cls: type, entry: str, workbench: Workbench) -> Any:
    """The entry's class, built with what the run gives for ``init``, else with the sample's, then with the file's defaults."""
    files = workbench.files
    given = dict(workbench.init or opaque.sample(files).get("init") or {})
    for name, spec in specs({}, files.data.get("init")).items():
        if name not in given and not spec.required:
            given[name] = spec.default
    for name, parameter in inspect.signature(cls).parameters.items():
        if name in given:
            given[name] = _init_value(parameter.annotation, given[name], workbench)
    try:
        return cls(**given)
    except FlowloomError:
        raise
    except (Exception, SystemExit) as error:
        if isinstance(error, TypeError) and user_code.user_line(error.__traceback__, workbench.modules.root)[0] is None:
            raise ToolLoadError(
                f"The class of the entry {entry} cannot be made: {error}.",
                hint="Give its values: --init FILE.json, or sample.init in the flow file.",
                field="init",
            ) from error
        raise user_code.load_error(error, root=workbench.modules.root, file=entry) from error


def _init_value(annotation: Any, value: Any, workbench: Workbench) -> Any:
    kinds = unwrapped(annotation)
    if len(kinds) != 1 or not isinstance(kinds[0], type):
        return value
    kind = kinds[0]
    if is_connection_class(kind):
        return workbench.connections.get_as(value, kind) if isinstance(value, str) else value
    if not kind.__name__.endswith("OpenAIModelConfiguration"):
        return value
    if isinstance(value, dict):
        value = kind(**value)
    if not isinstance(value, kind):
        raise InputError(f"A value of the class's __init__ must be a {kind.__name__}.", hint="Write it as an object of its keys.", field="init")
    name = getattr(value, "connection", None)
    if not isinstance(name, str) or not name:
        return value
    model = "azure_deployment" if kind.__name__.startswith("Azure") else "model"
    return kind.from_connection(workbench.connections.get(name), getattr(value, model))


def _aggregate(instance: Any, name: str) -> Callable[[list[Any]], Any] | None:
    function = getattr(instance, "__aggregate__", None)
    if function is None:
        return None
    parameters = list(inspect.signature(function).parameters)
    if len(parameters) != 1:
        raise ToolLoadError(f"{name}.__aggregate__ must take exactly one parameter: the list of results.", hint="Correct the method.")

    def rows(outputs: list[Any]) -> dict[str, Any]:
        return {parameters[0]: [_row(output) for output in outputs]}

    async def run_async(outputs: list[Any]) -> Any:
        return await function(**rows(outputs))

    def run(outputs: list[Any]) -> Any:
        return function(**rows(outputs))

    return run_async if inspect.iscoroutinefunction(function) else run


def _row(output: Any) -> Any:
    """What ``__aggregate__`` sees of one row: what the flow gave, an object with its keys as attributes."""
    if isinstance(output, SingleResult):
        return output.value
    return _Row(output) if isinstance(output, dict) else output


class _Row(dict[str, Any]):
    """One row's outputs, whose keys are attributes too."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


node_type = FlexFlow()
