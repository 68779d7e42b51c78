"""A sound that a value holds: how long it is, how loud it is when, and a way to keep it. It is not played here."""

from __future__ import annotations

import array
import io
import sys
import wave
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from flowloom.studio.language import tr
from flowloom.studio.theme import theme
from flowloom.studio.views.kinds import Media

COLUMNS: Final = 240
_MOST_SAMPLES: Final = 400_000
"""Samples that are looked at for the picture; of a longer sound every so-manieth."""


@dataclass(frozen=True, slots=True)
class Sound:
    """``seconds`` is None where the format does not tell it here; ``peaks`` are the loudest of each part of it, 0 to 1."""

    seconds: float | None
    rate: int
    channels: int
    peaks: tuple[float, ...]


def read_sound(data: bytes) -> Sound:
    """What is known of a sound without decoding more than a WAV of whole numbers."""
    try:
        with wave.open(io.BytesIO(data)) as sound:
            width, channels, rate, frames = sound.getsampwidth(), sound.getnchannels(), sound.getframerate(), sound.getnframes()
            frames = min(frames, len(data) // max(1, width * channels))
            raw = sound.readframes(frames) if width in (1, 2) else b""
    except (wave.Error, EOFError, ValueError, RuntimeError):
        return Sound(None, 0, 0, ())
    seconds = frames / rate if rate else None
    return Sound(seconds, rate, channels, _peaks(raw, width) if raw else ())


def _peaks(raw: bytes, width: int) -> tuple[float, ...]:
    samples = array.array("h" if width == 2 else "B")
    samples.frombytes(raw[: len(raw) - len(raw) % width])
    if width == 2 and sys.byteorder == "big":
        samples.byteswap()
    middle, full = (0, 32768) if width == 2 else (128, 128)
    step = max(1, len(samples) // COLUMNS)
    stride = max(1, len(samples) // _MOST_SAMPLES)
    return tuple(
        min(1.0, max(abs(sample - middle) for sample in part) / full)
        for part in (samples[at : at + step : stride] for at in range(0, len(samples) - step + 1, step))
        if len(part)
    )[:COLUMNS]


class _Wave(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.peaks: tuple[float, ...] = ()
        self.setMinimumHeight(64)
        self.setMaximumHeight(160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("How loud it is, from beginning to end"))
        theme.themes().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.peaks:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().accent)
        column = self.width() / len(self.peaks)
        for number, peak in enumerate(self.peaks):
            height = max(2.0, peak * self.height())
            painter.drawRoundedRect(QRectF(number * column, (self.height() - height) / 2, max(1.0, column * 0.65), height), 1, 1)


class AudioView(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setProperty("role", "heading")
        self._note = QLabel(tr("To hear it, save it and open it with your player."), self)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setProperty("role", "small")
        self._wave = _Wave(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._words)
        layout.addWidget(self._wave, 1)
        layout.addWidget(self._note)
        layout.addStretch(1)

    @property
    def words(self) -> str:
        return self._words.text()

    def show_sound(self, media: Media) -> None:
        """Show what is known of a sound."""
        data = media.data
        found = read_sound(data)
        parts = [media.subtype.upper() or tr("Sound")]
        if found.seconds is not None:
            minutes, seconds = divmod(found.seconds, 60)
            parts.append(f"{int(minutes)}:{seconds:04.1f}")
            parts.append(f"{found.rate / 1000:g} kHz")
            parts.append(tr("stereo") if found.channels == 2 else tr("mono") if found.channels == 1 else f"{found.channels}")
        parts.append(f"{len(data) / 1024:,.0f} KB")
        self._words.setText(" · ".join(parts))
        self._wave.peaks = found.peaks
        self._wave.setVisible(bool(found.peaks))
        self._wave.update()
