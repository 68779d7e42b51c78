"""When a node runs, how often it tries, how long it may take, and whether its results are used again."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from flowloom.flows.model.flow import MISSING, Activate, Constant, Node, Reference
from flowloom.flows.node.spec import Port
from flowloom.studio.inspector.controls import Combo, label, titled
from flowloom.studio.inspector.input_row import WireBox
from flowloom.studio.inspector.number_field import NumberField
from flowloom.studio.inspector.value_fields import SwitchField, ValueField, shown_value
from flowloom.studio.language import tr

_TRIES: Final = Port("attempts", "int", required=False, default=1, minimum=1, maximum=10)
_WAIT: Final = Port("backoff_seconds", "double", required=False, default=1.0, minimum=0)
_TIMEOUT: Final = Port("timeout_seconds", "double", required=False, minimum=0.1)


class Behaviour(QWidget):
    """``set_key`` and ``clear_key`` ask for an edit of a key of the node, given as its path."""

    set_key = Signal(object, object)
    clear_key = Signal(object)
    when_asked = Signal(object)
    """Choose what the condition looks at; carries the widget to show the list below."""

    def __init__(self) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addWidget(self._condition())
        self.tries = NumberField(_TRIES, tr("How many times to try"))
        self.wait = NumberField(_WAIT, tr("Seconds to wait before the second try"))
        self.timeout = NumberField(_TIMEOUT, tr("Seconds it may take"))
        self.timeout.line.setPlaceholderText(tr("no limit"))
        self.cache = Combo(tr("Using results again"))
        for words in (tr("in the studio, when nothing changed"), tr("everywhere, when nothing changed"), tr("never")):
            self.cache.addItem(words)
        self.aggregation = SwitchField(Port("aggregation", "bool", False, False), tr("Once for all rows of a batch"))
        for title, widget in (
            (tr("Tries when it fails"), self.tries),
            (tr("Seconds between tries, doubled each time"), self.wait),
            (tr("Seconds it may take"), self.timeout),
            (tr("Use results again"), self.cache),
            (tr("Run once for all rows of a batch"), self.aggregation),
        ):
            box.addWidget(titled(title, widget))
        self.tries.edited.connect(lambda value: self._retry("attempts", value))
        self.wait.edited.connect(lambda value: self._retry("backoff_seconds", value))
        self.timeout.edited.connect(lambda value: self._give(("timeout_seconds",), value))
        self.cache.activated.connect(self._cached)
        self.aggregation.edited.connect(lambda value: self._give(("aggregation",), value if value is True else MISSING))
        self._node: Node | None = None

    def _condition(self) -> QWidget:
        made = QWidget()
        box = QVBoxLayout(made)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(label(tr("Run it only when"), "small"))
        self.always = QPushButton(tr("Always: add a condition…"))
        self.always.clicked.connect(lambda: self.when_asked.emit(self.always))
        self.when = WireBox(tr("the condition"))
        self.when.chip.clicked.connect(lambda: self.when_asked.emit(self.when))
        self.when.cut.clicked.connect(lambda: self.clear_key.emit(("activate",)))
        self.is_words = label(tr("is exactly"), "small")
        self.value = ConditionValue()
        self.value.edited.connect(self._is)
        for widget in (self.always, self.when, self.is_words, self.value):
            box.addWidget(widget)
        return made

    def show_node(self, node: Node, when_words: str) -> None:
        """``when_words`` name what the condition looks at."""
        self._node = node
        activate = node.activate
        self.always.setVisible(activate is None)
        for widget in (self.when, self.is_words, self.value):
            widget.setVisible(activate is not None)
        if activate is not None:
            words = when_words or (shown_value(activate.when.value) if isinstance(activate.when, Constant) else str(activate.when))
            self.when.show_source(tr("the condition"), words, "")
            self.value.set_value(activate.value)
        self.tries.set_value(node.retry.attempts if node.retry else MISSING)
        self.wait.set_value(node.retry.backoff_seconds if node.retry and node.retry.backoff_seconds != 1 else MISSING)
        self.wait.setEnabled(node.retry is not None and node.retry.attempts > 1)
        self.timeout.set_value(node.timeout_seconds if node.timeout_seconds is not None else MISSING)
        self.cache.setCurrentIndex(1 if node.enable_cache else 0 if node.cache else 2)
        self.aggregation.set_value(node.aggregation or MISSING)

    def _retry(self, key: str, value: Any) -> None:
        node = self._node
        if node is None:
            return
        if key == "attempts" and (value is MISSING or value == 1):
            if node.retry is not None:
                self.clear_key.emit(("retry",))
        elif key == "attempts" and node.retry is None:
            self.set_key.emit(("retry",), {"attempts": value})
        elif node.retry is not None:
            self._give(("retry", key), value)

    def _give(self, path: tuple[str, ...], value: Any) -> None:
        if value is MISSING:
            self.clear_key.emit(path)
        else:
            self.set_key.emit(path, value)

    def _cached(self, choice: int) -> None:
        node = self._node
        if node is None:
            return
        if node.enable_cache != (choice == 1):
            self._give(("enable_cache",), True if choice == 1 else MISSING)
        if node.cache == (choice == 2):
            self._give(("cache",), False if choice == 2 else MISSING)

    def _is(self, value: Any) -> None:
        if self._node is not None and self._node.activate is not None:
            self.set_key.emit(("activate", "is"), value)


class ConditionValue(ValueField):
    """A text, a number, true or false. What looks like a number, true or false is one; quotation marks make it a text."""

    def __init__(self) -> None:
        from PySide6.QtWidgets import QLineEdit

        super().__init__(Port("is"), tr("The value the condition waits for"))
        self.line = QLineEdit()
        self.line.setAccessibleName(self.words)
        self.line.setPlaceholderText(tr("true, 3, or a word"))
        self.line.setToolTip(tr("Put a word in quotation marks where it looks like a number, true or false."))
        self.line.textEdited.connect(lambda text: self.edited.emit(plain_value(text)))
        self.box.addWidget(self.line)

    def main(self) -> QWidget:
        return self.line

    def set_value(self, value: Any) -> None:
        if not self.line.text() or plain_value(self.line.text()) != value or isinstance(value, bool) != isinstance(plain_value(self.line.text()), bool):
            self.line.setText(plain_text(value))


def plain_value(text: str) -> Any:
    """What a person means by a text: ``true`` -> True, ``3`` -> 3, ``"3"`` -> the text 3."""
    words = text.strip()
    if words in ("true", "false"):
        return words == "true"
    if len(words) > 1 and words[0] == words[-1] == '"':
        return words[1:-1]
    for kind in (int, float):
        try:
            found = kind(words)
        except ValueError:
            continue
        if found == found and found not in (float("inf"), float("-inf")):
            return found
    return text


def plain_text(value: Any) -> str:
    """The text that means a value."""
    if isinstance(value, str):
        return f'"{value}"' if plain_value(value) != value or value != value.strip() else value
    return shown_value(value) if value is not None else ""


def summary(node: Node) -> str:
    """What is not as usual, in a few words; ``defaults`` where all is."""
    parts = []
    if isinstance(node.activate, Activate):
        parts.append(tr("only when"))
    if node.retry is not None and node.retry.attempts > 1:
        parts.append(tr("{count} tries", count=node.retry.attempts))
    if node.timeout_seconds is not None:
        parts.append(tr("{seconds} s at most", seconds=shown_value(node.timeout_seconds)))
    if node.enable_cache or not node.cache:
        parts.append(tr("cached") if node.cache else tr("never cached"))
    if node.aggregation:
        parts.append(tr("once for all rows"))
    return ", ".join(parts) or tr("defaults")


def is_wire(node: Node) -> bool:
    return node.activate is not None and isinstance(node.activate.when, Reference)
