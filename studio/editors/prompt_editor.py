"""The editor of a prompt: roles coloured, variables marked and completed, what is wrong shown on its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from flowloom.flows.model.messages import ROLES
from flowloom.flows.node.template import read_template
from flowloom.studio.editors.code_editor import CodeEditor, Mark
from flowloom.studio.editors.completion import Completion
from flowloom.studio.editors.highlighter import Highlighter
from flowloom.studio.editors.syntax import prompt_line
from flowloom.studio.language import tr, tr_data

PAUSE_MS: Final = 500
"""How long after the last key what is wrong is shown: half a tag is no fault while one types it."""

_TAG_WORDS: Final = ("if", "elif", "else", "endif", "for", "endfor", "set", "not", "and", "or", "in", "is defined", "loop.index", "loop.last")
_FILTERS: Final = ("default", "join", "length", "lower", "upper", "trim", "tojson", "first", "last", "sort", "truncate", "replace", "round")


class PromptEditor(CodeEditor):
    """``set_known`` says which variables have a value and which names may be used; ``variables`` are those of the text as it is."""

    lines_shown = (6, 22)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._valued: frozenset[str] = frozenset()
        self._offers: tuple[Completion, ...] = ()
        self._chat = True
        self.variables: tuple[str, ...] = ()
        self.setAccessibleName(tr("Prompt"))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabChangesFocus(True)
        self._colours = Highlighter(self.document(), prompt_line, self._meaning)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.check)
        self.textChanged.connect(self._read)

    def set_known(self, valued: Collection[str], offers: Sequence[Completion] = (), *, chat: bool = True) -> None:
        """``valued`` are the inputs that have a value or a wire, ``offers`` what else may be completed; ``chat`` whether roles count."""
        self._offers = tuple(offers)
        self._chat = chat
        if self._valued != frozenset(valued):
            self._valued = frozenset(valued)
            self._colours.rehighlight()
            self.check()

    def _read(self) -> None:
        found = read_template(self.text())
        if found.problem is None and found.variables != self.variables:
            self.variables = found.variables
            self._colours.rehighlight()
        if self.marks:
            self.set_marks([mark for mark in self.marks if mark.severity == "warning"])
        self._pause.start()

    def check(self) -> None:
        """Mark the line that cannot be read, and variables that nothing gives a value."""
        self._pause.stop()
        text = self.text()
        found = read_template(text)
        if found.problem is not None:
            self.set_marks([Mark(found.problem.line or 1, tr_data(found.problem.message))])
            return
        lines = text.split("\n")
        marks = []
        for name in found.variables:
            if name not in self._valued:
                pattern = re.compile(rf"\b{re.escape(name)}\b")
                line = next((number for number, words in enumerate(lines, 1) if pattern.search(words) and "{" in words), 1)
                marks.append(Mark(line, tr("'{name}' has no value yet, so it stays empty.", name=name), "warning", name))
        self.set_marks(marks)

    def _meaning(self, name: str) -> str:
        if name not in self.variables:
            return ""
        return "variable" if name in self._valued else "missing"

    # Suggestions

    def offers(self) -> tuple[str, list[Completion]]:
        before = self.textCursor().block().text()[: self.textCursor().positionInBlock()]
        opened = max(before.rfind("{{"), before.rfind("{%"))
        typed = re.search(r"[^\W\d]\w*$|$", before)
        word = typed.group() if typed else ""
        if opened < 0 or before.rfind("}}") > opened or before.rfind("%}") > opened:
            return self._roles(before)
        if before[: len(before) - len(word)].rstrip().endswith("|"):
            return word, [Completion(name, tr("filter")) for name in _FILTERS]
        if before[: len(before) - len(word)].endswith("."):
            return word, []
        names = [Completion(name, tr("input of this step")) for name in sorted({*self._valued, *self.variables} - {word})]
        known = {offer.text for offer in names}
        others = [offer for offer in self._offers if offer.text not in known]
        words = [Completion(name) for name in _TAG_WORDS] if before[opened : opened + 2] == "{%" else []
        return word, [*names, *others, *words]

    def _roles(self, before: str) -> tuple[str, list[Completion]]:
        word = before.strip()
        if not self._chat or not re.fullmatch(r"\s*[a-zA-Z]+", before):
            return "", []
        return word, [Completion(f"{role}:", tr("starts a message")) for role in ROLES if role.startswith(word.lower())]

    def typed(self, text: str) -> None:
        before = self.textCursor().block().text()[: self.textCursor().positionInBlock()]
        if text == "{" and before.endswith("{{"):
            self._close("}}")
        elif text == "%" and before.endswith("{%"):
            self._close(" %}", " ")
        elif not text.isprintable() or not text:
            if text not in ("\b", "\x7f"):
                self.completions.hide()
            return
        typed, offers = self.offers()
        inside = "{{" in before or "{%" in before
        if offers and not self.before_word() and (typed or text in "{% |") and (inside or len(typed) >= 2):
            self.suggest()
        else:
            self.completions.hide()

    def _close(self, end: str, begin: str = "") -> None:
        """Put the closing braces after the cursor, where nothing closes already."""
        cursor = self.textCursor()
        after = cursor.block().text()[cursor.positionInBlock() :]
        if after.lstrip().startswith(("}", "%")) or (after and not after[0].isspace()):
            return
        cursor.insertText(begin + end)
        cursor.setPosition(cursor.position() - len(end))
        self.setTextCursor(cursor)
