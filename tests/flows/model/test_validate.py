"""One flow a problem: its code, how grave it is, and where it points. Every code has its flow."""

from __future__ import annotations

import ast
import dataclasses
import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

import flowloom.flows.model as model
from flowloom.flows.document.flow_file import read
from flowloom.flows.model.problem import Problem
from flowloom.flows.model.validate import validate
from flowloom.flows.node.registry import Registry, default_registry

TOOL = "from promptflow.core import tool\n@tool\ndef f({}):\n    return 1\n"
PY = "- {{name: {0}, type: python, source: {{type: code, path: {0}.py}}, inputs: {{{1}}}}}\n"
PROMPT = "- {{name: {0}, type: prompt, source: {{type: code, path: {0}.jinja2}}, inputs: {{{1}}}}}\n"
LLM = (
    "- {{name: {0}, type: llm, source: {{type: code, path: {0}.jinja2}}, api: chat, connection: c, inputs: {{{1}}}}}\n"
)
OUT = "outputs: {o: {type: string, reference: '${a.output}'}}\n"
CHAT = "type: chat\ninputs:\n  q: {type: string, is_chat_input: true}\n  chat_history: {type: list}\noutputs:\n  r: {type: string, reference: x, is_chat_output: true}\n"
A = {"a.py": TOOL.format("x=1")}


@dataclass
class Case:
    """``at`` is ``file:line`` of the problem, the flow file where the file is left out."""

    code: str
    severity: str
    at: str
    text: str
    files: dict[str, str] = dataclasses.field(default_factory=dict)
    node: str | None = None
    field: str | None = None
    fix: str = ""
    chosen: dict[str, str] = dataclasses.field(default_factory=dict)
    name: str = "flow.dag.yaml"


