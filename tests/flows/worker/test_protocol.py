from __future__ import annotations

import json
from pathlib import Path

from flowloom.flows.model.flow import EMPTY
from flowloom.flows.worker.protocol import Confinement, RunRequest, read_request
from flowloom.flows.worker.values import Shown


def test_a_request_comes_back_equal_but_for_what_cannot_be_given(tmp_path: Path) -> None:
    request = RunRequest(
        root=str(tmp_path),
        file="flow.dag.yaml",
        overlay={"a.py": "x = 1\n"},
        inputs={"image": b"\x89", "n": 3},
        variants={"a": "v"},
        node="a",
        given={"before": (1, 2), "odd": Shown("x", "Odd", "it is odd")},
        environment={"A": "b"},
        connections={"c": {"type": "open_ai", "api_key": "k"}},
        init={"k": 1},
        reuse=True,
        run_id="r",
    )
    found, lost = read_request(json.loads(json.dumps({**request.as_json(), "of a newer version": 1})), tmp_path)
    assert lost == ("odd",)
    assert found.given == {"before": (1, 2)}
    for name in ("root", "file", "overlay", "inputs", "variants", "node", "environment", "connections", "init", "reuse", "run_id"):
        assert getattr(found, name) == getattr(request, name), name


def test_a_request_needs_a_folder_only() -> None:
    request = RunRequest(root="/flows/one")
    assert request.path == "/flows/one"
    assert RunRequest(root="/flows/one", file="other.yaml").path.replace("\\", "/") == "/flows/one/other.yaml"
    assert (request.inputs, request.trust) == (EMPTY, "")


def test_files_are_never_said_to_be_confined() -> None:
    assert Confinement(landlock=7).files == "not confined"
