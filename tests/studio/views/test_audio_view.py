from __future__ import annotations

import base64
import io
import struct
import wave

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from flowloom.studio.theme import theme
from flowloom.studio.views.audio_view import AudioView, read_sound
from flowloom.studio.views.kinds import Media


def wav(seconds: float = 1.0, rate: int = 8000) -> bytes:
    """Silence, then a loud second half."""
    file = io.BytesIO()
    count = int(seconds * rate)
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(b"".join(struct.pack("<h", 30_000 if at > count // 2 else 0) for at in range(count)))
    return file.getvalue()


def test_what_a_wav_tells() -> None:
    sound = read_sound(wav(2.5))
    assert (sound.seconds, sound.rate, sound.channels) == (2.5, 8000, 1)
    assert sound.peaks[10] == 0.0
    assert sound.peaks[-10] > 0.9


def test_other_bytes_tell_nothing() -> None:
    assert read_sound(b"ID3 an mp3").seconds is None
    assert read_sound(b"").peaks == ()
    assert read_sound(wav()[:30]).peaks == ()


def test_the_view_says_and_paints_it(application: QApplication) -> None:
    view = AudioView()
    view.show_sound(Media("audio", "wav", base64.b64encode(wav(65)).decode()))
    view.resize(400, 200)
    view.show()
    assert view.words == "WAV · 1:05.0 · 8 kHz · mono · 1,016 KB"
    image = view.grab().toImage()
    accent = theme.current().accent
    right = [image.pixelColor(x, y) for x in range(300, 380) for y in range(20, 160)]
    left = [image.pixelColor(x, y) for x in range(10, 100) for y in range(20, 60)]
    assert QColor(accent) in right
    assert QColor(accent) not in left
    view.show_sound(Media("audio", "mp3", base64.b64encode(b"x" * 2048).decode()))
    assert view.words == "MP3 · 2 KB"
    view.close()
