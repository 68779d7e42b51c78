"""A node's context for nodes called by hand: the folder they work in."""

from __future__ import annotations

from types import SimpleNamespace

import pytest


@pytest.fixture
def folder(tmp_path):
    """``folder.ctx`` is what a node gets as its context, ``folder.path`` the flow's folder."""
    return SimpleNamespace(path=tmp_path, ctx=SimpleNamespace(root=str(tmp_path), log=lambda *_: None))
