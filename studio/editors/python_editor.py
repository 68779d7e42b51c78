"""The editor of a Python tool: colours, names completed, indentation kept, what is wrong shown on its line."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from flowloom.flows.node.python_names import parse
from flowloom.flows.node.signature import ToolFault, read_tool
from flowloom.studio.editors.code_editor import CodeEditor, Mark
from flowloom.studio.editors.completion import Completion
from flowloom.studio.editors.highlighter import Highlighter
from flowloom.studio.editors.syntax import python_line
from flowloom.studio.language import tr, tr_data

PAUSE_MS: Final = 500
_INDENT: Final = "    "
_DEDENT_AFTER: Final = re.compile(r"\s*(?:return|pass|break|continue|raise)\b")
_BUILTINS: Final = tuple(name for name in dir(builtins) if not name.startswith("_"))
_WORD: Final = re.compile(r"[^\W\d]\w*")


class PythonEditor(CodeEditor):
    """``path`` names the file in messages. Tab indents; Escape lets the next Tab leave the editor."""

    lines_shown = (8, 26)

    def __init__(self, parent: QWidget | None = None, path: str = "tool.py", *, tool: bool = True) -> None:
        super().__init__(parent)
        self.path = path
        self._tool = tool
        self._tab_leaves = False
        self._names: tuple[str, ...] = ()
        self.setAccessibleName(tr("Python code"))
        self.setAccessibleDescription(tr("Tab indents; press Escape, then Tab, to leave the editor."))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._colours = Highlighter(self.document(), python_line)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.check)
        self.textChanged.connect(self._pause.start)

    def check(self) -> None:
        """Mark what keeps the file from being a tool."""
        self._pause.stop()
        text = self.text()
        try:
            if self._tool:
                read_tool(text, filename=self.path)
            else:
                parse(text)
        except ToolFault as fault:
            if fault.code == "unseen":
                self.set_marks([Mark(fault.line or 1, tr_data(fault.message), "warning")])
            else:
                self.set_marks([Mark(fault.line or 1, tr_data(fault.message))])
        except SyntaxError as error:
            self.set_marks([Mark(error.lineno or 1, error.msg)])
        else:
            self.set_marks(())

    # Suggestions

    def offers(self) -> tuple[str, list[Completion]]:
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        match = re.search(r"[^\W\d]\w*$", before)
        word = match.group() if match else ""
        if before[: len(before) - len(word)].rstrip().endswith("."):
            return word, [Completion(name) for name in self._attributes(word)]
        known = names_of(self.text())
        here = [Completion(name, what) for name, what in known.items() if name != word]
        words = [Completion(name, tr("keyword")) for name in keyword.kwlist]
        return word, [*here, *words, *(Completion(name, tr("built in")) for name in _BUILTINS if name not in known)]

    def _attributes(self, word: str) -> list[str]:
        """Names that follow a dot elsewhere in the text."""
        found = dict.fromkeys(re.findall(r"\.\s*([^\W\d]\w*)", self.text()))
        found.pop(word, None)
        return sorted(found)

    def typed(self, text: str) -> None:
        if not text or not text.isprintable():
            if text not in ("\b", "\x7f"):
                self.completions.hide()
            return
        typed, offers = self.offers()
        if len(typed) >= 2 and offers and not self.before_word() and not self._in_text():
            self.suggest()
        else:
            self.completions.hide()

    def _in_text(self) -> bool:
        """Whether the cursor stands in a comment or a text."""
        cursor = self.textCursor()
        state = max(0, cursor.block().previous().userState()) if cursor.block().blockNumber() else 0
        spans, _ = python_line(cursor.block().text(), state)
        place = cursor.positionInBlock()
        return any(span.kind in ("comment", "string") and span.start < place <= span.start + span.length for span in spans)

    # Keys

    def special_key(self, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), event.modifiers()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not modifiers & Qt.KeyboardModifier.ControlModifier:
            self._new_line()
        elif key == Qt.Key.Key_Tab and not modifiers:
            self._indent()
        elif key == Qt.Key.Key_Backtab:
            self._lines_changed(lambda line: line[len(_leading(line)) :] if line.startswith(" ") else line)
        elif key == Qt.Key.Key_Backspace and not modifiers and self._at_indent():
            cursor = self.textCursor()
            back = (cursor.positionInBlock() - 1) % 4 + 1
            cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, back)
            cursor.removeSelectedText()
        elif key == Qt.Key.Key_Slash and modifiers == Qt.KeyboardModifier.ControlModifier:
            self._comment()
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        closes_list = self.completions.isVisible()
        super().keyPressEvent(event)
        self._tab_leaves = event.key() == Qt.Key.Key_Escape and not closes_list

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tab_leaves = False

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab is a key of the text; it leads away only after Escape."""
        return QWidget.focusNextPrevChild(self, next) if self._tab_leaves and not self.completions.isVisible() else False

    def _new_line(self) -> None:
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        indent = before[: len(before) - len(before.lstrip())]
        code = re.sub(r"#.*$", "", before).rstrip()
        if code.endswith((":", "(", "[", "{")):
            indent += _INDENT
        elif _DEDENT_AFTER.match(code) and not code.endswith((",", "\\")):
            indent = indent[: max(0, len(indent) - 4)]
        cursor.insertText(f"\n{indent}")
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def _indent(self) -> None:
        cursor = self.textCursor()
        if cursor.hasSelection() and "\u2029" in cursor.selectedText():
            self._lines_changed(lambda line: _INDENT + line if line.strip() else line)
        else:
            cursor.insertText(" " * (4 - cursor.positionInBlock() % 4))

    def _comment(self) -> None:
        lines = self._chosen_lines()
        commented = all(line.lstrip().startswith("#") for line in lines if line.strip())
        if commented:
            self._lines_changed(lambda line: re.sub(r"^(\s*)# ?", r"\1", line))
        else:
            self._lines_changed(lambda line: re.sub(r"^(\s*)", r"\1# ", line, count=1) if line.strip() else line)

    def _chosen_lines(self) -> list[str]:
        cursor = self.textCursor()
        first, last = self.document().findBlock(cursor.selectionStart()), self.document().findBlock(cursor.selectionEnd())
        found = []
        while first.isValid() and first.blockNumber() <= last.blockNumber():
            found.append(first.text())
            first = first.next()
        return found

    def _lines_changed(self, change: object) -> None:
        """Every line that is chosen, changed; all of them stay chosen."""
        cursor = self.textCursor()
        first = self.document().findBlock(cursor.selectionStart())
        several = cursor.hasSelection()
        column = cursor.positionInBlock()
        number = first.blockNumber()
        lines = self._chosen_lines()
        new = [change(line) for line in lines]  # pyright: ignore[reportCallIssue]
        cursor.setPosition(first.position())
        length = sum(len(line.encode("utf-16-le")) // 2 for line in lines) + len(lines) - 1
        cursor.setPosition(first.position() + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText("\n".join(new))
        end = cursor.position()
        begin = self.document().findBlockByNumber(number).position()
        if several:
            cursor.setPosition(begin)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        else:
            cursor.setPosition(max(begin, min(end, begin + column + len(new[0]) - len(lines[0]))))
        self.setTextCursor(cursor)

    def _at_indent(self) -> bool:
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        return not cursor.hasSelection() and len(before) > 1 and not before.strip(" ")


def _leading(line: str) -> str:
    return line[: min(4, len(line) - len(line.lstrip(" ")))]


def names_of(source: str) -> dict[str, str]:
    """Names a Python text defines or uses, with what they are, the nearest meaning first. A text that cannot be read gives its words."""
    try:
        tree = parse(source)
    except SyntaxError:
        return dict.fromkeys(sorted({word for word in _WORD.findall(source) if not keyword.iskeyword(word)}), "")
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found[node.name] = tr("function")
        elif isinstance(node, ast.ClassDef):
            found[node.name] = tr("class")
        elif isinstance(node, ast.arg):
            found.setdefault(node.arg, tr("parameter"))
        elif isinstance(node, ast.alias):
            found.setdefault((node.asname or node.name).split(".")[0], tr("imported"))
        elif isinstance(node, ast.Name):
            found.setdefault(node.id, "")
    return {name: what for name, what in found.items() if name != "*" and not (not what and name in _BUILTINS)}
