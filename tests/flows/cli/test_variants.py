from __future__ import annotations

import pytest

from flowloom.flows.cli.variants import read_variants
from flowloom.flows.errors import UsageError


@pytest.mark.parametrize("written", ["${answer.short}", "answer.short", "{answer.short}", " ${ answer . short } "])
def test_every_way_people_write_it(written: str) -> None:
    assert read_variants([written]) == {"answer": "short"}


def test_several() -> None:
    assert read_variants(["${a.b}", "${c.d e}"]) == {"a": "b", "c": "d e"}


@pytest.mark.parametrize("written", ["", "answer", "${answer}", "${answer.}", "a.b.c"])
def test_what_names_no_variant_is_refused(written: str) -> None:
    with pytest.raises(UsageError, match="does not name a node and its variant") as caught:
        read_variants([written])
    assert "'${answer.short}'" in caught.value.hint


def test_an_eaten_reference_is_explained() -> None:
    with pytest.raises(UsageError) as caught:
        read_variants([""])
    assert "the shell takes ${...} for its own" in caught.value.hint