CASES = [
    # The structure of the file
    Case("flow.language", "error", "1", "language: csharp\nnodes: []\n", field="language"),
    Case("flow.includes", "error", "1", "additional_includes: x\nnodes: []\n"),
    Case("flow.empty", "error", "1", "# nothing yet\n", fix="nodes:"),
    Case("flow.no_nodes", "warning", "1", "nodes: []\n", fix="Add a node"),
    Case("type.unknown", "error", "1", "type: chatt\nnodes: []\n", fix="chat"),
    Case("key.slip", "warning", "1", "input: {}\nnodes: []\n", fix="Did you mean 'inputs'?"),
    Case("structure.list", "error", "1", "nodes: {a: 1}\n"),
    Case("structure.mapping", "error", "1", "inputs: [a]\nnodes: []\n"),
    Case("structure.text", "error", "1", "name: [a]\nnodes: []\n", field="name"),
    Case("structure.flag", "warning", "2", "nodes:\n- {name: a, type: python, source: {path: a.py}, aggregation: yes}\n", A, "a", "aggregation"),
    Case("structure.number", "error", "2", "nodes:\n- {name: a, type: python, source: {path: a.py}, timeout_seconds: soon}\n", A, "a"),
    Case("input.structure", "error", "2", "inputs:\n  q: string\nnodes: []\n", field="q"),
    Case("input.type_missing", "error", "2", "inputs:\n  q: {default: 1}\nnodes: []\n", field="q"),
    Case("input.type_unknown", "error", "2", "inputs:\n  q: {type: str}\nnodes: []\n", field="q", fix="string"),
    Case("input.enum", "error", "2", "inputs:\n  q: {type: string, enum: a}\nnodes: []\n", field="q"),
    Case("input.default_type", "warning", "2", "inputs:\n  q: {type: int, default: many}\nnodes: []\n", field="q", fix="digits"),
    Case("input.default_choice", "warning", "2", "inputs:\n  q: {type: string, default: c, enum: [a, b]}\nnodes: []\n", field="q", fix="a, b"),
    Case("output.structure", "error", "2", "outputs:\n  o: x\nnodes: []\n", field="o"),
    Case("output.reference_empty", "error", "2", "outputs:\n  o: {type: string}\nnodes: []\n", field="o"),
    Case("output.aggregation", "warning", "1", OUT + "nodes:\n- {name: a, type: python, source: {path: a.py}, aggregation: true}\n", A, "a", "o"),
    Case("node.name_missing", "error", "2", "nodes:\n- {type: python, source: {path: a.py}}\n", A),
    Case("node.type_missing", "error", "2", "nodes:\n- {name: a, source: {path: a.py}}\n", A, "a", "type"),
    Case("node.source_missing", "error", "2", "nodes:\n- {name: a, type: python}\n", node="a", field="source"),
    Case("node.duplicate", "error", "3", "nodes:\n" + PY.format("a", "") * 2, A, "a"),
    Case("source.path_missing", "error", "2", "nodes:\n- {name: a, type: python, source: {type: code}}\n", node="a", field="source"),
    Case("source.type_wrong", "error", "2", "nodes:\n- {name: a, type: python, source: {type: package_with_prompt, tool: t, path: p}}\n", node="a"),
    Case("activate.incomplete", "error", "2", "nodes:\n- {name: a, type: python, source: {path: a.py}, activate: {when: x}}\n", A, "a", "activate"),
    # Variants
    Case("variant.none", "error", "2", "nodes:\n- {name: a, use_variants: true}\n", node="a"),
    Case("variant.node_missing", "error", "4", "nodes:\n- {name: a, use_variants: true}\nnode_variants:\n  a: {default_variant_id: v, variants: {v: {}}}\n", node="a"),
    Case("variant.default", "error", "4", "nodes:\n- {name: a, use_variants: true}\nnode_variants:\n  a: {default_variant_id: w, variants: {v: {node: {type: python, source: {path: a.py}}}}}\n", A, "a", fix="v"),
    Case("variant.unknown", "error", "2", "nodes:\n- {name: a, use_variants: true}\nnode_variants:\n  a: {default_variant_id: v, variants: {v: {node: {type: python, source: {path: a.py}}}}}\n", A, "a", chosen={"a": "w"}),
    Case("variant.unknown_node", "error", "1", "nodes: []\n", node="b", chosen={"b": "w"}),
    # Wires
    Case("reference.syntax", "error", "2", "nodes:\n" + PY.format("a", "x: '${a b[0]}'"), A, "a", "x"),
    Case("reference.unknown_input", "error", "3", "inputs: {question: {type: string}}\nnodes:\n" + PY.format("a", "x: '${inputs.qestion}'"), A, "a", "x", "Did you mean 'question'?"),
    Case("reference.unknown_node", "error", "3", "nodes:\n" + PY.format("search", "") + PY.format("a", "x: '${serch.output}'"), A | {"search.py": TOOL.format("")}, "a", "x", "Did you mean 'search'?"),
    Case("reference.inside", "warning", "3", "inputs: {q: {type: string}}\nnodes:\n" + PY.format("a", "x: 'Hello ${inputs.q}'"), A, "a", "x"),
    Case("graph.circle", "error", "3", "nodes:\n" + PY.format("z", "") + PY.format("a", "x: '${b.output}'") + PY.format("b", "x: '${a.output}'"), A | {"b.py": A["a.py"], "z.py": A["a.py"]}, "a", "x", "from 'b' to 'a'"),
    Case("activate.constant", "warning", "2", "nodes:\n- {name: a, type: python, source: {path: a.py}, activate: {when: 1, is: 1}}\n", A, "a", "activate"),
    Case("aggregation.referenced", "error", "2", "nodes:\n" + PY.format("a", "x: '${b.output}'") + "- {name: b, type: python, source: {path: a.py}, aggregation: true}\n", A, "a", "x"),
    Case("aggregation.activate", "error", "3", "nodes:\n" + PY.format("a", "") + "- {name: b, type: python, source: {path: a.py}, aggregation: true, activate: {when: '${a.output}', is: 1}}\n", A, "b", "activate"),
    # Nodes
    Case("file.missing", "error", "2", "nodes:\n" + PY.format("serch", ""), {"search.py": TOOL.format("")}, "serch", "source", "Did you mean 'search.py'?"),
    Case("file.path", "error", "2", "nodes:\n- {name: a, type: python, source: {path: ../a.py}}\n", {}, "a", "source"),
    Case("file.unreadable", "error", "2", "nodes:\n" + PY.format("a", ""), {"a.py": "\udcff"}, "a", "source"),
    Case("node.unknown_tool", "error", "2", "nodes:\n- {name: a, type: python, source: {type: package, tool: loom.text.jion}}\n", {}, "a", "source", "Did you mean 'loom.text.join'?"),
    Case("node.ports", "error", "2", "nodes:\n- {name: a, type: custom_llm, source: {type: package_with_prompt, tool: test.clash, path: a.jinja2}}\n", {"a.jinja2": "{{ text }}"}, "a"),
    Case("tool.syntax", "error", "a.py:2", "nodes:\n" + PY.format("a", ""), {"a.py": "x = 1\ndef (\n"}, "a", "source"),
    Case("tool.none", "error", "a.py:1", "nodes:\n" + PY.format("a", ""), {"a.py": "def f(): ...\n"}, "a", fix="@tool"),
    Case("tool.several", "error", "a.py:6", "nodes:\n" + PY.format("a", ""), {"a.py": TOOL.format("") + "@tool\ndef g(): ...\n"}, "a"),
    Case("tool.unseen", "warning", "a.py:1", "nodes:\n" + PY.format("a", ""), {"a.py": "from made import *\n"}, "a"),
    Case("input.unknown", "warning", "2", "nodes:\n" + PY.format("a", "txet: 1"), {"a.py": TOOL.format("text=1")}, "a", "txet", "Did you mean 'text'?"),
    Case("input.missing", "warning", "2", "nodes:\n" + PY.format("a", ""), {"a.py": TOOL.format("text")}, "a", "text"),
    Case("input.type", "error", "2", "nodes:\n" + PY.format("a", "count: many"), {"a.py": TOOL.format("count: int")}, "a", "count", "digits"),
    Case("input.choice", "warning", "2", "nodes:\n" + PY.format("a", "how: slwo"), {"a.py": "from enum import Enum\nclass How(Enum):\n    A = 'slow'\n" + TOOL.format("how: How")}, "a", "how", "Did you mean 'slow'?"),
    Case("input.connection_wired", "warning", "3", "inputs: {q: {type: string}}\nnodes:\n" + PY.format("a", "c: '${inputs.q}'"), {"a.py": "from promptflow.connections import OpenAIConnection\n" + TOOL.format("c: OpenAIConnection")}, "a", "c"),
    Case("input.wire_type", "warning", "3", "inputs: {q: {type: string}}\nnodes:\n" + PY.format("a", "n: '${inputs.q}'"), {"a.py": TOOL.format("n: int")}, "a", "n"),
    Case("input.not_wired", "error", "3", "inputs: {q: {type: string}}\nnodes:\n" + PY.format("a", "key: '${inputs.q}'"), {"a.py": "from promptflow.core import tool, ToolProvider\nclass P(ToolProvider):\n    def __init__(self, key): ...\n    @tool\n    def f(self): ...\n"}, "a", "key"),
    # Prompts and models
    Case("llm.api", "error", "2", "nodes:\n- {name: a, type: llm, source: {path: a.jinja2}, api: chatt, connection: c}\n", {"a.jinja2": "system:\nx"}, "a", "api"),
    Case("llm.connection_missing", "error", "2", "nodes:\n- {name: a, type: llm, source: {path: a.jinja2}, api: chat}\n", {"a.jinja2": "system:\nx"}, "a", "connection", "local"),
    Case("prompt.syntax", "error", "a.jinja2:2", "nodes:\n" + PROMPT.format("a", ""), {"a.jinja2": "Hi\n{% if %}"}, "a", "source"),
    Case("prompt.reserved_variable", "error", "a.jinja2:2", "nodes:\n" + PROMPT.format("a", ""), {"a.jinja2": "Hi\n{{ template }}"}, "a", "template"),
    Case("prompt.variable_missing", "warning", "a.jinja2:2", "nodes:\n" + PROMPT.format("a", "qestion: x"), {"a.jinja2": "Hi\n{{ question }}"}, "a", "question", "Did you mean 'qestion'?"),
    Case("prompt.input_unused", "warning", "2", "nodes:\n" + PROMPT.format("a", "q: x"), {"a.jinja2": "Hi"}, "a", "q", "{{ q }}"),
    Case("prompt.no_message", "warning", "a.jinja2:3", "nodes:\n" + LLM.format("a", ""), {"a.jinja2": "{# note #}\n\nsystem: You are kind"}, "a", "source", "next line"),
    Case("prompt.image_stays_text", "warning", "a.jinja2:2", "nodes:\n" + LLM.format("a", "pic: x.png"), {"a.jinja2": "user:\n![image]({{ pic }})", "x.png": ""}, "a", "pic"),
    # Chats
    Case("chat.no_input", "warning", "1", CHAT.replace(", is_chat_input: true", "") + "nodes: []\n"),
    Case("chat.several_inputs", "warning", "4", CHAT.replace("chat_history:", "q2: {type: string, is_chat_input: true}\n  chat_history:") + "nodes: []\n", field="q2"),
    Case("chat.no_output", "warning", "6", CHAT.replace(", is_chat_output: true", "") + "nodes: []\n", field="r"),
    Case("chat.several_outputs", "warning", "7", CHAT + "  r2: {type: string, reference: x, is_chat_output: true}\nnodes: []\n", field="r2"),
    Case("chat.no_history", "warning", "1", CHAT.replace("chat_history", "other") + "nodes: []\n"),
    Case("chat.history_type", "warning", "4", CHAT.replace("type: list", "type: string") + "nodes: []\n", field="chat_history"),
    # Flows of one node
    Case("flex.entry", "error", "1", "entry: nothing\n", name="flow.flex.yaml", field="entry"),
    Case("flex.unknown_entry", "error", "1", "entry: mine:answr\n", {"mine.py": "def answer(): ...\n"}, name="flow.flex.yaml", field="entry", fix="Did you mean 'answer'?"),
    Case("include.missing", "error", "1", "additional_includes: [none.py]\nnodes: []\n", field="additional_includes"),
    Case("include.path", "error", "1", "additional_includes: [a.py, /etc/hostname]\nnodes: []\n", A, field="additional_includes"),
    Case("prompty.sample", "warning", "2", "---\nsample: no.json\n---\nuser:\nHi\n", name="a.prompty"),
]  # fmt: skip


