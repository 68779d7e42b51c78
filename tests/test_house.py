"""The rules of the house: who may import whom, what may not be loaded early, how long a file may be, what no file may hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("flows", "nodes", "resources", "studio")
LONGEST = 400

MAY_IMPORT = {
    "flows": {"flows", "resources"},
    "nodes": {"flows", "nodes", "resources"},
    "studio": {"flows", "studio", "resources"},
    "resources": {"resources"},
}
SHARED_BY_NODES = "services"

HEAVY = (
    *("pydantic", "openai", "httpx2", "networkx", "rich", "keyring", "xllamacpp", "jsonschema", "importlib.metadata"),
    *("torch", "numpy", "qdrant_client", "sentence_transformers", "starlette", "uvicorn", "mcp", "PySide6"),
)
"""Each costs a tenth of a second or more of every start: imported inside the functions that need them."""

NEVER_IMPORTED = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "diskcache"}
NEVER_CALLED = {
    "eval",
    "exec",
    "os.system",
    "os.popen",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
    "yaml.load",
}
NEVER_CALLED |= {"marshal.load", "marshal.loads"}
DECLARED = {"flows/engine/fingerprint.py": {"marshal"}}
"""Where one of these is the file's very purpose: bytes of values, to be hashed and never read again."""


@cache
def source_files() -> tuple[str, ...]:
    """Python files of the product, as paths from the root."""
    return tuple(
        sorted(
            path
            for path in tracked_files()
            if path.endswith(".py") and path.split("/")[0] in ROOMS and not is_template(path)
        )
    )


@cache
def tracked_files() -> tuple[str, ...]:
    """All files of the project that git keeps or would keep."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(line for line in listed.splitlines() if (ROOT / line).is_file())


def is_template(path: str) -> bool:
    """Whether a file belongs to a flow that comes along as data."""
    return path.startswith("resources/templates/")


@cache
def tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), path)


def imports(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Every module that is imported anywhere under ``node``, by statement or by a literal name, with its line."""
    for found in ast.walk(node):
        if isinstance(found, ast.Import):
            yield from ((alias.name, found.lineno) for alias in found.names)
        elif isinstance(found, ast.ImportFrom):
            if found.level:
                yield "." * found.level + (found.module or ""), found.lineno
            elif found.module == "flowloom":
                yield from ((f"flowloom.{alias.name}", found.lineno) for alias in found.names)
            else:
                yield found.module or "", found.lineno
        elif (
            isinstance(found, ast.Call) and dotted(found.func).endswith(("import_module", "__import__")) and found.args
        ):
            name = found.args[0]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield name.value, found.lineno


def early_imports(body: list[ast.stmt]) -> Iterator[tuple[str, int]]:
    """The modules that are imported when the file itself is: not those inside functions, nor those for type checkers."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.unparse(statement.test):
            yield from early_imports(statement.orelse)
        elif isinstance(statement, ast.If | ast.Try | ast.With | ast.ClassDef | ast.For | ast.While):
            for field in ("body", "orelse", "finalbody", "handlers"):
                for inner in getattr(statement, field, []):
                    yield from early_imports(inner.body if isinstance(inner, ast.ExceptHandler) else [inner])
        else:
            yield from imports(statement)


def dotted(node: ast.expr) -> str:
    """``os.path.join`` for the expression that says it; empty for any other."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def is_part_of(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def offenders(found: Iterator[str]) -> None:
    """Fail with all of them at once."""
    lines = list(found)
    assert not lines, "\n" + "\n".join(lines)


def test_rooms_import_only_what_they_may() -> None:
    def wrong() -> Iterator[str]:
        for path in source_files():
            room = path.split("/")[0]
            for module, line in imports(tree(path)):
                if module.startswith("."):
                    yield f"{path}:{line}: imports are absolute"
                elif module.split(".")[0] in ROOMS:
                    yield f"{path}:{line}: say flowloom.{module}"
                elif (
                    is_part_of(module, "flowloom")
                    and module.split(".")[1:2]
                    and module.split(".")[1] not in MAY_IMPORT[room]
                ):
                    yield f"{path}:{line}: {room} may not import {module}"

    offenders(wrong())


