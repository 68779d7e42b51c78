from __future__ import annotations

import json
from collections.abc import Callable


def test_the_list_names_every_type(cli: Callable) -> None:
    done = cli("nodes")
    assert done.code == 0
    assert "loom.text.join" in done.out
    assert "\nText\n" in done.out


def test_one_is_explained_by_its_last_words_too(cli: Callable) -> None:
    done = cli("nodes", "text.join")
    assert done.out == cli("nodes", "loom.text.join").out
    assert done.out.startswith("Join texts  loom.text.join  (version ") or "loom.text.join" in done.out.splitlines()[0]
    assert "Outputs" in done.out
    assert "Does nothing but compute its output." in done.out


def test_json_has_what_a_program_needs(cli: Callable) -> None:
    answer = json.loads(cli("nodes", "loom.text.join", "--json").out)
    assert (answer["id"], answer["effect"], answer["may_cache"]) == ("loom.text.join", "none", True)
    assert "separator" in answer["inputs"]
    listed = json.loads(cli("nodes", "--json").out)
    assert answer in listed["nodes"]


def test_an_unknown_type_says_what_to_install(cli: Callable) -> None:
    done = cli("nodes", "acme.magic")
    assert done.code == 2
    assert "acme.magic" in done.err
    assert "pip install" in done.err
