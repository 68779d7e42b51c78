from __future__ import annotations

import os
from pathlib import Path

import pytest

from flowloom.flows.document import read
from flowloom.flows.errors import DocumentError, PathError, UsageError, YamlError

FLOW = "inputs:\n  q: {type: string}\noutputs: {}\nnodes:\n- name: n\n"
PROMPTY = "---\nname: ask\ninputs:\n  q: {type: string}\n---\nsystem:\nhello {{q}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "flow.dag.yaml").write_bytes(FLOW.encode())
    (tmp_path / "a.jinja2").write_bytes(b"\xef\xbb\xbfone\r\ntwo\r\n")
    return tmp_path


def test_a_folder_and_its_file_read_the_same(folder: Path) -> None:
    first, second = read(folder), read(folder / "flow.dag.yaml")
    assert first == second
    assert (first.root, first.name, first.kind, first.text) == (folder, "flow.dag.yaml", "dag", FLOW)
    assert first.data["nodes"] == [{"name": "n"}]
    place = first.location(("nodes", 0, "name"))
    assert place is not None
    assert (place.line, place.column) == (5, 9)


def test_relative_paths_become_absolute(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert read(".").root == folder
    assert read("flow.dag.yaml").root == folder


def test_kinds(tmp_path: Path) -> None:
    (tmp_path / "flow.flex.yaml").write_text("entry: a:b\n")
    (tmp_path / "x.prompty").write_text(PROMPTY)
    (tmp_path / "other.yaml").write_text("entry: a:b\n")
    (tmp_path / "chat.yml").write_text("nodes: []\n")
    assert read(tmp_path).kind == "flex"
    assert read(tmp_path / "other.yaml").kind == "flex"
    assert read(tmp_path / "chat.yml").kind == "dag"
    assert read(tmp_path / "x.prompty").kind == "prompty"


def test_prompty_has_a_front_matter_and_a_body(tmp_path: Path) -> None:
    text = PROMPTY.replace("\n", "\r\n") + "---\r\nmore\r\n"
    (tmp_path / "x.prompty").write_bytes(text.encode())
    file = read(tmp_path / "x.prompty")
    assert file.data == {"name": "ask", "inputs": {"q": {"type": "string"}}}
    assert file.body == "system:\nhello {{q}}\n---\nmore\n"
    place = file.location(("inputs", "q", "type"))
    assert place is not None
    assert (place.line, file.text[place.start : place.end]) == (4, "string")


def test_a_mistake_in_a_front_matter_counts_lines_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "x.prompty").write_text("---\na: 1\nb: [\n---\nbody\n")
    with pytest.raises(YamlError) as caught:
        read(tmp_path / "x.prompty")
    assert (caught.value.file, caught.value.line) == ("x.prompty", 4)
    (tmp_path / "y.prompty").write_text("no settings\n")
    with pytest.raises(DocumentError, match="settings"):
        read(tmp_path / "y.prompty")


def test_a_folder_of_two_flows_is_refused_unless_one_is_named(folder: Path) -> None:
    (folder / "flow.flex.yaml").write_text("entry: a:b\n")
    with pytest.raises(UsageError, match=r"flow\.dag\.yaml, flow\.flex\.yaml") as caught:
        read(folder)
    assert "Name the one" in caught.value.hint
    assert read(folder / "flow.flex.yaml").kind == "flex"


def test_what_is_no_flow(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no flow at"):
        read(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="holds no flow"):
        read(tmp_path)
    (tmp_path / "x.prompty").write_text(PROMPTY)
    with pytest.raises(UsageError) as caught:
        read(tmp_path)
    assert "x.prompty" in caught.value.hint
    (tmp_path / "data.csv").write_text("a,b\n")
    with pytest.raises(UsageError, match=r"data\.csv is not a flow"):
        read(tmp_path / "data.csv")
    (tmp_path / "list.yaml").write_text("\n- a\n")
    with pytest.raises(YamlError, match="line 2"):
        read(tmp_path / "list.yaml")


def test_an_empty_flow_file_is_an_empty_flow(tmp_path: Path) -> None:
    (tmp_path / "flow.dag.yaml").write_text("# nothing yet\n")
    assert read(tmp_path).data == {}


def test_bytes_that_are_no_text_are_refused_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "flow.dag.yaml").write_bytes(b"a: 1\nb: gr\xfc\xdfe\n")
    with pytest.raises(DocumentError) as caught:
        read(tmp_path)
    assert (caught.value.line, caught.value.column) == (2, 6)
    assert "UTF-8" in caught.value.hint


def test_prompts_are_read_as_python_reads_texts(folder: Path) -> None:
    file = read(folder)
    assert file.read_text("a.jinja2") == "one\ntwo\n"
    assert file.read_text("a.jinja2", exact=True) == "\ufeffone\r\ntwo\r\n"
    assert file.read_bytes("a.jinja2") == b"\xef\xbb\xbfone\r\ntwo\r\n"


def test_unsaved_text_is_seen_instead_of_the_disk(folder: Path) -> None:
    file = read(folder, overlay={"flow.dag.yaml": "name: new\n", "sub/b.py": "x = 1\r\n", "a.jinja2": "unsaved"})
    assert file.data == {"name": "new"}
    assert file.read_text("a.jinja2") == "unsaved"
    assert file.read_text("./sub/../sub/b.py") == "x = 1\n"
    assert file.read_bytes("sub/b.py") == b"x = 1\r\n"
    assert file.exists("sub/b.py")
    assert not file.exists("sub/c.py")
    assert read(folder / "unsaved.yaml", overlay={"unsaved.yaml": "name: x\n"}).data == {"name": "x"}


def test_reading_stays_inside_the_folder(folder: Path) -> None:
    (folder.parent / "outside.txt").write_text("secret")
    file = read(folder)
    with pytest.raises(PathError):
        file.read_text("../outside.txt")
    assert not file.exists("../outside.txt")
    (folder / "link").symlink_to("../outside.txt")
    with pytest.raises(PathError):
        file.read_bytes("link")
    (folder / "flow.dag.yaml").unlink()
    (folder / "flow.dag.yaml").symlink_to("../outside.txt")
    with pytest.raises(PathError):
        read(folder)


def test_what_may_never_end_is_not_read(folder: Path) -> None:
    os.mkfifo(folder / "pipe.jinja2")
    file = read(folder)
    with pytest.raises(DocumentError, match="not an ordinary file"):
        file.read_text("pipe.jinja2")
    with pytest.raises(DocumentError, match="a folder"):
        file.read_text(".")
    with pytest.raises(DocumentError, match="does not exist") as caught:
        file.read_text("gone.py")
    assert caught.value.file == "gone.py"
    (folder / "flow.dag.yaml").unlink()
    os.mkfifo(folder / "flow.dag.yaml")
    with pytest.raises(DocumentError):
        read(folder)
