"""Prints the node types of other distributions as JSON. Started as a process of its own, since it imports their code.

``python -P spec_child.py [FOLDERS]``, FOLDERS being a JSON list of where to look instead of ``sys.path``. Prints
``{"types": {id: {"spec": ..., "prompted": bool}}, "problems": [words]}``.
"""

import json
import os
import sys
from typing import Any


def take_stdout() -> int:
    """A descriptor for the answer; whatever imports print goes to stderr."""
    outgoing = os.dup(1)
    os.dup2(2, 1)
    return outgoing


def read(search_path: list[str] | None) -> dict[str, Any]:
    """What other distributions bring."""
    from flowloom.flows.node.package_tools import PackageTool
    from flowloom.flows.node.registry import Registry
    from flowloom.flows.node.spec_json import spec_as_json

    registry = Registry(search_path)
    own = set(registry.own_ids())
    types: dict[str, Any] = {}
    for id in registry.ids():
        node_type = registry.find(id) if id not in own else None
        if node_type is not None:
            prompted = isinstance(node_type, PackageTool) and node_type.table.get("type") == "custom_llm"
            types[id] = {"spec": spec_as_json(node_type.spec), "prompted": prompted}
    return {"types": types, "problems": [problem.message for problem in registry.problems]}


def main(arguments: list[str]) -> None:
    outgoing = take_stdout()
    text = json.dumps(read(json.loads(arguments[0]) if arguments else None), default=repr)
    with open(outgoing, "w", encoding="utf-8") as file:
        file.write(text)
    # Threads that a package started must not keep this process.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
