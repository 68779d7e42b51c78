"""What an edit is, and how it is applied and undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from flowloom.flows.document.flow_file import DAG_NAMES
from flowloom.flows.document.splice import Splice
from flowloom.flows.errors import UsageError
from flowloom.flows.model.edits.draft import Draft
from flowloom.flows.model.flow import EMPTY


class Edit(Protocol):
    """A change a person makes. ``title`` names it in the undo menu."""

    @property
    def title(self) -> str: ...

    def perform(self, draft: Draft) -> None:
        """Change the draft. Raises UsageError where the edit does not fit the flow, DocumentError where it cannot be written."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """Splices of one file, applied at once. ``before`` and ``after`` say whether the file exists then."""

    file: str
    splices: tuple[Splice, ...]
    before: bool = True
    after: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """An edit as it was carried out; itself an edit. ``trash`` names files that nothing uses any more once it is applied."""

    title: str
    steps: tuple[Step, ...]
    trash: tuple[str, ...] = ()

    def perform(self, draft: Draft) -> None:
        for step in self.steps:
            draft.splice(step.file, step.splices, exists=step.after)
        draft.trash += [name for name in self.trash if name not in draft.trash]


@dataclass(frozen=True, slots=True)
class Group:
    """Several edits as one: undone together, refused together."""

    title: str
    edits: tuple[Edit, ...]

    def perform(self, draft: Draft) -> None:
        for edit in self.edits:
            edit.perform(draft)


@dataclass(frozen=True, slots=True)
class Applied:
    """``files`` after the edit. ``inverse`` leads back byte for byte; ``change`` does the edit again where the files are as before.

    Unpacks as ``files, inverse``.
    """

    files: dict[str, str]
    inverse: Change
    change: Change

    def __iter__(self):
        return iter((self.files, self.inverse))

    @property
    def trash(self) -> tuple[str, ...]:
        """Files to move to the trash when the flow is saved."""
        return self.change.trash


def apply(
    files: Mapping[str, str], edit: Edit, *, flow: str | None = None, chosen: Mapping[str, str] = EMPTY
) -> Applied:
    """Apply an edit to the texts of a flow's folder, by path relative to it; ``flow`` is the flow file's name where it is unusual.

    ``chosen`` names variants by node: what an edit acts on that names none itself.

    The texts given are not changed. Raises UsageError or DocumentError, and then nothing has happened.
    """
    name = flow or next((name for name in DAG_NAMES if name in files), None)
    if name is None or name not in files:
        raise UsageError("There is no flow file to edit.", hint="Open a folder that holds a flow.dag.yaml.")
    draft = Draft(files, name, chosen)
    edit.perform(draft)
    steps = tuple(Step(*step) for step in draft.done)
    undo = tuple(Step(*step) for step in reversed(draft.undo))
    return Applied(draft.files, Change(edit.title, undo), Change(edit.title, steps, tuple(draft.trash)))
