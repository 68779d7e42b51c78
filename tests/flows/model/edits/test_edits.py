"""Random edits of random flows: what the flow then is, what else changed, and that undo gives the bytes back."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.flows.document import read
from flowloom.flows.document.layout import Place
from flowloom.flows.errors import UsageError
from flowloom.flows.model import edits
from flowloom.flows.model.build import build
from flowloom.flows.model.edits import apply
from flowloom.flows.model.flow import Constant, Flow, Node, NodeName, Reference, VariantId
from tests.flows.model.edits.flows import FLOW, random_files

SEEDS = st.integers(0, 2**40)
MANY = settings(max_examples=2 * settings.default.max_examples)


def flow_of(files: dict[str, str]) -> Flow:
    built = build(read(Path("/nowhere/flow") / FLOW, overlay=files))
    assert [problem for problem in built.problems if problem.severity == "error"] == []
    return built.flow


def checked(files: dict[str, str], edit: edits.Edit) -> dict[str, str]:
    """The files after an edit that is undone and redone on the way."""
    before = dict(files)
    applied = apply(files, edit)
    assert files == before
    assert apply(applied.files, applied.inverse).files == files
    assert apply(files, applied.change).files == applied.files
    return applied.files


def wire(binding: Constant | Reference, old: str, new: str) -> Constant | Reference:
    if isinstance(binding, Reference) and binding.source == "node" and binding.name == old:
        return replace(binding, name=new)
    if isinstance(binding, Constant) and isinstance(binding.value, list):
        return Constant([f"node:{new}" if item == f"node:{old}" else item for item in binding.value])
    return binding


def renamed(node: Node, old: str, new: str) -> Node:
    activate = node.activate
    if activate is not None:
        activate = replace(activate, when=wire(activate.when, old, new))
    name = NodeName(new) if node.name == old else node.name
    return replace(
        node, name=name, inputs={key: wire(value, old, new) for key, value in node.inputs.items()}, activate=activate
    )


@MANY
@given(SEEDS)
def test_renaming_a_node_renames_every_mention(seed: int) -> None:
    rng = random.Random(seed)
    files = random_files(rng)
    flow = flow_of(files)
    old = rng.choice(list(flow.nodes))
    new = "a brand new name"
    after = checked(files, edits.RenameNode(old, new))
    found = flow_of(after)
    assert list(found.nodes.values()) == [renamed(node, old, new) for node in flow.nodes.values()]
    assert {name: output.binding for name, output in found.outputs.items()} == {
        name: wire(output.binding, old, new) for name, output in flow.outputs.items()
    }
    assert [new if name == old else name for name in flow.variants] == list(found.variants)
    for name, variants in flow.variants.items():
        other = found.variants[NodeName(new) if name == old else name]
        assert [renamed(choice.node, old, new) for choice in variants.choices.values()] == [
            choice.node for choice in other.choices.values()
        ]
    for file in ("flow.layout.json", "flow.pins.json"):
        assert f'"{old}"' not in after.get(file, "")
    if "*a" not in files[FLOW]:
        assert apply(after, edits.RenameNode(new, old)).files[FLOW] == files[FLOW]


@MANY
@given(SEEDS)
def test_deleting_nodes_takes_their_wires(seed: int) -> None:
    rng = random.Random(seed)
    files = random_files(rng)
    flow = flow_of(files)
    gone = set(rng.sample(list(flow.nodes), rng.randrange(1, len(flow.nodes) + 1)))
    applied = apply(files, edits.DeleteNodes(tuple(gone)))
    checked(files, edits.DeleteNodes(tuple(gone)))
    found = flow_of(applied.files)
    assert list(found.nodes) == [name for name in flow.nodes if name not in gone]
    for name, node in found.nodes.items():
        before = flow.nodes[name]
        kept = {
            key: value
            for key, value in before.inputs.items()
            if not (isinstance(value, Reference) and value.source == "node" and value.name in gone)
        }
        assert node.inputs == kept
        cut = (
            before.activate is not None
            and isinstance(before.activate.when, Reference)
            and before.activate.when.name in gone
        )
        assert node.activate == (None if cut else before.activate)
    assert set(found.variants) == set(flow.variants) - gone
    assert found.outputs == flow.outputs
    for name in gone - set(flow.variants):
        assert f"{name}.py" in applied.trash
    assert not {f"{name}.py" for name in found.nodes if name not in flow.variants} & set(applied.trash)


@MANY
@given(SEEDS)
def test_setting_and_clearing_inputs(seed: int) -> None:
    rng = random.Random(seed)
    files = random_files(rng)
    flow = flow_of(files)
    name = rng.choice(list(flow.nodes))
    node = flow.nodes[name]
    value = rng.choice(
        [
            Constant("yes"),
            Constant("a\nb\n"),
            Constant([1, {"x": None}]),
            Reference("input", "q"),
            Reference("node", "n", ("a b", 0)),
        ]
    )
    port = rng.choice([*node.inputs, "new port"])
    after = checked(files, edits.SetInput(name, port, value))
    assert flow_of(after).nodes[name] == replace(node, inputs={**node.inputs, port: value})
    cleared = checked(after, edits.ClearInput(name, port))
    assert flow_of(cleared).nodes[name] == replace(
        node, inputs={key: item for key, item in node.inputs.items() if key != port}
    )
    others = [other for other in flow.nodes if other != name]
    assert [flow_of(cleared).nodes[other] for other in others] == [flow.nodes[other] for other in others]


@MANY
@given(SEEDS)
def test_variants_there_and_back(seed: int) -> None:
    rng = random.Random(seed)
    files = random_files(rng)
    flow = flow_of(files)
    name = rng.choice(list(flow.nodes))
    node = flow.nodes[name]
    if name not in flow.variants:
        used = checked(files, edits.UseVariants(name))
        assert flow_of(used).nodes[name] == replace(node, variant=VariantId("variant_0"))
        back = checked(used, edits.DropVariants(name))
        assert flow_of(back).nodes == flow.nodes
        used = checked(used, edits.AddVariant(name, "other", like="variant_0"))
        used = checked(used, edits.SetInput(name, "number", 77, variant="other"))
    else:
        used = checked(files, edits.AddVariant(name, "other", like="v1"))
        used = checked(used, edits.SetInput(name, "number", 77, variant="other"))
    found = flow_of(used)
    assert found.nodes[name].inputs == node.inputs
    choice = found.variants[name].choices[VariantId("other")]
    assert choice.node.inputs["number"] == Constant(77)
    used = checked(used, edits.SetDefaultVariant(name, "other"))
    assert flow_of(used).nodes[name].inputs["number"] == Constant(77)
    used = checked(used, edits.RenameVariant(name, "other", "best"))
    assert flow_of(used).nodes[name].variant == "best"
    dropped = checked(used, edits.DropVariants(name))
    assert flow_of(dropped).nodes[name] == replace(choice.node, variant=None)
    assert name not in flow_of(dropped).variants


@MANY
@given(SEEDS)
def test_the_interface_of_the_flow(seed: int) -> None:
    rng = random.Random(seed)
    files = random_files(rng)
    flow = flow_of(files)
    old = rng.choice(list(flow.inputs))
    after = checked(files, edits.RenameFlowInput(old, "asked"))
    found = flow_of(after)
    assert list(found.inputs) == ["asked" if name == old else name for name in flow.inputs]
    for name, node in flow.nodes.items():
        for port, binding in node.inputs.items():
            wanted = Reference("input", "asked") if binding == Reference("input", old) else binding
            assert found.nodes[name].inputs[port] == wanted
    after = checked(after, edits.DeleteFlowInput("asked"))
    found = flow_of(after)
    assert "asked" not in found.inputs
    assert not any(
        binding == Reference("input", "asked") for node in found.nodes.values() for binding in node.inputs.values()
    )
    after = checked(after, edits.AddFlowInput("count", "int", 3))
    after = checked(after, edits.SetFlowKey(("inputs", "count", "description"), "how many"))
    assert flow_of(after).inputs["count"].description == "how many"
    after = checked(after, edits.AddFlowOutput("more", Reference("input", "count"), "int"))
    after = checked(after, edits.RenameFlowOutput("more", "much more"))
    assert flow_of(after).outputs["much more"].binding == Reference("input", "count")
    after = checked(after, edits.DeleteFlowOutput("much more"))
    assert flow_of(after).outputs == flow.outputs


@MANY
@given(SEEDS, st.integers(3, 10))
def test_any_number_of_edits_is_undone_to_the_byte(seed: int, count: int) -> None:
    rng = random.Random(seed)
    files = random_files(rng)
    history: list[tuple[dict[str, str], edits.Change]] = []
    for number in range(count):
        names = list(flow_of(files).nodes)
        name = rng.choice(names) if names else "nobody"
        edit = rng.choice(
            [
                lambda name=name, number=number: edits.RenameNode(name, f"name {number}"),
                lambda name=name: edits.DeleteNodes((name,)),
                lambda number=number: edits.AddNode(
                    f"new {number}",
                    {
                        "type": "prompt",
                        "source": {"type": "code", "path": "p.jinja2"},
                        "inputs": {"a": Reference("input", "q")},
                    },
                    {"p.jinja2": "hi"},
                    Place(number, 2),
                ),
                lambda name=name, number=number: edits.SetInput(name, "x", number),
                lambda name=name, number=number: edits.AddVariant(name, f"var {number}"),
                lambda name=name, number=number: edits.SetPin(name, number),
                lambda name=name, number=number: edits.SetPlaces({name: Place(number, number)}),
                lambda name=name, number=number: edits.SetText(f"{name}.py", f"x = {number}\n"),
                lambda name=name: edits.DropVariants(name),
                lambda name=name: edits.Group(
                    "both", (edits.UseVariants(name), edits.SetNodeKey(name, ("comment",), "hi: there"))
                ),
            ]
        )()
        try:
            applied = apply(files, edit)
        except UsageError:
            continue
        history.append((files, applied.inverse))
        files = applied.files
    for before, inverse in reversed(history):
        files = apply(files, inverse).files
        assert files == before


REFUSED: list[Callable[[], edits.Edit]] = [
    lambda: edits.RenameNode("nobody", "x"),
    lambda: edits.RenameNode("a", "b"),
    lambda: edits.RenameNode("a", "x.y"),
    lambda: edits.RenameNode("a", "inputs"),
    lambda: edits.RenameNode("a", " x"),
    lambda: edits.DeleteNodes(("a", "nobody")),
    lambda: edits.AddNode("a", {"type": "prompt"}),
    lambda: edits.AddNode("new", {"type": "prompt"}, {"a.py": "other text"}),
    lambda: edits.ClearInput("a", "nothing"),
    lambda: edits.SetNodeKey("a", ("name",), "x"),
    lambda: edits.ClearNodeKey("a", ("source",)),
    lambda: edits.SetInput("b", "x", 1, variant="v"),
    lambda: edits.AddFlowInput("q"),
    lambda: edits.DeleteFlowInput("nobody"),
    lambda: edits.RenameFlowInput("q", "r"),
    lambda: edits.SetFlowKey(("nodes",), []),
    lambda: edits.SetFlowKey(("inputs", "nobody", "type"), "int"),
    lambda: edits.ClearFlowKey(("description",)),
    lambda: edits.DeleteVariant("b", "v0"),
    lambda: edits.DeleteVariant("b", "v9"),
    lambda: edits.RenameVariant("b", "v0", "v1"),
    lambda: edits.UseVariants("b"),
    lambda: edits.DropVariants("a"),
    lambda: edits.SetPin("nobody", 1),
    lambda: edits.SetText(FLOW, ""),
    lambda: edits.Group("half", (edits.SetInput("a", "x", 1), edits.RenameNode("a", "b"))),
]
FILES = {
    FLOW: """\
inputs: {q: {type: string}, r: {type: string}}
nodes:
- {name: a, type: python, source: {path: a.py}}
- {name: b, use_variants: true}
node_variants:
  b:
    default_variant_id: v0
    variants: {v0: {node: {type: prompt, source: {path: b.jinja2}}}, v1: {node: {type: prompt, source: {path: b.jinja2}}}}
""",
    "a.py": "text",
}


@pytest.mark.parametrize("make", REFUSED)
def test_what_does_not_fit_is_refused_with_the_next_step(make: Callable[[], edits.Edit]) -> None:
    with pytest.raises(UsageError) as caught:
        apply(FILES, make())
    assert caught.value.hint


@pytest.mark.parametrize(("files", "flow"), [({"a.py": ""}, None), (FILES, "other.yaml")])
def test_without_a_flow_file_there_is_nothing_to_edit(files: dict[str, str], flow: str | None) -> None:
    with pytest.raises(UsageError, match="no flow file"):
        apply(files, edits.SetInput("a", "x", 1), flow=flow)