def test_node_categories_do_not_import_each_other() -> None:
    def wrong() -> Iterator[str]:
        for path in source_files():
            parts = path.split("/")
            if parts[0] != "nodes" or len(parts) < 3:
                continue
            for module, line in imports(tree(path)):
                others = module.split(".")
                if (
                    others[:2] == ["flowloom", "nodes"]
                    and len(others) > 2
                    and others[2] not in (parts[1], SHARED_BY_NODES)
                ):
                    yield f"{path}:{line}: nodes of {parts[1]} may not import {module}"

    offenders(wrong())


def test_qt_stays_in_the_studio_and_models_out_of_it() -> None:
    def wrong() -> Iterator[str]:
        for path in source_files():
            in_studio = path.startswith("studio/")
            for module, line in imports(tree(path)):
                if not in_studio and module.split(".")[0] in ("PySide6", "shiboken6", "PyQt6", "qtpy", "qtawesome"):
                    yield f"{path}:{line}: only the studio may import {module}"
                if in_studio and module.split(".")[0] in ("openai", "torch", "promptflow", "xllamacpp"):
                    yield f"{path}:{line}: the studio may not import {module}"

    offenders(wrong())


def test_heavy_packages_are_imported_where_they_are_needed() -> None:
    def wrong() -> Iterator[str]:
        for path in source_files():
            allowed = ("PySide6",) if path.startswith("studio/") else ()
            for module, line in early_imports(tree(path).body):
                for heavy in HEAVY:
                    if is_part_of(module, heavy) and heavy not in allowed:
                        yield f"{path}:{line}: import {module} inside the function that needs it"

    offenders(wrong())


