"""Starting a flow from a template."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.flows.errors import UsageError
from flowloom.flows.node.registry import Registry
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.document.new_flow import free_folder, new_flow, template_list
from flowloom.studio.document.trust import Trust


@pytest.mark.parametrize("name", [template.name for template in template_list()])
def test_each_template_opens_trusted_and_sound(name: str, tmp_path: Path, registry: Registry, wait) -> None:
    folder = new_flow(tmp_path / "mine", name)
    document = FlowDocument(folder, registry)
    assert Trust(document).state == "trusted"
    wait(lambda: document.checker.settled)
    assert [problem for problem in document.problems if problem.severity == "error"] == []
    document.checker.settle()


def test_templates_say_what_they_are() -> None:
    for template in template_list():
        assert template.title
        assert template.description


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("precious")
    with pytest.raises(UsageError, match="not empty"):
        new_flow(tmp_path / "full")
    with pytest.raises(UsageError, match="cannot name"):
        new_flow(tmp_path / "a:b")


def test_a_free_folder_is_named_after_its_title(tmp_path: Path) -> None:
    assert free_folder(tmp_path, "My new flow!").name == "my-new-flow"
    (tmp_path / "my-new-flow").mkdir()
    assert free_folder(tmp_path, "My new flow!").name == "my-new-flow-2"
    assert free_folder(tmp_path, "你好").name == "flow"
