"""``python -m flowloom.nodes.services.demo_server``: serve until stopped. The first line printed is the address."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from flowloom.nodes.services.demo_server.latency import Latency
from flowloom.nodes.services.demo_server.server import DemoServer


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="demo_server", description="A stand-in for OpenAI's API, on this computer only."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--default", choices=("text", "echo"), default="text", help="what to say where no rule applies")
    parser.add_argument("--rules", type=Path, help="a JSON file with a list of rules")
    parser.add_argument("--first", type=float, default=0.0, help="seconds before a reply begins")
    parser.add_argument("--between", type=float, default=0.0, help="seconds between pieces of a stream")
    parser.add_argument("--keep", type=int, default=1000, help="how many requests to remember")
    parser.add_argument(
        "--control", action="store_true", help="let other programs on this computer set rules and faults"
    )
    options = parser.parse_args(arguments)
    server = DemoServer(
        seed=options.seed,
        rules=json.loads(options.rules.read_text(encoding="utf-8")) if options.rules else (),
        default=options.default,
        latency=Latency(options.first, options.between),
        keep=options.keep or None,
        control=options.control,
    )
    try:
        asyncio.run(_serve(server, options.host, options.port))
    except ValueError as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        pass
    return 0


async def _serve(server: DemoServer, host: str, port: int) -> None:
    await server.start(host, port)
    print(server.address, flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        await server.stop()


if __name__ == "__main__":
    sys.exit(main())
