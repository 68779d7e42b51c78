"""Turns what a flow's own code raises into errors that show the user's line."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from types import TracebackType

from flowloom.flows.errors import FlowloomError, NodeError, ToolError, ToolLoadError


def tool_error(error: BaseException, *, root: str, node: str | None = None) -> FlowloomError:
    """The ToolError for what a tool raised: ``in hello.py, line 12: ZeroDivisionError: division by zero``. Our own errors pass as they are."""
    if isinstance(error, FlowloomError):
        return error.at(node=node)
    file, line = user_line(error.__traceback__, root)
    return ToolError(
        f"{_where(file, line)}{_name(error)}", hint="", node=node, file=file, line=line, detail=_detail(error)
    )


def load_error(error: BaseException, *, root: str, file: str, private: str = "") -> FlowloomError:
    """The ToolLoadError for what importing a file of the folder raised."""
    if isinstance(error, NodeError):
        return error
    if isinstance(error, SyntaxError):
        where = _relative(error.filename or file, root) or file
        return ToolLoadError(
            f"In {where}, line {error.lineno}: {error.msg}.",
            hint="Mend the Python syntax there.",
            file=where,
            line=error.lineno,
            column=error.offset,
            detail=_detail(error),
        )
    found, line = user_line(error.__traceback__, root)
    if isinstance(error, ModuleNotFoundError) and error.name and not error.name.startswith(f"{private}."):
        package = error.name.partition(".")[0]
        return ToolLoadError(
            f"{_where(found or file, line)}the package '{package}' is not installed here.",
            hint=_install(root, package),
            file=found or file,
            line=line,
            detail=_detail(error),
        )
    return ToolLoadError(
        f"{_where(found or file, line)}{_name(error)}".replace(f"{private}.", ""),
        hint="",
        file=found or file,
        line=line,
        detail=_detail(error),
    )


def user_line(trace: TracebackType | None, root: str) -> tuple[str | None, int | None]:
    """The last line of the folder's own code in a traceback: its file relative to the root, and its number."""
    found: tuple[str | None, int | None] = (None, None)
    while trace is not None:
        relative = _relative(trace.tb_frame.f_code.co_filename, root)
        if relative is not None:
            found = (relative, trace.tb_lineno)
        trace = trace.tb_next
    return found


def publish_name(error: ImportError, private: str) -> None:
    """Give an import error the name that the user wrote."""
    if error.name:
        error.name = error.name.removeprefix(f"{private}.")
    error.msg = error.msg.replace(f"{private}.", "")
    error.args = (error.msg, *error.args[1:])


def _relative(file: str, root: str) -> str | None:
    if not file.startswith(root + os.sep):
        return None
    return Path(file).relative_to(root).as_posix()


def _where(file: str | None, line: int | None) -> str:
    if not file:
        return ""
    return f"In {file}, line {line}: " if line else f"In {file}: "


def _name(error: BaseException) -> str:
    text = str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _detail(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def _install(root: str, package: str) -> str:
    for name in ("requirements.txt", "requirements_txt", "pyproject.toml"):
        if os.path.isfile(os.path.join(root, name)):
            return f"Install what the flow asks for: {os.path.basename(sys.executable)} -m pip install -r {name}"
    return f"Install the package that provides '{package}', and name it in a requirements.txt beside the flow."
