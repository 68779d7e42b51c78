"""Flows that come along: sound, laid out, and the demo does what a newcomer is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flowloom import resources
from flowloom.flows import load_flow
from flowloom.flows.document import read
from flowloom.flows.model.build import build
from flowloom.nodes.services.local_model.catalogue import SMOLLM2, is_here

TEMPLATES = sorted(folder.name for folder in resources.path("templates").iterdir() if folder.is_dir())


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_has_no_problems_and_says_what_it_is(name: str) -> None:
    flow = load_flow(resources.path(f"templates/{name}"))
    assert not [problem for problem in flow.validate() if problem.code != "flow.no_nodes"]
    assert flow.flow.display_name
    assert flow.flow.description


@pytest.mark.parametrize("name", TEMPLATES)
def test_its_layout_places_every_card(name: str) -> None:
    folder = resources.path(f"templates/{name}")
    placed = json.loads((folder / "flow.layout.json").read_text(encoding="utf-8"))["nodes"]
    assert placed.keys() == {"@inputs", "@outputs", *build(read(folder)).flow.nodes}


@pytest.mark.parametrize("name", TEMPLATES)
def test_its_sample_rows_fit_its_inputs(name: str) -> None:
    flow = build(read(resources.path(f"templates/{name}"))).flow
    for path in resources.path(f"templates/{name}").glob("data/*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            assert {spec.name for spec in flow.inputs.values() if spec.required} <= row.keys()


def copy(name: str, target: Path) -> Path:
    import shutil

    return shutil.copytree(resources.path(f"templates/{name}"), target / name)


@pytest.mark.model
@pytest.mark.skipif(not is_here(SMOLLM2), reason="the embedded model is not on this computer: flowloom models download")
@pytest.mark.parametrize(
    ("review", "team", "opening"),
    [
        (None, "Shipping team", "We are sorry that"),
        ("The lady on the phone was rude and hung up.", "Customer care", "We are sorry that"),
        ("Great value, I paid half of what others ask.", "Sales team", "Thank you!"),
    ],
)
async def test_the_demo_sorts_and_answers_a_review(tmp_path: Path, review: str | None, team: str, opening: str) -> None:
    flow = load_flow(copy("demo", tmp_path))
    shown: dict[str, str] = {}
    async with flow.stream(**({} if review is None else {"review": review})) as events:
        async for event in events:
            if event.type == "node_delta":
                shown[event.node] = shown.get(event.node, "") + str(event.chunk)
            if event.type == "run_finished":
                outputs = dict(event.outputs)
    assert outputs["team"] == team
    assert outputs["reply"].startswith(opening)
    assert outputs["reply"] in outputs["card"]
    assert shown["reply"] == outputs["reply"], "its words are shown as they come"
