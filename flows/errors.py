"""Everything that can go wrong, as one tree.

    FlowloomError                kind of the JSON form
    ├── DocumentError            document        a file of the folder cannot be read or written
    │   ├── YamlError            yaml            not YAML 1.2, a duplicate key, or over a cap
    │   ├── PathError            path            a path leaves the folder it must stay in
    │   └── SaveConflict         conflict        the file changed on disk since it was read
    ├── InvalidFlow              invalid_flow    the flow has problems that no run can survive
    ├── UsageError               usage           the caller asked for something that does not exist
    ├── InputError               input           a value given to the run does not fit the flow's inputs
    ├── MissingExtra             missing_extra   an optional part of Flowloom is not installed
    ├── ConnectionFault          connection      a connection is unknown, incomplete or refused
    ├── NodeError                node            a node failed; the classes below say how
    │   ├── ToolLoadError        tool_load       the node's code cannot be imported
    │   ├── ToolError            tool            the node's code raised
    │   ├── TemplateError        template        a prompt cannot be rendered
    │   ├── ReferenceFault       reference       a value lacks the property a reference asks for
    │   ├── OutputError          output          a value cannot leave the flow (it is not JSON)
    │   ├── NodeTimeout          timeout         the node took longer than it may
    │   ├── LimitExceeded        limit           a size, count or depth limit of ours was reached
    │   └── ModelError           model           the model's service did not give a usable reply
    │       ├── AuthenticationFailed   authentication   401 or 403
    │       ├── BadRequest             bad_request      400, 404, 422: sending it again cannot help
    │       ├── ContextLengthExceeded  context_length   the prompt is longer than the model can read
    │       ├── RateLimited            rate_limit       429, still so after our retries
    │       ├── QuotaExceeded          quota            the account has no credit left
    │       ├── ServiceUnavailable     unavailable      5xx or no connection, still so after our retries
    │       ├── Refused                refusal          the model declined to answer
    │       ├── ContentFiltered        content_filter   the service withheld the request or the reply
    │       ├── ReplyCutOff            length           the reply ended at a limit nobody asked for
    │       ├── StreamBroken           stream_broken    the reply ended without a finish
    │       └── MalformedReply         malformed_reply  the reply is not what the API promises
    ├── WorkerLost               worker_lost     the process that ran the flow stopped
    ├── Untrusted                untrusted       the folder may not run, or is not what was trusted
    └── RunCancelled             cancelled       someone stopped the run

Every error says what happened in the user's words (``message``), where (``node``, ``field``, ``file``, ``line``, ``column``) and what
to do next (``hint``). ``as_json`` is the one form in which errors leave the process; redaction happens at the sink that writes it.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self


class FlowloomError(Exception):
    """The root of the tree. ``line`` and ``column`` count from 1."""

    kind: ClassVar[str] = "error"

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        node: str | None = None,
        field: str | None = None,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        detail: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.node = node
        self.field = field
        self.file = file
        self.line = line
        self.column = column
        self.detail = detail
        """For an engineer: a traceback, a raw reply. Never shown unasked."""

    def at(self, *, node: str | None = None, field: str | None = None, file: str | None = None) -> Self:
        """Fill in where it happened, keeping what is already known. Returns itself, for ``raise error.at(node=...)``."""
        self.node = self.node or node
        self.field = self.field or field
        self.file = self.file or file
        return self

    @property
    def where(self) -> str:
        """``flow.dag.yaml:12:5``, or as much of it as is known."""
        parts = [self.file] if self.file else []
        if self.file and self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        return ":".join(parts)

    def as_json(self) -> dict[str, Any]:
        """``{"kind", "message", "node", "hint"}``: the form of the CLI, events, records and the server."""
        return {"kind": self.kind, "message": self.message, "node": self.node, "hint": self.hint}


class DocumentError(FlowloomError):
    kind = "document"


class YamlError(DocumentError):
    kind = "yaml"


class PathError(DocumentError):
    kind = "path"


class SaveConflict(DocumentError):
    kind = "conflict"


class InvalidFlow(FlowloomError):
    """Raised before a run when ``validate`` found errors; ``problems`` holds them all (``flowloom.flows.model.Problem``)."""

    kind = "invalid_flow"

    def __init__(self, message: str, *, problems: tuple[Any, ...] = (), **where: Any) -> None:
        super().__init__(message, **where)
        self.problems = problems


class UsageError(FlowloomError):
    kind = "usage"


class InputError(FlowloomError):
    kind = "input"


class MissingExtra(FlowloomError):
    """An optional part is not installed. ``hint`` is the one command that installs it."""

    kind = "missing_extra"


class ConnectionFault(FlowloomError):
    kind = "connection"


class NodeError(FlowloomError):
    kind = "node"


class ToolLoadError(NodeError):
    kind = "tool_load"


class ToolError(NodeError):
    kind = "tool"


class TemplateError(NodeError):
    kind = "template"


class ReferenceFault(NodeError):
    kind = "reference"


class OutputError(NodeError):
    kind = "output"


class NodeTimeout(NodeError):
    kind = "timeout"


class LimitExceeded(NodeError):
    kind = "limit"


class ModelError(NodeError):
    """A model's service failed. ``status`` is the HTTP status where there was one, ``attempts`` how often it was asked."""

    kind = "model"

    def __init__(self, message: str, *, status: int | None = None, attempts: int = 1, **where: Any) -> None:
        super().__init__(message, **where)
        self.status = status
        self.attempts = attempts


class AuthenticationFailed(ModelError):
    kind = "authentication"


class BadRequest(ModelError):
    kind = "bad_request"


class ContextLengthExceeded(ModelError):
    kind = "context_length"


class RateLimited(ModelError):
    kind = "rate_limit"


class QuotaExceeded(ModelError):
    kind = "quota"


class ServiceUnavailable(ModelError):
    kind = "unavailable"


class Refused(ModelError):
    kind = "refusal"


class ContentFiltered(ModelError):
    kind = "content_filter"


class ReplyCutOff(ModelError):
    kind = "length"


class StreamBroken(ModelError):
    kind = "stream_broken"


class MalformedReply(ModelError):
    kind = "malformed_reply"


class WorkerLost(FlowloomError):
    kind = "worker_lost"


class Untrusted(FlowloomError):
    kind = "untrusted"


class RunCancelled(FlowloomError):
    kind = "cancelled"