def test_a_run_of_prompt_and_python_loads_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "flow.dag.yaml").write_text(
        "inputs:\n  name: {type: string, default: Ada}\n"
        "outputs:\n  text: {type: string, reference: '${shout.output}'}\n"
        "nodes:\n"
        "- {name: greet, type: prompt, source: {type: code, path: greet.jinja2}, inputs: {name: '${inputs.name}'}}\n"
        "- {name: shout, type: python, source: {type: code, path: shout.py}, inputs: {text: '${greet.output}'}}\n"
    )
    (tmp_path / "greet.jinja2").write_text("Hello {{name}}")
    (tmp_path / "shout.py").write_text(
        "from promptflow.core import tool\n\n@tool\ndef shout(text: str) -> str:\n    return text.upper()\n"
    )
    script = (
        "import sys\nfrom flowloom.flows.cli.main import main\n"
        f"code = main(['run', {str(tmp_path)!r}, '--json'])\n"
        f"print(code, sorted(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert done.stderr.splitlines()[-1] == "0 []", done.stderr
    assert '"HELLO ADA"' in done.stdout


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    def wrong() -> Iterator[str]:
        for path in tracked_files():
            if path.endswith(".py") and path.split("/")[0] in (*ROOMS, "tests"):
                lines = len((ROOT / path).read_text(encoding="utf-8", errors="replace").splitlines())
                if lines > LONGEST:
                    yield f"{path}: {lines} lines"

    offenders(wrong())


def test_every_source_file_has_its_test_file() -> None:
    def wrong() -> Iterator[str]:
        for path in source_files():
            folder, _, name = path.rpartition("/")
            if not does_something(path):
                continue
            expected = f"tests/{folder}/test_{name.removesuffix('.py').strip('_')}.py"
            if not (ROOT / expected).is_file():
                yield f"{path} wants {expected}"

    offenders(wrong())


def does_something(path: str) -> bool:
    """Whether a file holds a function with a body: not so protocols, plain data, and lists of names."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = [
                statement
                for statement in node.body
                if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
            ]
            if body:
                return True
    return False


def test_every_package_is_shipped() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = set(project["tool"]["setuptools"]["packages"])
    folders = {path.rpartition("/")[0] for path in source_files()}
    assert {f"flowloom.{folder.replace('/', '.')}" for folder in folders} == listed


def test_every_entry_point_leads_somewhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [*project["entry-points"].items(), ("scripts", project["scripts"])]

    def wrong() -> Iterator[str]:
        for group, entries in groups:
            for name, value in entries.items():
                module, _, attribute = value.partition(":")
                path = module.removeprefix("flowloom.").replace(".", "/")
                file = next((file for file in (f"{path}.py", f"{path}/__init__.py") if (ROOT / file).is_file()), None)
                if file is None or attribute not in names_in(tree(file)):
                    yield f"{group} {name} = {value}"

    offenders(wrong())


def names_in(module: ast.Module) -> set[str]:
    """Names that a module defines or imports at its top."""
    names: set[str] = set()
    for statement in module.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(statement.name)
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in statement.names}
        else:
            names |= {
                node.id
                for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
    return names


def test_nothing_dangerous_is_called_outside_the_declared_places() -> None:
    def wrong() -> Iterator[str]:
        for path in source_files():
            declared = DECLARED.get(path, set())
            for module, line in imports(tree(path)):
                if module.split(".")[0] in NEVER_IMPORTED - declared:
                    yield f"{path}:{line}: imports {module}"
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.Call):
                    name = dotted(node.func)
                    if name in NEVER_CALLED - declared:
                        yield f"{path}:{node.lineno}: calls {name}"
                    for keyword in node.keywords:
                        if keyword.arg == "shell" and not (
                            isinstance(keyword.value, ast.Constant) and keyword.value.value is False
                        ):
                            yield f"{path}:{node.lineno}: calls {name} with a shell"

    offenders(wrong())


def test_no_file_names_a_package_registry_or_a_folder_of_one_computer() -> None:
    hosts = [
        "py" + "pi.org",
        "python" + "hosted.org",
        "npm" + "js.org",
        "deb." + "debian.org",
        "proxy." + "golang.org",
        "crates" + ".io",
    ]
    places = [
        "/wo" + "rk/",
        "/tmp/" + "ref",
        "/opt/" + "wheels",
        "/opt/" + "pypi",
        "/ro" + "ot/",
        "sha" + "red/ARCHITECTURE",
    ]
    pattern = re.compile("|".join(map(re.escape, [*hosts, *places])).encode())

    def wrong() -> Iterator[str]:
        for path in tracked_files():
            for number, line in enumerate((ROOT / path).read_bytes().splitlines(), start=1):
                if found := pattern.search(line):
                    yield f"{path}:{number}: {found.group().decode()}"

    offenders(wrong())


def test_no_comment_speaks_of_work_to_be_done() -> None:
    pattern = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")

    def wrong() -> Iterator[str]:
        for path in tracked_files():
            if path.endswith((".py", ".toml", ".md", "Makefile")):
                for number, line in enumerate(
                    (ROOT / path).read_text(encoding="utf-8", errors="replace").splitlines(), start=1
                ):
                    if pattern.search(line):
                        yield f"{path}:{number}: {line.strip()}"

    offenders(wrong())


@pytest.mark.parametrize("package", sorted({path.rpartition("/")[0] for path in source_files()}))
def test_exported_names_exist(package: str) -> None:
    """What a package lists in ``__all__`` is sorted, and is what it offers."""
    from importlib import import_module

    module = import_module(f"flowloom.{package.replace('/', '.')}")
    exported = getattr(module, "__all__", [])
    assert sorted(exported, key=str.casefold) == sorted(set(exported), key=str.casefold)
    assert not [name for name in exported if not hasattr(module, name)]
