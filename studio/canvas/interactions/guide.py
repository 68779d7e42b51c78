"""What hands can do on the canvas beyond the commands of the menus, in words, for the page of shortcuts."""

from __future__ import annotations

from flowloom.studio.language import tr


def guide() -> list[tuple[str, str]]:
    """(what it does, with which keys or which movement of the mouse)"""
    return [
        (tr("Walk along the wires"), "← →"),
        (tr("Go to the nearest card"), "↑ ↓"),
        (tr("Choose further cards on the way"), tr("Shift+arrows")),
        (tr("Take the current card in or out of the choice"), tr("Ctrl+Space")),
        (tr("Move what is chosen, or the canvas where nothing is"), tr("Ctrl+arrows")),
        (tr("Move by one point"), tr("Ctrl+Shift+arrows")),
        (tr("Change the size of a frame or note"), tr("Alt+arrows")),
        (tr("Let go of everything, or take back what is being dragged"), tr("Esc")),
        (tr("Move the canvas"), tr("Space and drag, middle button, two fingers")),
        (tr("Zoom to the pointer"), tr("Wheel, Ctrl+wheel, pinch")),
        (tr("Connect"), tr("Drag from a port to a port, a card or empty canvas")),
        (tr("Connect elsewhere, or disconnect"), tr("Drag the end of a wire")),
        (tr("Cut across wires"), tr("Ctrl+Shift+drag")),
        (tr("Put a node into a wire"), tr("Drop it on the wire, or double-click the wire")),
        (tr("Add a node here"), tr("Double-click empty canvas")),
        (tr("Move without snapping"), tr("Shift while dragging")),
    ]
