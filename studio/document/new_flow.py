"""Starting a flow: the templates as a person chooses among them, and a new folder made from one."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from flowloom.flows.document import read
from flowloom.flows.document.templates import copy_template, templates
from flowloom.flows.document.trust import what_runs
from flowloom.flows.document.trust_store import Signed, keep_trust
from flowloom.flows.errors import FlowloomError, UsageError
from flowloom.flows.model.build import build
from flowloom.flows.model.flow import Flow


@dataclass(frozen=True, slots=True)
class Template:
    """``flow`` is for drawing its picture."""

    name: str
    title: str
    description: str
    folder: Path
    flow: Flow


def template_list() -> list[Template]:
    """The templates that come along."""
    found: list[Template] = []
    for name, folder in templates().items():
        flow = build(read(folder)).flow
        found.append(Template(name, flow.display_name or name.capitalize(), flow.description.strip(), folder, flow))
    return found


def new_flow(folder: str | os.PathLike[str], template: str = "blank") -> Path:
    """Make a flow from a template in a folder that does not exist yet or is empty, trusted from the start, and return the folder.

    Raises UsageError, and DocumentError where the disk refuses.
    """
    target = Path(os.path.abspath(folder))
    if re.search(r'[<>:"|?*\x00-\x1f]', target.name) or not target.name:
        raise UsageError(f"{target.name!r} cannot name a folder.", hint="Use letters, digits, hyphens and underscores.")
    copy_template(template, target)
    file = read(target)
    found = what_runs(file)
    keep_trust(target, file.name, Signed(found.hash, found.digests))
    return target


def free_folder(parent: str | os.PathLike[str], title: str) -> Path:
    """A folder that does not exist yet, named after a title."""
    word = re.sub(r"[^\w-]+", "-", title, flags=re.ASCII).strip("-").lower() or "flow"
    place, number = Path(parent) / word, 1
    while os.path.lexists(place):
        number += 1
        place = Path(parent) / f"{word}-{number}"
    return place


__all__ = ["FlowloomError", "Template", "free_folder", "new_flow", "template_list"]
