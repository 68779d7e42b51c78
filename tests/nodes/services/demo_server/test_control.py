from __future__ import annotations

import json
from http.client import HTTPConnection
from typing import Any

from flowloom.nodes.services.demo_server.server import DemoServer


def ask(server: DemoServer, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    connection = HTTPConnection(server.host, server.port)
    connection.request(method, path, json.dumps(body) if body is not None else None, {"authorization": "Bearer k"})
    response = connection.getresponse()
    result = response.status, json.loads(response.read())
    connection.close()
    return result


def test_a_server_in_another_process_is_steered_over_http(hello: dict[str, Any]) -> None:
    with DemoServer(control=True).in_thread() as server:
        assert (
            ask(server, "POST", "/_demo/rules", [{"contains": "hello", "reply": "first"}, {"reply": "else"}])[0] == 200
        )
        assert (
            ask(server, "POST", "/_demo/schedule", {"faults": ["status_503", {"name": "quota"}], "key": "k"})[0] == 200
        )
        got = [ask(server, "POST", "/v1/chat/completions", hello) for _ in range(3)]
        assert [status for status, _ in got] == [503, 429, 200]
        assert got[2][1]["choices"][0]["message"]["content"] == "first"
        status, ledger = ask(server, "GET", "/_demo/ledger")
        assert (status, ledger["total"], [attempt["status"] for attempt in ledger["attempts"]]) == (
            200,
            3,
            [503, 429, 200],
        )
        assert ask(server, "POST", "/_demo/unleash", {"rate": 1.0, "faults": ["status_500"]})[0] == 200
        assert ask(server, "POST", "/v1/chat/completions", hello)[0] == 500
        assert ask(server, "POST", "/_demo/reset", {})[0] == 200
        assert ask(server, "GET", "/_demo/total") == (200, {"total": 0})
        for path, body in (("schedule", {"faults": ["nonsense"]}), ("rules", [{"typo": 1}]), ("schedule", {})):
            assert ask(server, "POST", f"/_demo/{path}", body)[0] == 400
        assert ask(server, "GET", "/_demo/nothing")[0] == 404


def test_nobody_steers_a_server_that_did_not_ask_for_it() -> None:
    with DemoServer().in_thread() as server:
        assert ask(server, "GET", "/_demo/ledger")[0] == 404
