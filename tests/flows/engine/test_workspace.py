"""Where a flow runs: its own folder, or a copy with what it includes."""

from __future__ import annotations

import contextlib
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows import load_flow
from flowloom.flows.engine.workspace import Workspace, working_directory
from flowloom.flows.errors import FlowloomError, PathError
from flowloom.flows.model.flow import Flow

SHOW = {"show": "import os\n@tool\ndef show(path):\n    with open(os.path.join(os.path.dirname(__file__), path)) as file: return file.read()"}


def shown(root: Path, *includes: str, path: str) -> str:
    """What the tool of a flow with these includes reads."""
    with load_flow(with_includes(root, *includes)) as flow:
        return flow.run(path=path)["o"]


@pytest.fixture
def flow(write_flow: Any) -> Path:
    return write_flow({"a": "show path=${inputs.path}"}, inputs={"path": "x"}, outputs={"o": "${a.output}"}, tools=SHOW, folder="project/flow")


def test_includes_come_by_their_base_name_over_what_is_there(flow: Path) -> None:
    (flow / "text.txt").write_text("the flow's own")
    (flow.parent / "shared" / "deep").mkdir(parents=True)
    (flow.parent / "shared" / "text.txt").write_text("included")
    (flow.parent / "shared" / "deep" / "more.txt").write_text("from a folder")
    includes = ["../shared/text.txt", "../shared/deep", "../shared/text.txt"]
    assert shown(flow, *includes, path="text.txt") == "included"
    assert (flow / "text.txt").read_text() == "the flow's own"
    assert not (flow / "deep").exists()
    with load_flow(flow) as loaded:
        assert loaded.run(path="deep/more.txt")["o"] == "from a folder"


def test_a_zip_beside_a_folder_is_made_of_it(flow: Path) -> None:
    (flow.parent / "lib" / "inner").mkdir(parents=True)
    (flow.parent / "lib" / "inner" / "a.txt").write_text("zipped")
    with load_flow(with_includes(flow, "../lib.zip")) as loaded, zipfile.ZipFile(Path(loaded.working_folder()) / "lib.zip") as archive:
        assert archive.read("lib/inner/a.txt") == b"zipped"
    (flow.parent / "lib.zip").write_bytes(b"a real one")
    with load_flow(flow) as loaded:
        assert (Path(loaded.working_folder()) / "lib.zip").read_bytes() == b"a real one"


def with_includes(root: Path, *includes: str) -> Path:
    (root / "flow.dag.yaml").write_text((root / "flow.dag.yaml").read_text() + f"additional_includes: {json.dumps(includes)}\n")
    return root


@pytest.mark.parametrize("include", ["/etc/hostname", "C:\\a.txt", "\\\\host\\a", "../../outside.txt", "../missing.txt", "../link.txt", "../folder/../../outside.txt"])
def test_what_is_refused(flow: Path, include: str) -> None:
    (flow.parent.parent / "outside.txt").write_text("outside")
    (flow.parent / "link.txt").symlink_to(flow.parent.parent / "outside.txt")
    with load_flow(with_includes(flow, include)) as loaded:
        result = loaded.run_result({"path": "flow.dag.yaml"})
    assert result.error is not None
    assert result.error.kind in ("path", "invalid_flow")
    assert f"'{include}'" in result.error.message
    assert result.error.hint


def test_git_draws_the_fence(flow: Path) -> None:
    (flow.parent.parent / "outside.txt").write_text("of the same repository")
    (flow.parent.parent / ".git").mkdir()
    assert shown(flow, "../../outside.txt", path="outside.txt") == "of the same repository"
    (flow.parent / ".git").mkdir()
    with pytest.raises(FlowloomError, match="leads out of"), load_flow(flow) as loaded:
        loaded.run(path="outside.txt")


def test_links_inside_an_included_folder_do_not_lead_out(flow: Path) -> None:
    (flow.parent.parent / "outside.txt").write_text("outside")
    shared = flow.parent / "shared"
    shared.mkdir()
    (shared / "good.txt").write_text("good")
    (shared / "bad.txt").symlink_to(flow.parent.parent / "outside.txt")
    (shared / "round").symlink_to(shared)
    (shared / "round too").symlink_to(flow.parent)
    with load_flow(with_includes(flow, "../shared")) as loaded:
        copied = Path(loaded.working_folder()) / "shared"
        assert (copied / "good.txt").is_file()
        assert not (copied / "bad.txt").exists()
        assert len(list(copied.rglob("good.txt"))) < 5


def test_the_copy_holds_no_private_files_and_goes_when_closed(flow: Path) -> None:
    for name in (".git", ".flowloom", "__pycache__", "kept"):
        (flow / name).mkdir()
    (flow / "link.txt").symlink_to("flow.dag.yaml")
    with load_flow(with_includes(flow, "./flow.dag.yaml")) as loaded:
        copy = Path(loaded.working_folder())
        assert copy != flow.resolve()
        assert {path.name for path in copy.iterdir()} >= {"kept", "flow.dag.yaml", "link.txt"}
        assert not {path.name for path in copy.iterdir()} & {".git", ".flowloom", "__pycache__"}
        assert (copy / "link.txt").read_bytes() == (flow / "flow.dag.yaml").read_bytes()
    assert not copy.exists()


def test_a_refused_include_leaves_no_copy_behind(flow: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    with pytest.raises(PathError, match="does not exist"):
        Workspace(Flow(flow, "flow.dag.yaml", "f", "dag", additional_includes=("../missing.txt",)))
    assert list((tmp_path / "temporary").iterdir()) == []


def test_the_current_directory_comes_back(tmp_path: Path) -> None:
    before = os.getcwd()
    with contextlib.suppress(ValueError), working_directory(str(tmp_path)):
        assert os.getcwd() == os.path.realpath(tmp_path)
        raise ValueError
    assert os.getcwd() == before
