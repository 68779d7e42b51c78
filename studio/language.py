"""The words people see, in their language.

The English text is the key: ``tr("Delete {name}", name="answer")`` looks it up in ``resources/translations/<language>/*.json`` and fills in
the values afterwards. Texts that come from elsewhere, such as the messages of the checker, go through ``tr_data``: the catalogue holds
them as patterns with numbered places, ``"The node '{0}' has no input '{1}'."``.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from flowloom import resources

LANGUAGES: Final = {"en": "English", "zh_CN": "简体中文"}

_catalogue: dict[str, str] = {}
_patterns: list[tuple[str, str]] = []
"""Keys with numbered places, and their translations."""
_current = "en"
_ENDS: Final = (".", "?", "!")
_qt_words: list[QTranslator] = []


def language() -> str:
    """The language in use, a key of LANGUAGES."""
    return _current


def system_language() -> str:
    """The language of LANGUAGES nearest to the system's."""
    return "zh_CN" if QLocale.system().language() == QLocale.Language.Chinese else "en"


def set_language(code: str) -> None:
    """Speak another language from now on; windows that stand keep their words until they are made anew."""
    global _current
    _current = code if code in LANGUAGES else "en"
    _catalogue.clear()
    _patterns.clear()
    _translate.cache_clear()
    if _current != "en":
        _catalogue.update(catalogue(_current))
        found = [(key, value) for key, value in _catalogue.items() if "{0}" in key]
        # The one that says most comes first: 'Add {0}' would swallow 'Add a node {0}, or correct the reference.'
        _patterns.extend(sorted(found, key=lambda pair: -len(re.sub(r"\{\d+\}", "", pair[0]))))
    application = QApplication.instance()
    if application is None:
        return
    for translator in _qt_words:
        application.removeTranslator(translator)
    _qt_words.clear()
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{_current}", folder):
        application.installTranslator(translator)
        _qt_words.append(translator)


def catalogue(code: str) -> dict[str, str]:
    """All texts of a language by their English, from one file an area."""
    found: dict[str, str] = {}
    for place in sorted(resources.path(f"translations/{code}").glob("*.json")):
        found.update(json.loads(place.read_text(encoding="utf-8")))
    return found


def tr(text: str, /, **values: object) -> str:
    """``text`` in the language in use; ``{name}`` in it is filled in from ``values``."""
    found = _catalogue.get(text, text)
    return found.format(**values) if values else found


def tr_data(text: str) -> str:
    """A text that was made elsewhere, in the language in use: as it stands where the catalogue does not know it."""
    return text if not _catalogue else _translate(text)


@lru_cache(maxsize=4096)
def _translate(text: str) -> str:
    if text in _catalogue:
        return _catalogue[text]
    for key, translated in _patterns:
        if text.startswith(key[: key.index("{")]) and text.endswith(_ENDS) <= key.endswith(_ENDS) and (match := _pattern(key).fullmatch(text)):
            return _with_places(translated, key, match)
    return text


def _with_places(translated: str, key: str, match: re.Match[str]) -> str:
    """The translation with its places filled: words of ours, such as ``a whole number``, in the language too; names in quotes as they are."""

    def filled(place: re.Match[str]) -> str:
        words = match.group(f"p{place.group(1)}")
        return words if f"'{place.group()}'" in key else _catalogue.get(words, words)

    return re.sub(r"\{(\d+)\}", filled, translated)


@lru_cache(maxsize=4096)
def _pattern(key: str) -> re.Pattern[str]:
    """A regular expression for a message with numbered places; a number that comes again stands for the same words."""
    parts: list[str] = []
    seen: set[str] = set()
    for piece in re.split(r"(\{\d+\})", key):
        number = piece[1:-1]
        if not re.fullmatch(r"\{\d+\}", piece):
            parts.append(re.escape(piece))
        elif number in seen:
            parts.append(f"(?P=p{number})")
        else:
            seen.add(number)
            parts.append(f"(?P<p{number}>.+?)")
    return re.compile("".join(parts), re.DOTALL)
