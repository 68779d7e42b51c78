"""What a program that was killed left behind is removed by the next; what another one uses is not."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flowloom.flows.worker.spool import make_spool, remove_spool


@pytest.mark.skipif(os.name != "posix", reason="asks whether a process lives")
def test_only_what_the_dead_left_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    places = {}
    for name, owner, age in (("dead", gone.pid, 3600), ("alive", os.getpid(), 3600), ("young", gone.pid, 0), ("strange", None, 3600)):
        places[name] = tmp_path / f"flowloom-worker-{name}"
        places[name].mkdir()
        (places[name] / "big.json").write_text("x")
        if owner is not None:
            (places[name] / "owner").write_text(str(owner))
        os.utime(places[name], (time.time() - age, time.time() - age))
    made = make_spool()
    assert {name: place.exists() for name, place in places.items()} == {"dead": False, "alive": True, "young": True, "strange": True}
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    remove_spool(made)
    assert not made.exists()
