"""Random flows as people write them, for edits to work on."""

from __future__ import annotations

import random
from typing import Any

from flowloom.flows.document.layout import Layout, Place
from flowloom.flows.document.pins import Pins
from flowloom.flows.document.yaml_blocks import Manner, lines_of
from tests.flows.document.yaml_samples import Writer

NAMES = ["search", "answer", "grade", "two words", "über", "x-1", "tidy", "n"]
FLOW = "flow.dag.yaml"


def random_files(rng: random.Random) -> dict[str, str]:
    """The texts of a folder: a flow of up to eight nodes, some with variants, its prompts and code, a layout and pins."""
    names = rng.sample(NAMES, rng.randrange(1, len(NAMES)))
    inputs = rng.sample(["q", "history", "limit", "the text"], rng.randrange(1, 4))
    data: dict[str, Any] = {
        "inputs": {name: {"type": "string"} for name in inputs},
        "outputs": {"out": {"type": "string", "reference": f"${{{rng.choice(names)}.output}}"}},
        "nodes": [],
        "node_variants": {},
    }
    for position, name in enumerate(names):
        body = _body(rng, name, names[:position], inputs)
        if rng.random() < 0.25:
            data["nodes"].append({"name": name, "use_variants": True})
            choices = {f"v{at}": {"node": _body(rng, f"{name}_{at}", names[:position], inputs)} for at in range(2)}
            data["node_variants"][name] = {"default_variant_id": "v0", "variants": choices}
        else:
            data["nodes"].append({"name": name, **body})
    if not data["node_variants"] and rng.random() < 0.5:
        del data["node_variants"]
    files = {FLOW: _text(rng, data)}
    for name in names:
        files[f"{name}.py"] = "from promptflow.core import tool\n"
    if rng.random() < 0.7:
        files["flow.layout.json"] = Layout().with_places({names[0]: Place(1, 2)}).as_text()
    if rng.random() < 0.5:
        files["flow.pins.json"] = Pins().with_pin(names[-1], [1]).as_text()
    return files


def _body(rng: random.Random, name: str, earlier: list[str], inputs: list[str]) -> dict[str, Any]:
    body: dict[str, Any] = {"type": "python", "source": {"type": "code", "path": f"{name}.py"}}
    wires: dict[str, Any] = {"text": f"${{inputs.{rng.choice(inputs)}}}", "number": rng.randrange(9)}
    if earlier:
        source = rng.choice(earlier)
        wires["wire"] = rng.choice([f"${{{source}.output}}", f"${{{source}}}", f"${{{source}.output.a[0]}}"])
        wires["tools"] = [f"node:{source}", f"${{{source}.output}}"]
        if rng.random() < 0.3:
            body["activate"] = {"when": f"${{{source}.output}}", "is": True}
    if rng.random() < 0.3:
        wires["prompt"] = "one\n  two\n"
    if rng.random() < 0.9:
        body["inputs"] = wires
    return body


def _text(rng: random.Random, data: dict[str, Any]) -> str:
    """Either plainly written, or with the comments, quotes and brackets of a random hand."""
    if rng.random() < 0.3:
        return "\n".join(lines_of(data, Manner())) + "\n"
    writer = Writer(
        rng, newline=rng.choice(["\n", "\r\n"]), step=rng.choice([2, 4]), list_step=rng.choice([0, 2]), faithful=True
    )
    return writer.newline.join(writer.block(data, 0)) + writer.newline
