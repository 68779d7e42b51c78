from __future__ import annotations

from flowloom.nodes.services.values import as_text


def test_texts_stay_and_values_become_json():
    assert [as_text(value) for value in ("ü", 1, None, {"k": "ü"}, [True])] == [
        "ü",
        "1",
        "null",
        '{"k": "ü"}',
        "[true]",
    ]
