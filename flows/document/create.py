"""A new flow from nothing: one question, one prompt, one model, one answer."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from flowloom.flows.document.flow_file import DAG_NAMES, FLEX_NAMES
from flowloom.flows.document.layout import INPUTS_ID, LAYOUT_FILE, OUTPUTS_ID, Layout, Place
from flowloom.flows.document.save import save
from flowloom.flows.errors import UsageError

_STANDARD: Final = """\
# What the flow takes, does and gives. Every value is either written here or wired with ${...}.
inputs:
  question:
    type: string
    default: Why is the sky blue?
outputs:
  answer:
    type: string
    reference: ${answer.output}
nodes:
- name: answer
  type: llm
  source:
    type: code
    path: answer.jinja2
  inputs:
    question: ${inputs.question}
    temperature: 0.2
    max_tokens: 256
  connection: local
  api: chat
"""

_CHAT: Final = """\
# What the flow takes, does and gives. Every value is either written here or wired with ${...}.
type: chat
inputs:
  question:
    type: string
    default: Hello, who are you?
    is_chat_input: true
  chat_history:
    type: list
    default: []
    is_chat_history: true
outputs:
  answer:
    type: string
    reference: ${answer.output}
    is_chat_output: true
nodes:
- name: answer
  type: llm
  source:
    type: code
    path: answer.jinja2
  inputs:
    question: ${inputs.question}
    chat_history: ${inputs.chat_history}
    temperature: 0.7
    max_tokens: 256
  connection: local
  api: chat
"""

_STANDARD_PROMPT: Final = """\
system:
You are a helpful assistant. Answer in one short paragraph.

user:
{{question}}
"""

_CHAT_PROMPT: Final = """\
system:
You are a helpful assistant.

{% for item in chat_history %}
user:
{{item.inputs.question}}
assistant:
{{item.outputs.answer}}
{% endfor %}

user:
{{question}}
"""

_EMPTY: Final = "inputs: {}\noutputs: {}\nnodes: []\n"

_SHAPES: Final[Mapping[str, Mapping[str, str]]] = {
    "standard": {"flow.dag.yaml": _STANDARD, "answer.jinja2": _STANDARD_PROMPT},
    "chat": {"flow.dag.yaml": _CHAT, "answer.jinja2": _CHAT_PROMPT},
    "empty": {"flow.dag.yaml": _EMPTY},
}


def create(folder: str | os.PathLike[str], *, shape: Literal["standard", "chat", "empty"] = "standard") -> Path:
    """Make a flow in ``folder``, which is made too, and return the folder. Files of other names in it stay as they are.

    Raises UsageError where a flow stands there already, where a file would be overwritten, or where the name of the folder cannot be
    one; DocumentError where the disk refuses.
    """
    root = Path(os.path.abspath(folder))
    if re.search(r'[<>:"|?*\x00-\x1f]', root.name) or not root.name:
        raise UsageError(f"{root.name!r} cannot name a folder.", hint="Use letters, digits, hyphens and underscores.")
    if os.path.lexists(root) and not root.is_dir():
        raise UsageError(f"{root.name} is a file, not a folder.", hint="Choose another name.")
    if shape not in _SHAPES:
        raise UsageError(f"There is no shape {shape!r} of flow.", hint=f"Choose one of: {', '.join(_SHAPES)}.")
    files = {**_SHAPES[shape], LAYOUT_FILE: starting_layout(shape).as_text()}
    for name in (*DAG_NAMES, *FLEX_NAMES, *files):
        if os.path.lexists(root / name):
            raise UsageError(
                f"{root.name} already holds {name}.", hint="Choose a new folder, or delete the file first."
            )
    save(root, files)
    return root


def starting_layout(shape: str) -> Layout:
    places = {INPUTS_ID: Place(0, 0), OUTPUTS_ID: Place(640, 0)}
    if shape != "empty":
        places["answer"] = Place(320, 0, title="Answer")
    return Layout().with_places(places)
