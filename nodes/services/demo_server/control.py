"""Steering a stand-in in another process over HTTP: ``GET /_demo/ledger``, ``POST
/_demo/{rules,schedule,unleash,reset}``."""

from __future__ import annotations

import json
from typing import Any, Protocol

from flowloom.nodes.services.demo_server.answer import Answer, error_answer
from flowloom.nodes.services.demo_server.ledger import Ledger
from flowloom.nodes.services.demo_server.rules import Rule, Rules
from flowloom.nodes.services.demo_server.wire import Request


class Steered(Protocol):
    """What of a server can be steered."""

    rules: Rules
    ledger: Ledger

    def schedule(self, *faults: Any, **which: Any) -> Any: ...
    def unleash(self, rate: float, faults: Any) -> None: ...
    def reset(self) -> None: ...


def control(server: Steered, request: Request) -> Answer:
    """``rules`` takes a list of rules, ``schedule`` and ``unleash`` the arguments of the methods of that name
    (``faults`` as a list)."""
    name = request.path.removeprefix("/_demo/")
    try:
        given: Any = json.loads(request.body) if request.body else {}
        if request.method == "GET" and name == "ledger":
            return Answer(events=({"total": server.ledger.total, "attempts": server.ledger.as_json()},))
        if request.method == "GET" and name == "total":
            return Answer(events=({"total": server.ledger.total},))
        if request.method != "POST" or name not in ("rules", "schedule", "unleash", "reset"):
            return error_answer(404, {"message": "Not found."})
        if name == "rules":
            for rule in reversed(given):
                server.rules.add(Rule(**rule))
        elif name == "schedule":
            server.schedule(*given.pop("faults"), **given)
        elif name == "unleash":
            server.unleash(**given)
        else:
            server.reset()
    except (ValueError, TypeError, KeyError) as problem:
        return error_answer(400, {"message": f"{type(problem).__name__}: {problem}"})
    return Answer(events=({"ok": True},))
