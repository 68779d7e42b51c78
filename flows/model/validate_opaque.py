"""Flex flows and prompty files, which are one node that is not drawn, and what a flow includes from beside its folder."""

from __future__ import annotations

import os
from pathlib import Path

from flowloom.flows.errors import FlowloomError
from flowloom.flows.model.findings import Findings, did_you_mean
from flowloom.flows.model.flow import MISSING
from flowloom.flows.model.problem import Problem


def check_entry(findings: Findings) -> None:
    """The function or class that a flex flow names, where its module is a file of the folder."""
    file = findings.file
    entry = file.data.get("entry")
    path = next((node.source.path for node in findings.flow.nodes.values()), None)
    if not isinstance(entry, str) or ":" not in entry or not path or not file.exists(path):
        return
    from flowloom.flows.node.python_names import Names, parse

    try:
        names = Names(parse(file.read_text(path)))
    except FlowloomError:
        return  # told as a problem of the file
    except SyntaxError as error:
        findings.elsewhere(
            Problem(
                "tool.syntax",
                "error",
                f"{path} is not Python: {error.msg}.",
                "Mend the line, then save the file.",
                "entry",
                "entry",
                path,
                error.lineno or 1,
                error.offset or 1,
            )
        )
        return
    name = entry.split(":")[1].strip()
    is_plain = name in names.values and names.literal(names.values[name]) is not MISSING
    if (names.has(name) and not is_plain) or names.stars or "__getattr__" in names.functions or "globals" in file.read_text(path):
        return
    known = [*names.functions, *names.classes]
    fix = did_you_mean(name, known, f"Write a function '{name}' in {path}, or correct the name.")
    findings.error(
        "flex.unknown_entry", f"{path} has no function or class called '{name}'.", fix, ("entry",), field="entry"
    )


def check_prompty(findings: Findings) -> None:
    """The prompt of a prompty file."""
    from flowloom.flows.node.template import read_template

    file = findings.file
    problem = read_template(file.body).problem
    if problem is None:
        return
    before = file.text.replace("\r\n", "\n").replace("\r", "\n").count("\n") - file.body.count("\n")
    findings.elsewhere(
        Problem(
            "prompt.syntax",
            "error",
            f"The prompt cannot be read: {problem.message}".rstrip(".") + ".",
            "Mend the line. Jinja2 tags are written {{ name }} and {% if name %} ... {% endif %}.",
            "prompty",
            None,
            file.name,
            before + (problem.line or 1),
            1,
        )
    )


def check_includes(findings: Findings) -> None:
    """What ``additional_includes`` names: it must be there, and not beyond the project the flow is part of."""
    root = Path(os.path.realpath(findings.flow.root))
    fence = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root.parent)
    for index, written in enumerate(findings.flow.additional_includes):
        path = ("additional_includes", index)
        place = Path(os.path.normpath(root / written))
        if os.path.isabs(written) or "\\" in written or not (place == fence or fence in place.parents):
            findings.error(
                "include.path",
                f"The additional include '{written}' leads out of the project.",
                "Copy the file into the project, and write its path as seen from the flow's folder.",
                path,
                field="additional_includes",
            )
        elif not place.exists() and not (place.suffix == ".zip" and place.with_suffix("").is_dir()):
            findings.error(
                "include.missing",
                f"The additional include '{written}' does not exist.",
                "Correct the path, or take it off the list.",
                path,
                field="additional_includes",
            )
