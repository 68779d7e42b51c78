"""A node that fails shows its error and a button on its card, which leads to the place that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from tests.e2e.studio_gestures.hands import Hands

FLOW = """\
inputs: {}
outputs:
  answer:
    type: string
    reference: ${broken.output}
nodes:
- name: broken
  type: python
  source:
    type: code
    path: broken.py
"""
CODE = 'from promptflow.core import tool\n\n\n@tool\ndef broken() -> str:\n    return str(1 / 0)\n'


def test_the_button_on_a_failed_card_leads_to_the_line(open_hands: Callable[..., Hands]) -> None:
    hands = open_hands({"flow.dag.yaml": FLOW, "broken.py": CODE})
    hands.key(Qt.Key.Key_F5)
    item = hands.scene.card_items["broken"]
    hands.wait(lambda: item.marks.error, 40)
    hands.settle()
    hands.click(hands.at(item.pos() + item.geometry.fix.center()))
    assert hands.studio.workspace.selection == ("broken",)
    inspector = hands.studio.window.docks["inspector"]
    hands.wait(lambda: inspector.isAncestorOf(hands.focus), 5)
