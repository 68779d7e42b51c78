"""What every open flow has beside its document."""

from __future__ import annotations

from flowloom.studio.document.attach import attach
from flowloom.studio.document.flow_document import FlowDocument


def test_a_page_gets_its_parts(document: FlowDocument) -> None:
    parts: dict[str, object] = {}
    care = attach(document, parts)
    assert parts["trust"] is care.trust
    assert parts["backup"] is care.backup
    assert parts["watcher"] is care.watcher
    assert parts["saving"] is care.saving
    care.close()
