from __future__ import annotations

from flowloom.flows.cli.draw_mermaid import draw_mermaid
from flowloom.flows.cli.picture import INPUTS, Card, Picture, Wire


def test_nodes_wires_and_conditions() -> None:
    picture = Picture(
        "flow",
        (Card(INPUTS, "Inputs", "q", "io"), Card("ask", "ask", "prompt", "prompt"), Card("end", "end", "", "llm")),
        (Wire(INPUTS, "ask"), Wire("ask", "end", "only if x is 1")),
    )
    assert draw_mermaid(picture).splitlines() == [
        "flowchart TD",
        '    n0(["<b>Inputs</b><br/>q"])',
        '    n1["<b>ask</b><br/>prompt"]',
        '    n2["<b>end</b>"]',
        "    n0 --> n1",
        '    n1 -. "only if x is 1" .-> n2',
        "    classDef llm stroke:#8f7df7,stroke-width:2px",
        "    class n2 llm",
        "    classDef prompt stroke:#4a9df0,stroke-width:2px",
        "    class n1 prompt",
        "    classDef io stroke:#8593a8,stroke-width:2px",
        "    class n0 io",
    ]


def test_names_cannot_break_out_of_their_quotes() -> None:
    name = '"]; click n0 "javascript:alert(1)"\n<script>`x`#'
    text = draw_mermaid(Picture("f", (Card(name, name, "", "python"),), ()))
    (line,) = [line for line in text.splitlines() if "n0[" in line]
    assert line.count('"') == 2
    assert "<script>" not in line
