from __future__ import annotations

import subprocess
import sys

import pytest

from flowloom.flows import model


@pytest.mark.parametrize("name", model.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(model, name) is not None


def test_what_is_not_there_says_so() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        model.nothing  # noqa: B018


def test_the_data_alone_reads_no_yaml() -> None:
    code = "import sys, flowloom.flows.model; print('yaml' in sys.modules, 'flowloom.flows.model.build' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
