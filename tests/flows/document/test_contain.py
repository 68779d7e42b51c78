from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.flows.document.contain import contain
from flowloom.flows.errors import PathError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "flow"
    (folder / "prompts").mkdir(parents=True)
    (folder / "prompts" / "a.jinja2").write_text("hi")
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "flow-secret").mkdir()
    return folder


@pytest.mark.parametrize(
    "path", ["prompts/a.jinja2", "./prompts/a.jinja2", "prompts/../prompts/a.jinja2", "prompts//a.jinja2"]
)
def test_paths_inside_are_found(root: Path, path: str) -> None:
    assert contain(root, path).read_text() == "hi"


def test_files_need_not_exist(root: Path) -> None:
    assert contain(root, "new/deep/b.py") == root / "new/deep/b.py"
    assert contain(root, ".") == root


@pytest.mark.parametrize(
    "path",
    [
        "",
        "  ",
        "..",
        "../secret.txt",
        "../flow-secret/x",
        "prompts/../../secret.txt",
        "/etc/passwd",
        "//server/share",
        "~/x",
        "C:\\Windows\\system.ini",
        "C:secret",
        "c:/x",
        "\\\\server\\share\\x",
        "..\\secret.txt",
        "prompts\\a.jinja2",
        "a\0b",
    ],
)
def test_paths_that_lead_out_are_refused(root: Path, path: str) -> None:
    with pytest.raises(PathError) as caught:
        contain(root, path)
    assert repr(path) in caught.value.message
    assert caught.value.hint


def test_links_that_lead_out_are_refused(root: Path) -> None:
    (root / "out").symlink_to(root.parent)
    (root / "leak.txt").symlink_to("../secret.txt")
    (root / "inner").symlink_to("prompts")
    for path in ("out/secret.txt", "leak.txt", "inner/../../secret.txt", "out"):
        with pytest.raises(PathError):
            contain(root, path)
    assert contain(root, "inner/a.jinja2") == root / "prompts" / "a.jinja2"


def test_a_root_behind_a_link_is_fine(root: Path) -> None:
    link = root.parent / "link"
    link.symlink_to(root)
    assert contain(link, "prompts/a.jinja2").read_text() == "hi"


@settings(max_examples=20 * settings.default.max_examples)
@given(st.lists(st.sampled_from(["..", ".", "a", "b", "", "~", "C:", "\\", "...", "é", " "]), max_size=8))
def test_no_path_leaves_the_folder(parts: list[str]) -> None:
    root = Path("/nowhere/flow")
    try:
        place = contain(root, "/".join(parts))
    except PathError:
        return
    assert os.path.commonpath([root, place]) == str(root)
