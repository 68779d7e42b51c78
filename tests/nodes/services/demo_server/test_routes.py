from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPResponse
from typing import Any

import pytest

Post = Callable[..., tuple[int, Any, HTTPResponse]]


@pytest.mark.parametrize(
    ("path", "query_ok"),
    [
        ("/v1/chat/completions", True),
        ("/openai/deployments/mine/chat/completions?api-version=2024-02-01", True),
        ("/openai/v1/chat/completions", True),
        ("/openai/deployments/mine/chat/completions", False),
    ],
)
def test_openais_and_azures_paths(path: str, query_ok: bool, post: Post, hello: dict[str, Any]) -> None:
    status, reply, _ = post(path, hello)
    assert status == (200 if query_ok else 404)
    if query_ok:
        assert reply["model"] == ("mine" if "deployments" in path else "gpt-4o")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/models", 200),
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/chat/completions", 405),
        ("POST", "/v1/models", 404),
        ("GET", "/", 404),
    ],
)
def test_methods_and_paths(method: str, path: str, status: int, post: Post) -> None:
    assert post(path, method=method)[0] == status


def test_bodies_that_are_no_json(post: Post) -> None:
    for body in (b"{", b"[1]", b"\xff"):
        status, reply, _ = post("/v1/chat/completions", body)
        assert status == 400
        assert "JSON" in reply["error"]["message"]


def test_a_key_is_needed_in_either_header(post: Post, hello: dict[str, Any]) -> None:
    assert post("/v1/chat/completions", hello, key="")[0] == 401
    assert post("/v1/chat/completions", hello, key="", api_key="k")[0] == 200
