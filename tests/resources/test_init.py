from __future__ import annotations

import pytest

from flowloom import resources


def test_a_resource_is_found_by_name() -> None:
    assert (resources.path("templates/demo") / "flow.dag.yaml").is_file()


def test_a_missing_resource_says_what_to_do() -> None:
    with pytest.raises(FileNotFoundError, match=r"'wings\.png'; reinstall flowloom"):
        resources.path("wings.png")
