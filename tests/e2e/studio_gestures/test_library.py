"""Dragging a node type from the library onto the canvas: the real studio on a screen of its own, with the X server's own events."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.e2e.studio_kills.hands import Studio, screen

pytestmark = pytest.mark.skipif(not shutil.which("Xvfb") or not shutil.which("xdotool"), reason="needs Xvfb and xdotool")


def test_a_node_is_carried_onto_the_canvas(flow_folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with screen() as display:
        studio = Studio(flow_folder, home, display)
        try:
            studio.wait_until_open()
            studio.wait(lambda: "Join texts" in studio.spots.get("library", {}))
            end = [studio.spots["empty"][0], studio.spots["empty"][1] + 40]
            studio.drag(studio.spots["library"]["Join texts"], end, release=False)
            studio.do("mousemove", str(end[0] + 4), str(end[1] + 4), "sleep", "0.3", "mouseup", "1")
            studio.wait(lambda: "join_texts" in studio.spots["cards"])
            card = studio.spots["cards"]["join_texts"]
            assert abs(card[0] - end[0]) < 200
            assert abs(card[1] - end[1]) < 60
            studio.key("ctrl+s")
            studio.wait(lambda: "- name: join_texts\n" in (flow_folder / "flow.dag.yaml").read_text(encoding="utf-8"))
        finally:
            studio.kill()
