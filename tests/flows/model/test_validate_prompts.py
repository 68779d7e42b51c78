"""Prompts: what starts a message, and what a template takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.flows.document.flow_file import read
from flowloom.flows.model.problem import Problem
from flowloom.flows.model.validate import validate
from flowloom.flows.node.registry import default_registry

NODE = "nodes:\n- {{name: a, type: llm, source: {{type: code, path: a.jinja2}}, api: {0}, connection: c, inputs: {{{1}}}}}\n"


def problems(folder: Path, prompt: str, api: str = "chat", inputs: str = "") -> list[Problem]:
    (folder / "flow.dag.yaml").write_text(NODE.format(api, inputs))
    (folder / "a.jinja2").write_text(prompt)
    return validate(read(folder), default_registry())


@pytest.mark.parametrize(
    "prompt",
    [
        "system:\nHi",
        "\n\n# System :\nHi",
        "{# note #}\nuser:\nHi",
        "{{ text }}",
        "{% for m in text %}{% endfor %}",
        "  {%- if text %}x{% endif %}",
        "user:\r\nHi",
    ],
)
def test_prompts_that_begin_with_a_message_are_sound(tmp_path: Path, prompt: str) -> None:
    assert problems(tmp_path, prompt, inputs="text: x") == []


@pytest.mark.parametrize(
    ("prompt", "line", "words"),
    [
        ("Hello", 1, "'Hello'"),
        ("\nsystem: Be kind", 2, "the colon must end its line"),
        ("", 1, "is empty"),
        ("system:", 1, "'system:'"),
        ("## user:\nHi", 1, "'## user:'"),
        ("word " * 100, 1, "..."),
    ],
)
def test_prompts_that_begin_otherwise_are_told(tmp_path: Path, prompt: str, line: int, words: str) -> None:
    (problem,) = problems(tmp_path, prompt)
    assert (problem.code, problem.severity, problem.line) == ("prompt.no_message", "warning", line)
    assert words in problem.message


def test_completions_need_no_messages(tmp_path: Path) -> None:
    assert problems(tmp_path, "Hello", "completion") == []


def test_a_prompt_that_comes_as_an_input_is_not_judged_by_its_file(tmp_path: Path) -> None:
    assert problems(tmp_path, "Hello", inputs="prompt: 'user:'") == []


def test_parameters_of_the_model_are_no_variables(tmp_path: Path) -> None:
    assert (
        problems(
            tmp_path, "user:\nHi", inputs="temperature: 0, max_tokens: 5, deployment_name: d, stop: [x], note: unused"
        )
        == []
    )


def test_a_missing_variable_is_told_where_it_stands(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "user:\nHi\n{% if text %}{% endif %}{% set other = 1 %}{{ other }}{{ range(3) }}")
    assert (problem.code, problem.file, problem.line, problem.field) == (
        "prompt.variable_missing",
        "a.jinja2",
        3,
        "text",
    )
