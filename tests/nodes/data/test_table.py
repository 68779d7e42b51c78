from __future__ import annotations

import pytest

from flowloom.flows.errors import PathError
from flowloom.nodes.data.table import readable, write_text


def test_a_link_that_leads_out_is_refused(tmp_path):
    folder = tmp_path / "flow"
    folder.mkdir()
    (tmp_path / "secret").write_text("x")
    (folder / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(PathError):
        readable(str(folder), "link")
    with pytest.raises(PathError):
        write_text(str(folder), "link", ["y"], append=True, encoding="utf-8")
    assert (tmp_path / "secret").read_text() == "x"
