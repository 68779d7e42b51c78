"""Words and kinds of what services say, in the forms in which they say it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from flowloom.nodes.services.failures import Service, from_error_object, from_status

SERVICE = Service("api.example.com", "mine")

AZURE_LIMIT = {
    "error": {
        "code": "429",
        "message": "Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-02-01 have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after 20 seconds. Please go here to increase your quota.",
    }
}
AZURE_FILTER = {
    "error": {
        "message": "filtered",
        "param": "prompt",
        "code": "content_filter",
        "innererror": {"code": "ResponsibleAIPolicyViolation"},
    }
}
NEW_AZURE_FILTER = {
    "error": {"code": "BadRequest", "message": "x", "innererror": {"code": "ResponsibleAIPolicyViolation"}}
}


@pytest.mark.parametrize(
    ("status", "body", "kind", "again"),
    [
        (400, {"error": {"message": "This model's maximum context length is 8 tokens."}}, "context_length", False),
        (400, {"error": {"code": "context_length_exceeded"}}, "context_length", False),
        (400, AZURE_FILTER, "content_filter", False),
        (400, NEW_AZURE_FILTER, "content_filter", False),
        (401, {"error": {"message": "bad key"}}, "authentication", False),
        (402, {"error": {"message": "Insufficient Balance"}}, "quota", False),
        (403, {}, "authentication", False),
        (429, AZURE_LIMIT, "rate_limit", True),
        (429, {"error": {"type": "insufficient_quota"}}, "quota", False),
        (429, {"error": {"code": "insufficient_quota", "type": "insufficient_quota"}}, "quota", False),
        (429, "slow down", "rate_limit", True),
        (500, "<html>oops</html>", "unavailable", True),
        (529, {"error": {"type": "overloaded_error", "message": "Overloaded"}}, "unavailable", True),
        (404, {"error": {"code": "DeploymentNotFound"}}, "bad_request", False),
        (301, "", "bad_request", False),
        (501, "", "unavailable", True),
    ],
)
def test_statuses(status: int, body: Any, kind: str, again: bool) -> None:
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    failure = from_status(SERVICE, status, data, {}, 0.0)
    assert (failure.error.kind, failure.again) == (kind, again)
    assert failure.error.status == status
    assert failure.error.hint
    assert "<html>" not in failure.error.message


def test_what_the_service_says_is_quoted_and_bounded() -> None:
    said = {"error": {"message": "No such\nmodel " + "x" * 5000}}
    error = from_status(SERVICE, 400, json.dumps(said).encode(), {}, 0.0).error
    assert 'It says: "No such model xxx' in error.message
    assert len(error.message) < 500
    assert error.message.startswith("The model service at api.example.com")


@pytest.mark.parametrize(
    ("error", "kind", "again"),
    [
        ({"code": "rate_limit_exceeded"}, "rate_limit", True),
        ({"code": 429, "message": "x"}, "rate_limit", True),
        ({"type": "server_error"}, "unavailable", True),
        ("overloaded", "unavailable", True),
        ({"code": 400, "message": "bad"}, "bad_request", False),
        ({"type": "invalid_request_error"}, "bad_request", False),
        ({"type": "insufficient_quota"}, "quota", False),
        ([1], "unavailable", True),
    ],
)
def test_errors_within_a_reply(error: Any, kind: str, again: bool) -> None:
    failure = from_error_object(SERVICE, error)
    assert (failure.error.kind, failure.again) == (kind, again)
    assert from_error_object(SERVICE, error, shown=True).again is False
