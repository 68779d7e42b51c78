"""A value against a JSON schema."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypedDict

from flowloom.flows.errors import NodeError
from flowloom.flows.node.declare import node

MAX_FAULTS = 20


class CheckResult(TypedDict):
    valid: Annotated[bool, "Whether the value fits"]
    faults: Annotated[list, "What does not fit, each as a sentence"]
    value: Annotated[Any, "The value, unchanged"]


@node(id="loom.data.json_check", title="Check JSON", category="Data", icon="check-square")
def json_check(
    value: Annotated[Any, "The value to check"],
    *,
    schema: Annotated[dict, "A JSON schema"],
    on_fault: Annotated[Literal["fail", "report"], "Fail the flow, or say so in the output"] = "fail",
) -> CheckResult:
    """Check a value against a JSON schema (draft 2020-12). References to other documents are refused: nothing is fetched."""
    import jsonschema
    from referencing.exceptions import Unresolvable

    if not isinstance(schema, dict | bool):
        raise NodeError("The schema is not an object.", field="schema", hint="Write a JSON schema, such as {type: object}.")
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
        errors = sorted(jsonschema.Draft202012Validator(schema).iter_errors(value), key=lambda error: list(map(str, error.path)))
    except jsonschema.SchemaError as error:
        raise NodeError(f"The schema is not a JSON schema: {error.message}.", field="schema", hint="Mend the schema.") from error
    except Unresolvable as error:
        raise NodeError(
            f"The schema refers to something that is not in it: {error}.", field="schema", hint="Put it under $defs in the schema itself."
        ) from error
    except RecursionError:
        raise NodeError("The schema refers to itself without end.", field="schema", hint="Mend its $ref.") from None
    faults = [f"{_place(error)}: {error.message}" for error in errors[:MAX_FAULTS]]
    if faults and on_fault == "fail":
        raise NodeError(
            f"The value does not fit the schema: {faults[0]}.",
            field="value",
            hint="Mend what produces it, or set on_fault to report and use the output valid.",
        )
    return CheckResult(valid=not faults, faults=faults, value=value)


def _place(error: Any) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path).lstrip(".") or "the value"
