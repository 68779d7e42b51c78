"""The small picture of a flow shows its cards and wires."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from flowloom.flows.document import read
from flowloom.flows.document.layout import LAYOUT_FILE, Layout, parse_layout
from flowloom.flows.document.templates import templates
from flowloom.flows.model.build import build
from flowloom.studio.panels.flow_picture import card_rects, flow_picture


@pytest.mark.parametrize("name", sorted(templates()))
def test_every_template_has_a_picture_inside_its_frame(name: str, application: QApplication) -> None:
    folder = templates()[name]
    flow = build(read(folder)).flow
    layout = parse_layout((folder / LAYOUT_FILE).read_text())
    picture = flow_picture(flow, layout, 200, 90, 2.0)
    assert (picture.width(), picture.height()) == (400, 180)
    image = picture.toImage()
    border = [image.pixelColor(x, y).alpha() for x in range(400) for y in (0, 179)]
    border += [image.pixelColor(x, y).alpha() for x in (0, 399) for y in range(180)]
    assert not any(border)
    assert any(image.pixelColor(x, 90).alpha() for x in range(400))


def test_a_flow_without_places_is_laid_in_a_row(application: QApplication) -> None:
    flow = build(read(templates()["question"])).flow
    rects = list(card_rects(flow, Layout()).values())
    assert not any(first.intersects(second) for first in rects for second in rects if first is not second)
