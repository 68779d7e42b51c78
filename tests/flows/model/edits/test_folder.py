from __future__ import annotations

import os
from pathlib import Path

from flowloom.flows.document import read
from flowloom.flows.document.save import save
from flowloom.flows.model.edits import RenameNode, apply, folder_texts


def test_texts_are_as_on_disk_with_unsaved_ones_laid_over(tmp_path: Path) -> None:
    (tmp_path / "flow.dag.yaml").write_bytes(b"\xef\xbb\xbfnodes: []\r\n")
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "a.jinja2").write_bytes(b"hi\r\n")
    (tmp_path / "data.jsonl").write_text("{}")
    (tmp_path / "bad.py").write_bytes(b"\xff\xfe")
    (tmp_path / "out.py").symlink_to("/etc/hostname")
    (tmp_path / ".flowloom").mkdir()
    (tmp_path / ".flowloom" / "x.py").write_text("1")
    os.mkfifo(tmp_path / "pipe.py")
    texts = folder_texts(read(tmp_path, overlay={"new.py": "x = 1"}))
    assert texts == {"flow.dag.yaml": "\ufeffnodes: []\r\n", "prompts/a.jinja2": "hi\r\n", "new.py": "x = 1"}


def test_from_disk_to_disk(tmp_path: Path) -> None:
    flow = "nodes:\r\n- {name: a, type: prompt, source: {path: a.jinja2}}\r\n"
    (tmp_path / "flow.dag.yaml").write_bytes(flow.encode())
    before = folder_texts(read(tmp_path))
    applied = apply(before, RenameNode("a", "b"))
    assert save(tmp_path, applied.files, base=before) == ("flow.dag.yaml",)
    assert (tmp_path / "flow.dag.yaml").read_bytes() == flow.replace("name: a", "name: b").encode()
