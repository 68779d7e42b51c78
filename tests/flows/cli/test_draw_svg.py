from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from flowloom.flows.cli.draw_svg import draw_svg
from flowloom.flows.cli.picture import Card, Picture, Wire

SVG = "{http://www.w3.org/2000/svg}"


def parse(picture: Picture) -> ET.Element:
    return ET.fromstring(draw_svg(picture))


def test_a_card_and_a_wire_each_inside_the_picture() -> None:
    cards = tuple(Card(id, id, "python", "python") for id in "abcd")
    root = parse(
        Picture("flow", cards, (Wire("a", "b"), Wire("a", "c", "only if x is 1"), Wire("b", "d"), Wire("a", "d")))
    )
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    boxes = root.findall(f".//{SVG}rect[@class='card']")
    assert len(boxes) == 4
    for box in boxes:
        assert float(box.attrib["x"]) >= 0
        assert float(box.attrib["x"]) + float(box.attrib["width"]) <= width
        assert float(box.attrib["y"]) + float(box.attrib["height"]) <= height
    wires = [path for path in root.iter(f"{SVG}path") if path.attrib.get("class", "").startswith("wire")]
    assert len(wires) == 4
    assert [path.find(f"{SVG}title").text for path in wires if "dashed" in path.attrib["class"]] == ["only if x is 1"]  # type: ignore[union-attr]


def test_wires_that_pass_beside_the_cards_stay_inside_the_picture() -> None:
    cards = tuple(Card(id, id, "python", "python") for id in "abcdefg")
    pairs = ["ab", "ac", "ad", "be", "ce", "de", "ag", "ef", "fg", "bg"]
    root = parse(Picture("flow", cards, tuple(Wire(pair[0], pair[1]) for pair in pairs)))
    width = float(root.attrib["width"])
    for path in root.iter(f"{SVG}path"):
        if path.attrib.get("class", "").startswith("wire"):
            numbers = [float(number) for number in re.findall(r"-?[\d.]+", path.attrib["d"])]
            assert 0 <= min(numbers[::2]) <= max(numbers[::2]) <= width


def test_titles_are_text_whatever_they_hold() -> None:
    name = "<script>alert(1)</script>&\x00\x1b[31m"
    root = parse(Picture(name, (Card(name, name, name, "llm"),), ()))
    assert not list(root.iter(f"{SVG}script"))
    assert root.find(f"{SVG}title").text == "<script>alert(1)</script>&[31m"  # type: ignore[union-attr]


def test_it_loads_nothing_and_follows_the_theme() -> None:
    text = draw_svg(Picture("f", (Card("a", "a", "b", "llm"),), ()))
    assert "prefers-color-scheme: dark" in text
    assert not any(word in text for word in ("href", "url(http", "@import", "<image"))


def test_an_empty_flow_is_an_empty_picture() -> None:
    assert parse(Picture("f", (), ())).tag == f"{SVG}svg"
