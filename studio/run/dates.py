"""Moments as people say them."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QDate, QLocale, QTime

from flowloom.studio.language import language, tr


def when(moment: float) -> str:
    """A moment, in seconds since the epoch, in the language in use: the time alone for one of today."""
    then = datetime.fromtimestamp(moment)
    locale = QLocale(language())
    time = locale.toString(QTime(then.hour, then.minute, then.second), QLocale.FormatType.ShortFormat)
    if then.date() == datetime.now().date():
        return tr("today, {time}", time=time)
    return f"{locale.toString(QDate(then.year, then.month, then.day), QLocale.FormatType.ShortFormat)}, {time}"