def registry() -> Registry:
    """The environment's node types, and one whose prompt must not use a name."""
    from flowloom.flows.errors import ToolLoadError
    from flowloom.flows.node.spec import NodeSpec

    class Clash:
        spec = NodeSpec("test.clash", "Clash", "Models")

        def ports(self, node: object, flow: object, files: object) -> object:
            raise ToolLoadError(
                "The prompt has a variable named 'text', which is a parameter of the tool.",
                hint="Rename it.",
                field="text",
            )

    made = Registry()
    made.register(Clash())  # pyright: ignore[reportArgumentType]
    return made


def found_in(case: Case, folder: Path) -> list[Problem]:
    (folder / case.name).write_text(case.text)
    for name, text in case.files.items():
        (folder / name).write_text(text, "utf-8", "surrogateescape")
    return validate(
        read(folder / case.name), registry() if case.code == "node.ports" else default_registry(), chosen=case.chosen
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_each_problem_is_found_at_its_place(case: Case, tmp_path: Path) -> None:
    problems = found_in(case, tmp_path)
    (problem,) = [problem for problem in problems if problem.code == case.code]
    file, _, line = case.at.rpartition(":")
    assert (problem.severity, problem.file, problem.line) == (case.severity, file or case.name, int(line))
    assert problem.column is not None
    assert problem.node == case.node
    assert case.field is None or problem.field == case.field
    assert case.fix in problem.fix


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_each_problem_is_told_in_whole_sentences(case: Case, tmp_path: Path) -> None:
    for problem in found_in(case, tmp_path):
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", problem.code)
        assert problem.message[:1].isupper() or problem.message.startswith(("'", *case.files))
        assert problem.message.endswith((".", "…"))
        assert problem.fix
        assert problem.fix.endswith((".", "?"))
        assert "None" not in problem.message


def codes_in_source() -> set[str]:
    """Every code that the checks give, with ``*`` for what is filled in."""
    codes: set[str] = set()
    folder = Path(model.__path__[0])
    for path in [*folder.glob("build*.py"), *folder.glob("validate*.py"), folder / "chat.py"]:
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            code = node.args[0]
            text = ""
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                text = code.value
            elif isinstance(code, ast.JoinedStr):
                text = "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in code.values)
            if re.fullmatch(r"[a-z*]+\.[a-z_*]+", text) and not text.endswith((".py", ".yaml", ".jinja2")):
                codes.add(text)
    return codes


def test_every_code_has_its_flow() -> None:
    known = {case.code for case in CASES}
    missing = [
        code
        for code in codes_in_source()
        if not any(re.fullmatch(re.escape(code).replace(r"\*", "[a-z_]+"), one) for one in known)
    ]
    assert missing == []


GOOD = """
inputs:
  question: {type: string, default: Why?}
outputs:
  answer: {type: string, reference: "${ask.output}"}
nodes:
- name: fill
  type: prompt
  source: {type: code, path: fill.jinja2}
  inputs: {question: "${inputs.question}"}
- name: ask
  type: llm
  source: {type: code, path: ask.jinja2}
  api: chat
  connection: local
  inputs: {text: "${fill.output}", temperature: 0}
- name: count
  type: python
  source: {type: code, path: count.py}
  inputs: {text: "${ask.output}", most: "5"}
  activate: {when: "${inputs.question}", is: Why?}
"""
GOOD_FILES = {
    "fill.jinja2": "{{ question }}",
    "ask.jinja2": "system:\nBe kind.\nuser:\n{{ text }}\n",
    "count.py": TOOL.format("text: str, most: int = 3"),
}


def write(folder: Path, text: str, files: dict[str, str]) -> Path:
    (folder / "flow.dag.yaml").write_text(dedent(text))
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


def test_a_sound_flow_has_no_problems(tmp_path: Path) -> None:
    assert validate(read(write(tmp_path, GOOD, GOOD_FILES)), default_registry()) == []


def test_unsaved_text_is_what_is_checked(tmp_path: Path) -> None:
    write(tmp_path, GOOD, GOOD_FILES)
    problems = validate(read(tmp_path, overlay={"count.py": "def ("}), default_registry())
    assert [problem.code for problem in problems] == ["tool.syntax"]


def test_problems_come_by_file_and_line(tmp_path: Path) -> None:
    text = GOOD.replace("${inputs.question}", "${inputs.qestion}").replace("${fill.output}", "${fil.output}")
    files = GOOD_FILES | {"ask.jinja2": "{% if %}", "count.py": "def ("}
    problems = validate(read(write(tmp_path, text, files)), default_registry())
    assert [(problem.file, problem.line) for problem in problems] == [
        ("flow.dag.yaml", 10), ("flow.dag.yaml", 16), ("flow.dag.yaml", 21), ("ask.jinja2", 1), ("count.py", 1),
    ]  # fmt: skip


VARIANTS = """
nodes:
- {name: a, use_variants: true}
node_variants:
  a:
    default_variant_id: good
    variants:
      good: {node: {type: python, source: {type: code, path: a.py}}}
      bad: {node: {type: python, source: {type: code, path: none.py}}}
"""


def test_variants_that_are_not_chosen_only_warn(tmp_path: Path) -> None:
    folder = write(tmp_path, VARIANTS, A)
    (problem,) = validate(read(folder), default_registry())
    assert (problem.code, problem.severity, problem.line) == ("file.missing", "warning", 9)
    assert problem.message.startswith("Variant 'bad': ")
    (problem,) = validate(read(folder), default_registry(), chosen={"a": "bad"})
    assert problem.severity == "error"


def test_an_aggregation_node_takes_lists_of_what_other_nodes_give(tmp_path: Path) -> None:
    (tmp_path / "flow.dag.yaml").write_text(
        "inputs: {n: {type: int}}\nnodes:\n"
        "- {name: a, type: python, source: {path: a.py}, inputs: {n: '${inputs.n}'}}\n"
        "- {name: sum, type: python, aggregation: true, source: {path: sum.py}, inputs: {ns: '${a.output}', all: '${inputs.n}'}}\n"
    )
    head = "from promptflow.core import tool\n@tool\n"
    (tmp_path / "a.py").write_text(f"{head}def a(n: int) -> int:\n    return n\n")
    (tmp_path / "sum.py").write_text(f"{head}def sum(ns: list, all: list) -> int:\n    return 1\n")
    assert validate(read(tmp_path), default_registry()) == []
    (tmp_path / "sum.py").write_text(f"{head}def sum(ns: int, all: list) -> int:\n    return 1\n")
    assert [problem.code for problem in validate(read(tmp_path), default_registry())] == ["input.wire_type"]
