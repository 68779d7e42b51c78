"""Turns what a flow's own code raises into errors that show the user's line."""

from __future__ import annotations

import os
import re
import traceback
from collections.abc import Iterable
from pathlib import PurePath
from types import TracebackType

from flowloom.flows.errors import FlowloomError, NodeError, ToolError, ToolLoadError

PRIVATE = "flowloom_folder_"
"""Begins the names under which the modules of a flow's folder are kept."""

_PRIVATE_NAME = re.compile(rf"\b{PRIVATE}\d+\.")
_UNKNOWN_INPUT = re.compile(r"^[^(]*\(\) got an unexpected keyword argument '([^']*)'")
_MISSING_INPUTS = re.compile(r"^[^(]*\(\) missing \d+ required [a-z -]*arguments?: (.*)$")


def tool_error(error: BaseException, *, root: str, node: str | None = None) -> FlowloomError:
    """The ToolError for what a tool raised: ``In hello.py, line 12: ZeroDivisionError: division by zero``.

    ``root`` is the folder whose lines are the user's. Our own errors pass as they are.
    """
    if isinstance(error, FlowloomError):
        return error.at(node=node)
    file, line = user_line(error.__traceback__, root)
    message, hint = _in_words(error), _look(file, line)
    if isinstance(error, TypeError) and file is None:
        message, hint = _call_in_words(error)
    return ToolError(_where(file, line) + message, hint=hint, node=node, file=file, line=line, detail=_detail(error))


def load_error(error: BaseException, *, root: str, file: str, files: Iterable[str] = ()) -> FlowloomError:
    """The ToolLoadError for what importing ``file`` of the folder raised. ``files`` are the folder's Python files, to see what was meant."""
    if isinstance(error, NodeError):
        return error
    found, line = user_line(error.__traceback__, root)
    place = found or (file if os.path.isfile(os.path.join(root, file)) else None)
    column = None
    hint = _look(place, line)
    if isinstance(error, SyntaxError):
        place, line, column = relative(error.filename or "", root) or place, error.lineno, error.offset
        message, hint = f"{error.msg}.", "Mend the Python code there."
    elif isinstance(error, FileNotFoundError) and found is None and not place:
        message, hint = f"The file {file} does not exist.", "Create it in the flow's folder, or correct source.path."
    elif isinstance(error, ModuleNotFoundError) and error.name:
        message, hint = _missing_module(error.name, root, place or file, files)
    elif isinstance(error, ImportError) and (error.name or "").partition(".")[0] == "promptflow":
        message, hint = _in_words(error), "That name is part of prompt flow itself. Install it: pip install promptflow"
    elif isinstance(error, FlowloomError):
        message, hint = error.message, error.hint
    else:
        message = _in_words(error)
    return ToolLoadError(
        _where(place, line) + message, hint=hint, file=place, line=line, column=column, detail=_detail(error)
    )


def user_line(trace: TracebackType | None, root: str) -> tuple[str | None, int | None]:
    """The last line of the folder's own code in a traceback: its file relative to the root, and its number."""
    found: tuple[str | None, int | None] = (None, None)
    while trace is not None:
        file = relative(trace.tb_frame.f_code.co_filename, root)
        if file is not None:
            found = (file, trace.tb_lineno)
        trace = trace.tb_next
    return found


def relative(file: str, root: str) -> str | None:
    """The path of a file within the root (posix); None for one outside."""
    return PurePath(file).relative_to(root).as_posix() if file.startswith(root + os.sep) else None


def publish_name(error: ImportError) -> None:
    """Give an import error the names that the user wrote."""
    if error.name:
        error.name = _PRIVATE_NAME.sub("", error.name)
    error.msg = _PRIVATE_NAME.sub("", error.msg)
    error.args = (error.msg, *error.args[1:])


def _missing_module(name: str, root: str, place: str, files: Iterable[str]) -> tuple[str, str]:
    name = _PRIVATE_NAME.sub("", name)
    top = name.partition(".")[0]
    if top == "promptflow":
        return f"'{name}' is not installed here.", "That module is part of prompt flow itself. Install it: pip install promptflow"
    near = next((file for file in files if PurePath(file).stem == name.rpartition(".")[2] and file != place), None)
    if near is not None:
        dotted = near.removesuffix(".py").replace("/", ".")
        return f"there is no module '{name}'.", f"The folder has {near}: import it as {dotted}."
    if top != name and any(file.partition("/")[0].removesuffix(".py") == top for file in files):
        return f"'{top}' has no module '{name.partition('.')[2]}'.", "Correct the name, or add the file to the flow's folder."
    required = next((file for file in ("requirements.txt", "pyproject.toml") if os.path.isfile(os.path.join(root, file))), None)
    if required == "requirements.txt":
        hint = f"Install what the flow asks for: pip install -r {required}"
    else:
        hint = f"Install it, usually with: pip install {top}. Name it in a requirements.txt beside the flow."
    return f"the package '{top}' is not installed here.", hint


def _call_in_words(error: TypeError) -> tuple[str, str]:
    """A call that did not reach the tool: what it was called with does not fit its parameters."""
    unknown = _UNKNOWN_INPUT.match(str(error))
    if unknown:
        return f"The tool has no input named '{unknown[1]}'.", f"Take '{unknown[1]}' away from the node, or add it to the tool's parameters."
    missing = _MISSING_INPUTS.match(str(error))
    if missing:
        return f"The tool needs a value for its input {missing[1]}.", "Give it one among the node's inputs, or a default in the tool."
    return _in_words(error), ""


def _where(file: str | None, line: int | None) -> str:
    if not file:
        return ""
    return f"In {file}, line {line}: " if line else f"In {file}: "


def _look(file: str | None, line: int | None) -> str:
    return f"Look at line {line} of {file}." if file and line else ""


def _in_words(error: BaseException) -> str:
    try:
        text = _PRIVATE_NAME.sub("", str(error))
    except BaseException:
        return f"{type(error).__name__}, which cannot be shown"  # its own __str__ failed, in whatever way
    if isinstance(error, SystemExit):
        return f"the code ended itself with sys.exit({text})"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _detail(error: BaseException) -> str:
    return _PRIVATE_NAME.sub("", "".join(traceback.format_exception(error)))
