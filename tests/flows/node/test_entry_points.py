from __future__ import annotations

import sys
from pathlib import Path

import pytest

from flowloom.flows.node.entry_points import entry_points, metadata_folders, parse

TEXT = """
# a comment
[flowloom.nodes]
a.b = pkg.module:attribute.inner [extra]
 c=other

[console_scripts]
run = x:main
broken line
"""


def install(folder: Path, name: str, text: str, version: str = "1.2") -> None:
    metadata = folder / f"{name}-{version}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "entry_points.txt").write_text(text)


def test_parse_reads_groups_names_and_values():
    found = [(entry.group, entry.name, entry.value) for entry in parse(TEXT, "d")]
    assert found == [
        ("flowloom.nodes", "a.b", "pkg.module:attribute.inner [extra]"),
        ("flowloom.nodes", "c", "other"),
        ("console_scripts", "run", "x:main"),
    ]


def test_load_imports_the_object_or_the_module():
    (entry,) = parse("[g]\nx = collections.abc:Mapping.get [extra]\n", "d")
    (module,) = parse("[g]\nx = collections.abc\n", "d")
    assert entry.load().__qualname__ == "Mapping.get"
    assert module.load() is sys.modules["collections.abc"]


def test_the_first_distribution_of_a_name_on_the_path_wins(tmp_path):
    install(tmp_path / "one", "My_Tools", "[g]\na = one\n", "2.0")
    install(tmp_path / "two", "my-tools", "[g]\na = two\n")
    folders = metadata_folders([str(tmp_path / "one"), str(tmp_path / "two"), str(tmp_path / "absent")])
    assert list(folders) == ["my-tools"]
    (entry,) = entry_points(folders["my-tools"], "my-tools")
    assert (entry.value, entry.version) == ("one", "2.0")


def test_a_distribution_in_the_current_folder_registers_nothing(tmp_path, monkeypatch):
    install(tmp_path, "evil", "[flowloom.nodes]\na = evil\n")
    monkeypatch.chdir(tmp_path)
    for entry in ("", str(tmp_path), "."):
        monkeypatch.setattr(sys, "path", [entry, *sys.path])
        assert "evil" not in metadata_folders()


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_unreadable_entry_points_are_none(tmp_path, content):
    if content is not None:
        (tmp_path / "entry_points.txt").write_bytes(content)
    assert entry_points(str(tmp_path), "d") == []
