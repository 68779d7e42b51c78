"""Every text a person may see has its Simplified Chinese, with the same places, in the studio's words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from flowloom.flows.connections.registry import BUILT_IN
from flowloom.flows.model.types import WORDS
from flowloom.flows.node.registry import default_registry
from flowloom.studio.commands.table import MENUS, commands
from flowloom.studio.language import catalogue, set_language, tr_data

ROOT = Path(__file__).parents[2]
MADE_ELSEWHERE = ("flows/model", "flows/document", "flows/node", "flows/worker", "flows/connections", "flows/engine", "flows/batch")
"""Rooms whose messages the studio shows through ``tr_data``."""
NOT_SHOWN = re.compile(
    r"flows/node/(entry_points|spec_json|prompt_flow_\w+|python_names|folder_finders)\.py|flows/engine/(database|codec|event_stream)\.py"
)


def files(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def literal(node: ast.expr) -> str | None:
    """A text that stands in the code, also one put together of pieces."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = literal(node.left), literal(node.right)
        return left + right if left is not None and right is not None else None
    return None


def texts_of_the_studio() -> Iterator[tuple[str, str]]:
    """``(text, where)`` of every ``tr("...")``."""
    for name, tree in files("studio"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("tr", "language.tr") and node.args:
                found = literal(node.args[0])
                if found is None and isinstance(node.args[0], ast.IfExp):
                    for branch in (node.args[0].body, node.args[0].orelse):
                        if (text := literal(branch)) is not None:
                            yield text, f"{name}:{node.lineno}"
                    continue
                assert found is not None, f"{name}:{node.lineno}: tr takes a text that stands there"
                yield found, f"{name}:{node.lineno}"


def texts_of_commands_and_nodes() -> Iterator[tuple[str, str]]:
    for menu in MENUS:
        yield menu, "menus"
    for command in commands().values():
        yield command.title, command.id
    for id, spec in default_registry().specs().items():
        if spec.package != "flowloom":
            continue
        yield from ((text, id) for text in (spec.title, spec.category, *paragraphs(spec.help)))
        yield from ((setting_title(port.name), id) for port in spec.ports.inputs.values() if port.is_setting)
        for port in (*spec.ports.inputs.values(), *spec.ports.outputs.values()):
            yield port.description, f"{id}.{port.name}"


def paragraphs(help_text: str) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in help_text.split("\n\n")]


def setting_title(name: str) -> str:
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def texts_of_words() -> Iterator[tuple[str, str]]:
    """Words that messages are put together of, and what connections are called."""
    for words in WORDS.values():
        yield words, "types"
        yield words.removeprefix("a ").removeprefix("an "), "types"
    yield "a value of type {0}", "types"
    for noun in ("input", "output", "node", "variant"):
        yield noun, "edits"
        yield f"{'an' if noun[0] in 'io' else 'a'} {noun}", "edits"
    for role in ("system", "user", "assistant", "tool", "developer", "function"):
        yield role, "roles"
    for kind in BUILT_IN:
        yield kind.title, kind.kind
        yield from ((setting.help, kind.kind) for setting in kind.settings().values() if setting.help)


def pattern(node: ast.expr) -> str | None:
    """The text of an expression with ``{0} {1}`` for what is filled in."""
    pieces: list[str] = []

    def add(part: ast.expr) -> bool:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            pieces.append(part.value)
        elif isinstance(part, ast.JoinedStr):
            return all(add(value) for value in part.values)
        elif isinstance(part, ast.FormattedValue):
            pieces.append(f"\0{{{sum(piece.startswith(chr(0)) for piece in pieces)}}}")
        elif isinstance(part, ast.BinOp) and isinstance(part.op, ast.Add):
            return add(part.left) and add(part.right)
        else:
            return False
        return True

    return "".join(pieces).replace("\0", "") if add(node) else None


