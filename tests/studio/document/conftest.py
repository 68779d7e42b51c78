"""A flow with everything an open one has beside it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flowloom.studio.document.attach import Care, attach
from flowloom.studio.document.flow_document import FlowDocument


@pytest.fixture
def care(document: FlowDocument) -> Iterator[Care]:
    made = attach(document, {})
    yield made
    made.close()
