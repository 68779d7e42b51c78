"""Everything that is wrong with a flow, found without running any of it.

An error is what keeps the flow from starting at all, in prompt flow as here. What only goes wrong while the flow runs, or only for some
inputs, is a warning: the flow may be run, and the run says what happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from flowloom.flows.model.build import Built, build
from flowloom.flows.model.chat import chat_problems
from flowloom.flows.model.coerce import flow_input
from flowloom.flows.model.findings import Findings
from flowloom.flows.model.flow import EMPTY, MISSING
from flowloom.flows.model.problem import Problem
from flowloom.flows.model.validate_graph import check_graph, check_outputs
from flowloom.flows.model.validate_nodes import NodeChecks
from flowloom.flows.model.validate_opaque import check_entry, check_includes, check_prompty
from flowloom.flows.model.validate_prompts import check_prompt

if TYPE_CHECKING:
    from flowloom.flows.document.flow_file import FlowFile
    from flowloom.flows.node.registry import Registry


def validate(file: FlowFile, registry: Registry, *, chosen: Mapping[str, str] = EMPTY) -> list[Problem]:
    """All problems of a flow, those of the flow file first, by line. ``chosen`` maps nodes to variants.

    Variants that are not chosen are looked at too; what is wrong with them is a warning. Reads files of the folder, and runs, imports
    and renders nothing of it.
    """
    built = build(file, chosen=chosen)
    problems = [*built.problems, *_check(file, built, registry)]
    if file.kind == "dag":
        problems += _other_variants(file, built, registry, chosen)
    if any(problem.code == "node.unknown_tool" for problem in problems):
        problems += registry.problems  # a package that cannot be loaded may be why
    order = {problem: position for position, problem in enumerate(problems)}
    return sorted(
        order, key=lambda problem: (problem.file != file.name, problem.file or "", problem.line or 0, order[problem])
    )


def _check(file: FlowFile, built: Built, registry: Registry) -> list[Problem]:
    findings = Findings(file, built)
    if file.kind == "dag":
        check_graph(findings)
        check_outputs(findings)
        _check_chat(findings)
        if not built.flow.nodes and not built.problems:
            findings.warning("flow.no_nodes", "The flow has no nodes.", "Add a node below 'nodes:'.", ("nodes",))
    elif file.kind == "flex":
        check_entry(findings)
    else:
        check_prompty(findings)
    _check_inputs(findings)
    check_includes(findings)
    checks = NodeChecks(findings, registry)
    for node in built.flow.nodes.values():
        checks.check(node)
        if file.kind == "dag":
            check_prompt(findings, node, checks.text_of(node))
    return findings.problems


def _other_variants(file: FlowFile, built: Built, registry: Registry, chosen: Mapping[str, str]) -> list[Problem]:
    problems: list[Problem] = []
    for name, variants in built.flow.variants.items():
        active = built.flow.nodes.get(name)
        for id in variants.choices:
            if active is not None and id == active.variant:
                continue
            other = build(file, chosen={**chosen, name: id})
            node = other.flow.nodes.get(name)
            if node is None:
                continue
            findings = Findings(file, other)
            checks = NodeChecks(findings, registry)
            checks.check(node)
            check_prompt(findings, node, checks.text_of(node))
            problems += [
                replace(problem, severity="warning", message=f"Variant '{id}': {problem.message}")
                for problem in findings.problems
            ]
    return problems


def _check_inputs(findings: Findings) -> None:
    """Defaults that are not of the type, or not among the choices, of their input."""
    from flowloom.flows.errors import FlowloomError

    for name, spec in findings.flow.inputs.items():
        if spec.default is MISSING or spec.default is None:
            continue
        path = ("inputs", name, "default")
        if spec.enum and spec.default not in spec.enum:
            findings.warning(
                "input.default_choice",
                f"The default of '{name}' is not one of its choices.",
                f"Write one of {', '.join(map(str, spec.enum))}.",
                path,
                field=name,
            )
        if spec.type in ("image", "object") or findings.file.kind == "prompty":
            continue
        try:
            flow_input(spec, [] if isinstance(spec.default, list) else spec.default)
        except FlowloomError as error:
            findings.warning(
                "input.default_type",
                f"The default of '{name}' does not fit: {error.message}",
                error.hint,
                path,
                field=name,
            )


def _check_chat(findings: Findings) -> None:
    for problem in chat_problems(findings.flow):
        if problem.field is None:
            path = ("type",) if "type" in findings.file.data else ("inputs",)
        else:
            path = ("inputs" if problem.field in findings.flow.inputs else "outputs", problem.field)
        findings.warning(problem.code, problem.message, problem.fix, path, field=problem.field)
