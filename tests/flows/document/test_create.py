from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.flows.document import read
from flowloom.flows.document.create import create
from flowloom.flows.document.layout import read_layout
from flowloom.flows.errors import UsageError
from flowloom.flows.model.build import build


@pytest.mark.parametrize("shape", ["standard", "chat", "empty"])
def test_a_new_flow_is_sound(tmp_path: Path, shape: str) -> None:
    root = create(tmp_path / "my-flow", shape=shape)  # pyright: ignore[reportArgumentType]
    file = read(root)
    built = build(file)
    assert built.problems == ()
    for node in built.flow.nodes.values():
        assert file.exists(node.source.path or "")
    assert set(read_layout(file).places) == {"@inputs", "@outputs", *built.flow.nodes}


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "keep.txt").write_text("mine")
    create(tmp_path)
    assert (tmp_path / "keep.txt").read_text() == "mine"
    with pytest.raises(UsageError, match="already holds") as caught:
        create(tmp_path)
    assert caught.value.hint
    other = tmp_path / "other"
    other.mkdir()
    (other / "answer.jinja2").write_text("mine")
    with pytest.raises(UsageError, match=r"answer\.jinja2"):
        create(other)
    assert [path.name for path in other.iterdir()] == ["answer.jinja2"]


def test_names_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for name in ("a:b", "what?", "file"):
        with pytest.raises(UsageError):
            create(tmp_path / name)
    with pytest.raises(UsageError, match="shape"):
        create(tmp_path / "x", shape="round")  # pyright: ignore[reportArgumentType]
