"""Hands and eyes before the studio's real window: only mouse and key events go in, only files and pixels come out.

Where things are is read off the scene's geometry, as an eye would see it; nothing here calls what would act on the flow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, QTimer
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QMenu, QPushButton, QWidget

from flowloom.studio.application import Studio
from flowloom.studio.canvas.cards import PortRef
from flowloom.studio.canvas.interactions.chooser import Chooser
from flowloom.studio.canvas.scene import CanvasScene
from flowloom.studio.canvas.view import CanvasView
from flowloom.studio.theme import theme

NO = Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton


class Hands:
    def __init__(self, studio: Studio, application: QApplication, wait: Callable[..., None]) -> None:
        self.studio = studio
        self.application = application
        self.wait = wait
        self.failures: list[BaseException] = []

    # Where things are

    @property
    def view(self) -> CanvasView:
        page = self.studio.workspace.page
        assert page is not None, "no flow is open"
        return page.view

    @property
    def scene(self) -> CanvasScene:
        return self.view.scene_

    def at(self, point: QPointF) -> QPoint:
        """A point of the scene as one of the viewport, which must be seen."""
        found = self.view.mapFromScene(point)
        assert self.view.viewport().rect().contains(found), f"{found} is out of sight"
        return found

    def title(self, card: str) -> QPoint:
        rect = self.scene.rect(card)
        assert not rect.isNull(), f"there is no {card}"
        return self.at(QPointF(rect.center().x(), rect.top() + 16))

    def body(self, card: str) -> QPoint:
        rect = self.scene.rect(card)
        return self.at(QPointF(rect.center().x(), rect.top() + 44))

    def port(self, card: str, side: Any, name: str) -> QPoint:
        return self.at(self.scene.port_point(PortRef(card, side, name)))

    def wire(self, card: str, port: str) -> QPoint:
        """The middle of the wire that ends in a port."""
        return self.at(self.scene.wire_items[PortRef(card, "in", port)].route.middle)

    def empty(self, x: float = 0.5, y: float = 0.86) -> QPoint:
        """A point of the viewport with nothing near it."""
        room = self.view.viewport().rect()
        found = QPoint(round(room.width() * x), round(room.height() * y))
        assert self.scene.hit(self.view.mapToScene(found), 20).kind == "empty", f"{found} is not empty"
        return found

    # Mouse

    def press(self, at: QPoint, held: Qt.KeyboardModifier = NO, button: Qt.MouseButton = LEFT) -> None:
        self.hover(at)
        QTest.mousePress(self.view.viewport(), button, held, at)

    def move(self, at: QPoint, held: Qt.KeyboardModifier = NO, button: Qt.MouseButton = LEFT) -> None:
        """Move with a button down."""
        self._moved(at, button, held)

    def hover(self, at: QPoint) -> None:
        self._moved(at, Qt.MouseButton.NoButton, NO)

    def _moved(self, at: QPoint, button: Qt.MouseButton, held: Qt.KeyboardModifier) -> None:
        port = self.view.viewport()
        none = Qt.MouseButton.NoButton
        event = QMouseEvent(QEvent.Type.MouseMove, QPointF(at), QPointF(port.mapToGlobal(at)), none, button, held)
        self.application.sendEvent(port, event)
        self.settle()

    def release(self, at: QPoint, held: Qt.KeyboardModifier = NO, button: Qt.MouseButton = LEFT) -> None:
        QTest.mouseRelease(self.view.viewport(), button, held, at)
        self.settle()

    def drag(self, start: QPoint, end: QPoint, held: Qt.KeyboardModifier = NO, button: Qt.MouseButton = LEFT) -> None:
        self.press(start, held, button)
        for share in (0.1, 0.4, 0.7, 1.0):
            self.move(start + (end - start) * share, held, button)
        self.release(end, held, button)

    def click(self, at: QPoint, held: Qt.KeyboardModifier = NO, button: Qt.MouseButton = LEFT) -> None:
        self.hover(at)
        QTest.mouseClick(self.view.viewport(), button, held, at)
        self.settle()

    def double_click(self, at: QPoint) -> None:
        self.click(at)
        QTest.mouseDClick(self.view.viewport(), LEFT, NO, at)
        self.settle()

    def turn_wheel(self, at: QPoint, steps: int) -> None:
        port = self.view.viewport()
        event = QWheelEvent(
            QPointF(at), QPointF(port.mapToGlobal(at)), QPoint(), QPoint(0, 120 * steps), Qt.MouseButton.NoButton, NO,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        self.application.sendEvent(port, event)
        self.settle()

    def menu(self, at: QPoint, title: str) -> None:
        """Open the menu of what lies at a point with the right button, and click a line of it."""
        from PySide6.QtGui import QContextMenuEvent

        self.click(at, button=RIGHT)
        port = self.view.viewport()
        self.application.sendEvent(port, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, port.mapToGlobal(at)))
        self.click_in_menu(title)
        self.settle()
        self.front()

    def click_in_menu(self, title: str) -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu), "no menu is open"
        actions = {action.text().partition("\t")[0].replace("&", ""): action for action in menu.actions()}
        assert title in actions, f"{title} is not among {list(actions)}"
        assert actions[title].isEnabled(), f"{title} cannot be chosen now"
        QTest.mouseClick(menu, LEFT, NO, menu.actionGeometry(actions[title]).center())

    def main_menu(self, *titles: str) -> None:
        """Click through the menus below the mark of the title bar."""
        button = self.studio.window.title.menu_button
        self.meanwhile(lambda: self.click_widget(button), [lambda title=title: self.click_in_menu(title) for title in titles])
        self.front()

    def click_widget(self, widget: QWidget, at: QPoint | None = None) -> None:
        assert widget.isVisible(), "it is not on the screen"
        assert widget.isEnabled(), "it cannot be clicked now"
        QTest.mouseClick(widget, LEFT, NO, at or widget.rect().center())
        self.settle()

    def click_button(self, words: str, within: QWidget | None = None) -> None:
        """Click the button that says, or is called, this."""
        room = within or QApplication.activeModalWidget() or self.studio.window
        found = [
            button for button in room.findChildren(QPushButton)
            if button.isVisible() and words in (button.text().replace("&", ""), button.accessibleName())
        ]  # fmt: skip
        assert found, f"no button says {words!r}"
        self.click_widget(found[0])

    def pick(self, title: str) -> None:
        """Click a line of the chooser that is open, scrolling to it with the wheel."""
        chooser = self.chooser
        lines = chooser.findChild(QListView)
        assert isinstance(lines, QListView)
        row = next((row for row, entry in enumerate(chooser.entries) if entry.title == title), None)
        assert row is not None, f"{title} is not among {self.lines}"
        index = lines.model().index(row, 0)
        port = lines.viewport()
        for _ in range(60):
            rect = lines.visualRect(index)
            if port.rect().contains(rect.center()):
                break
            turn = -120 if rect.center().y() > port.height() else 120
            event = QWheelEvent(
                QPointF(port.rect().center()), QPointF(port.mapToGlobal(port.rect().center())), QPoint(), QPoint(0, turn),
                Qt.MouseButton.NoButton, NO, Qt.ScrollPhase.NoScrollPhase, False,
            )  # fmt: skip
            self.application.sendEvent(port, event)
        QTest.mouseClick(port, LEFT, NO, lines.visualRect(index).center())
        self.settle()

    # Keys

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NO, times: int = 1) -> None:
        for _ in range(times):
            QTest.keyClick(self.focus, key, held)
            self.settle()

    def type(self, text: str) -> None:
        for letter in text:
            QTest.keyClicks(self.focus, letter)
        self.settle()

    def choose(self, text: str) -> None:
        """Type into the chooser that is open until one line is first, and take it."""
        assert self.chooser.isVisible()
        self.type(text)
        self.key(Qt.Key.Key_Return)

    def walk_to(self, card: str) -> None:
        """Arrow keys until the card is current."""
        for key in (Qt.Key.Key_Left,) * 12 + (Qt.Key.Key_Right,) * 12 + (Qt.Key.Key_Down, Qt.Key.Key_Up) * 6:
            if self.scene.current == card:
                return
            self.key(key)
        raise AssertionError(f"the arrows did not lead to {card}")

    @property
    def focus(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None, "nothing has the keyboard"
        return found

    @property
    def typing(self) -> QLineEdit:
        found = self.focus
        assert isinstance(found, QLineEdit), f"{found} is no line to type in"
        return found

    # What is open

    @property
    def chooser(self) -> Chooser:
        found = [chooser for chooser in self.view.findChildren(Chooser) if chooser.isVisible()]
        assert found, "no chooser is open"
        return found[0]

    @property
    def lines(self) -> list[str]:
        return [entry.title for entry in self.chooser.entries]

    def meanwhile(self, action: Callable[[], None], steps: Sequence[Callable[[], None]]) -> None:
        """Do something that opens menus or dialogs one upon another, and in each of them the next step."""
        waiting = list(steps)
        end = monotonic() + 20
        fronts: list[QWidget | None] = [None]
        timer = QTimer()

        def step() -> None:
            front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if front is None or front is fronts[-1] or not waiting:
                if monotonic() > end and front is not None:
                    self.failures.append(TimeoutError(f"{front} stayed open"))
                    front.close()
                return
            fronts.append(front)
            try:
                waiting.pop(0)()
            except AssertionError as error:
                self.failures.append(error)
                waiting.clear()
                while (left := QApplication.activePopupWidget() or QApplication.activeModalWidget()) is not None:
                    left.close()

        timer.timeout.connect(step)
        timer.start(10)
        action()
        self.wait(lambda: not waiting or self.failures)
        timer.stop()
        if self.failures:
            raise self.failures.pop()

    def settle(self) -> None:
        self.application.processEvents()

    def front(self) -> None:
        """Without a window manager nothing gives the window its place back when a menu closes."""
        self.studio.window.activateWindow()
        self.settle()

    # Seeing

    def picture(self) -> QImage:
        """The canvas as it is painted."""
        self.settle()
        return self.view.viewport().grab().toImage()

    def ink(self, rect: QRect) -> float:
        """How much of a part of the canvas is painted over, 0 to 1."""
        image, ground = self.picture(), theme.current().canvas.name()
        part = rect.intersected(image.rect())
        apart = max(1, round((part.width() * part.height() / 1500) ** 0.5))
        points = [
            (x, y) for x in range(part.left(), part.right() + 1, apart) for y in range(part.top(), part.bottom() + 1, apart)
        ]  # fmt: skip
        seen = sum(1 for x, y in points if image.pixelColor(x, y).name() != ground)
        return seen / max(len(points), 1)

    def sees_card(self, card: str) -> bool:
        """Whether a card is painted where it stands."""
        rect = self.view.mapFromScene(self.scene.rect(card)).boundingRect().adjusted(6, 6, -6, -6)
        return self.ink(rect) > 0.9

    def sees_wire(self, card: str, port: str) -> bool:
        """Whether a line runs where the wire into a port has its middle."""
        middle = self.wire(card, port)
        image = self.picture()
        ground = theme.current().canvas.name()
        around = [image.pixelColor(middle.x() + dx, middle.y() + dy).name() for dx in (-1, 0, 1) for dy in (-2, -1, 0, 1, 2)]
        return sum(1 for color in around if color != ground) >= 3

    # What is saved

    def saved(self, name: str = "flow.dag.yaml") -> str:
        """The bytes on disk, as text."""
        root = self.root
        return (root / name).read_bytes().decode("utf-8")

    @property
    def root(self) -> Path:
        page = self.studio.workspace.page
        assert page is not None
        return page.document.root

    def save(self) -> None:
        """Save with the key."""
        self.key(Qt.Key.Key_S, CONTROL)

    def undo_to_nothing(self) -> None:
        """Control+Z as often as it does something."""
        stack = self.view.scene_.document.undo_stack
        for _ in range(stack.index()):
            self.key(Qt.Key.Key_Z, CONTROL)
