"""Icons exist for everything a node may ask for."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from flowloom.flows.node.registry import Registry
from flowloom.studio.theme import icons
from flowloom.studio.theme.theme import current


def test_every_node_type_has_an_icon_of_the_family(application: QApplication, registry: Registry) -> None:
    wanted = {spec.id: icons.node_icon(spec.kind, spec.icon) for spec in registry.specs().values()}
    assert not {id: name for id, name in wanted.items() if name not in icons._characters()}


def test_a_picture_has_the_size_and_sharpness_asked_for(application: QApplication) -> None:
    picture = icons.pixmap("play", current().accent, 16, 2.0)
    assert (picture.width(), picture.devicePixelRatio()) == (32, 2.0)
    assert not picture.toImage().allGray()


def test_a_name_the_family_lacks_gives_a_plain_dot(application: QApplication) -> None:
    assert not icons.icon("no-such-icon", current().text).isNull()