def sentences(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Texts that read as sentences, and the titles of edits; not docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    inner: set[int] = set()
    for node in ast.walk(tree):
        # A text on a line of its own explains the name above it.
        if isinstance(node, ast.Expr):
            docstrings.add(id(node.value))
        if isinstance(node, ast.JoinedStr | ast.BinOp):
            inner |= {id(part) for part in ast.walk(node) if part is not node and isinstance(part, ast.JoinedStr | ast.Constant | ast.BinOp)}
        if isinstance(node, ast.FunctionDef) and node.name == "title":
            for returned in ast.walk(node):
                if isinstance(returned, ast.Return) and returned.value is not None:
                    for branch in [returned.value.body, returned.value.orelse] if isinstance(returned.value, ast.IfExp) else [returned.value]:
                        if (text := pattern(branch)) and text.strip("{}0123456789 "):
                            yield text, returned.lineno
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and id(node) not in docstrings and id(node) not in inner:
            text = pattern(node)
            if text is not None and is_sentence(text):
                yield text, node.lineno


def is_sentence(text: str) -> bool:
    if text.startswith("SELECT "):
        return False
    plain = re.sub(r"\{\d+\}", "", text)
    return bool(re.match(r"""[A-Z'"{]|[(][A-Za-z]""", text)) and text.endswith((".", "?", "!")) and " " in plain and len(re.findall("[a-z]{2,}", plain)) >= 2


def texts_made_elsewhere() -> Iterator[tuple[str, str]]:
    for name, tree in files(*MADE_ELSEWHERE):
        if not NOT_SHOWN.fullmatch(name):
            yield from ((text, f"{name}:{line}") for text, line in sentences(tree))


def texts_of_templates() -> Iterator[tuple[str, str]]:
    from flowloom.studio.document.new_flow import template_list

    for template in template_list():
        yield template.title, template.name
        yield template.description.partition("\n")[0], template.name


@cache
def wanted() -> dict[str, str]:
    found: dict[str, str] = {}
    for texts in (texts_of_the_studio(), texts_of_commands_and_nodes(), texts_made_elsewhere(), texts_of_templates(), texts_of_words()):
        for text, where in texts:
            if text.strip() and re.search("[A-Za-z]{2}", text):
                found.setdefault(text, where)
    return found


CATALOGUE = catalogue("zh_CN")
SAME = {
    "Tokens", "Markdown", "Prompty", "LLM", "A JSON schema", "{name}, as JSON", "{what}: {done} of {total} MB", "Azure OpenAI", "Azure AI Search",
    "Qdrant", "Weaviate", "Serp",
}  # fmt: skip
"""Names and units that stay."""


def test_every_text_has_its_chinese() -> None:
    missing = {text: where for text, where in wanted().items() if text not in CATALOGUE}
    assert not missing, "\n".join(f"{where}: {text!r}" for text, where in missing.items())


def test_translations_say_the_same_places_and_are_chinese() -> None:
    def places(text: str) -> list[str]:
        return sorted(set(re.findall(r"\{(\w+)\}", text)))

    wrong = [text for text, words in CATALOGUE.items() if places(text) != places(words)]
    assert not wrong, wrong
    letters = {text: re.sub(r"\{\w+\}", "", words) for text, words in CATALOGUE.items() if text not in SAME}
    english = [text for text, words in letters.items() if not re.search("[\u4e00-\u9fff]", words) and re.search("[a-z]{3}", words)]
    assert not english, english
    spaced = [words for words in CATALOGUE.values() if re.search("[\u4e00-\u9fff][,;!?](\\s|$)", words)]
    assert not spaced, spaced


def test_the_catalogue_holds_nothing_that_is_never_shown() -> None:
    assert not sorted(CATALOGUE.keys() - wanted().keys())


def test_no_pattern_swallows_what_is_not_its_own() -> None:
    greedy = [text for text in CATALOGUE if "{0}" in text and len(re.findall("[A-Za-z]", re.sub(r"\{\d+\}", "", text))) < 3]
    assert not greedy


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("The flow has no node 'answer'.", "流程没有节点“answer”。"),
        ("'topic' takes no input 'temper'.", "“topic”没有输入“temper”。"),
        ("Rename search to find", "将 search 改名为 find"),
        ("Write ${inputs.question} for the flow's input of that name.", "要使用流程中同名的输入，请写 ${inputs.question}。"),
        ("The file answer.jinja2 is empty.", "文件 answer.jinja2 是空的。"),
        ("Add a node 'nobody', or correct the reference.", "请添加节点“nobody”，或更正引用。"),
        ("Add some words nobody knows.", "Add some words nobody knows."),
        ("Add search", "添加 search"),
    ],
)
def test_messages_made_elsewhere_arrive_in_chinese(text: str, chinese: str) -> None:
    set_language("zh_CN")
    assert tr_data(text) == chinese


SHOWING = {
    "QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QAction", "QToolButton", "QGroupBox", "setText", "setToolTip", "setPlaceholderText",
    "setWindowTitle", "setAccessibleName", "setAccessibleDescription", "addAction", "addItem", "addRow", "addTab", "setTitle", "say", "label", "setStatusTip",
}  # fmt: skip
AS_IT_IS = {
    "Flowloom", "https://", "pip install 'flowloom[local]'", '{"NAME": "value"}', '{"team": "support"}', "len(output) < 200 and expected in output",
    "value == 'refund'",
}  # fmt: skip
"""Names, and code that people type as it stands."""


def test_no_text_goes_past_the_catalogue() -> None:
    def past() -> Iterator[str]:
        for name, tree in files("studio"):
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in SHOWING:
                    for argument in node.args[:2]:
                        text = pattern(argument)
                        words = re.sub(r"\{\d+\}", "", text or "")
                        if re.search("[A-Za-z]{3}", words) and (" " in words.strip() or words[:1].isupper()) and words not in AS_IT_IS:
                            yield f"{name}:{node.lineno}: {text!r}"

    found = list(past())
    assert not found, "\n".join(found)
