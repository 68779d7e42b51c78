"""Whatever lies on the clipboard, pasting adds nodes or says in words why not, and one undo takes all of it back."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowloom.flows.document.layout import Place
from flowloom.flows.errors import FlowloomError
from flowloom.studio.document.flow_document import FlowDocument
from flowloom.studio.document.pasting import Pasted, paste

_NAMES = st.sampled_from(["answer", "prepare", "a b", "x-1", "", " ", "inputs", "名字", "a.b", "${answer.output}", "null", "1"])
_PATHS = st.sampled_from(["answer.jinja2", "new.py", "../x.py", ".git/a.py", "flow.dag.yaml", "deep/a.md", "", "a\nb.py"])
_LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.just(1e308), _NAMES, _PATHS,
    st.sampled_from(["${inputs.question}", "${prepare.output.a[0]}", "${gone.output}", "node:answer", "line\nline\n", "é\u0000"]),
)  # fmt: skip
_KEYS = st.sampled_from(["a", "type", "path", "name", "when", "is", "question", "y", "1"])
_VALUES: st.SearchStrategy[Any] = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3), max_leaves=5
)
_SOURCES = st.fixed_dictionaries({"type": st.sampled_from(["code", "package"])}, optional={"path": _PATHS, "tool": _LEAVES}) | _VALUES
_NODES = st.fixed_dictionaries(
    {"name": _NAMES | _VALUES},
    optional={
        "type": st.sampled_from(["python", "llm", "prompt", 3, None]), "source": _SOURCES, "activate": _VALUES, "use_variants": st.booleans(),
        "inputs": st.dictionaries(_KEYS, _LEAVES, max_size=3) | _VALUES,
    },
)  # fmt: skip
_VARIANTS = st.dictionaries(
    _NAMES,
    st.fixed_dictionaries(
        {"variants": st.dictionaries(_KEYS, st.fixed_dictionaries({"node": _NODES | _VALUES}) | _VALUES, max_size=2) | _VALUES},
        optional={"default_variant_id": _KEYS},
    ),
    max_size=2,
)
_CLIPS = st.fixed_dictionaries(
    {"nodes": st.lists(_NODES, max_size=3) | _VALUES},
    optional={
        "node_variants": _VARIANTS | _VALUES, "files": st.dictionaries(_PATHS, _LEAVES, max_size=3) | _VALUES, "layout": _VALUES,
    },
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(clip=_CLIPS | _VALUES, outside=st.sampled_from(["", "Hi!\n\n", "```yaml\n"]))
def test_anything(document: FlowDocument, clip: Any, outside: str) -> None:
    before = dict(document.files)
    steps = document.undo_stack.index()
    text = outside + json.dumps(clip, ensure_ascii=False)
    try:
        pasted = paste(document, {"prepare": Place(), "answer": Place()}, text)
    except FlowloomError:
        return
    try:
        _check(document, pasted)
    finally:
        while document.undo_stack.index() > steps:
            document.undo_stack.undo()
    assert document.files == before


def _check(document: FlowDocument, pasted: Pasted) -> None:
    if document.apply(pasted.edit):
        assert set(pasted.ids) <= {*document.flow.nodes, *(item.id for item in (*document.layout.frames, *document.layout.notes))}
        assert not [path for path in document.files if path.startswith((".", "/")) or ".." in path]
