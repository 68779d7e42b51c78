from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flowloom.flows.errors import UsageError
from flowloom.flows.model.flow import Flow, Node, Source
from flowloom.flows.node.declare import node
from flowloom.flows.node.registry import Registry, default_registry, type_id


@node(id="test.one", title="One", category="Text")
def one() -> str:
    """Gives one."""
    return "1"


@node(id="test.one", title="Another", category="Text")
def another() -> str:
    """Gives one, otherwise."""
    return "one"


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder of installed packages: ``site("name", entry_points, {"module.py": text})``."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))

    def install(name: str, text: str, files: dict[str, str] | None = None) -> str:
        metadata = folder / f"{name}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "entry_points.txt").write_text(text)
        for file, source in (files or {}).items():
            (folder / file).write_text(source)
        return str(folder)

    return install


def test_our_node_types_are_found_by_id_and_only_the_asked_one_is_imported():
    program = (
        "import sys\n"
        "from flowloom.flows.node.registry import default_registry\n"
        "default_registry().get('loom.prompt.template')\n"
        "assert 'flowloom.nodes.python.tool' not in sys.modules\n"
        "assert 'importlib.metadata' not in sys.modules\n"
        "print(default_registry().get('loom.python.tool').spec.id)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "loom.python.tool"


@pytest.mark.parametrize(
    ("keys", "kind", "id"),
    [
        ({"type": "python", "source": Source("code", "a.py")}, "dag", "loom.python.tool"),
        ({"type": "prompt", "source": Source("code", "a.jinja2")}, "dag", "loom.prompt.template"),
        ({"type": "llm", "source": Source("code", "a.jinja2"), "api": "chat"}, "dag", "loom.llm.chat"),
        ({"type": "llm", "source": Source("code", "a.jinja2"), "api": "completion"}, "dag", "loom.llm.completion"),
        ({"type": "llm", "source": Source("code", "a.jinja2")}, "dag", "loom.llm.chat"),
        ({"type": "python", "source": Source("package", None, "loom.text.join")}, "dag", "loom.text.join"),
        ({"type": "custom_llm", "source": Source("package_with_prompt", "a.jinja2", "x.y")}, "dag", "x.y"),
        ({"type": "python", "source": Source("code", "a.py")}, "flex", "loom.python.flex"),
        ({"type": "llm", "source": Source("code", "a.prompty")}, "prompty", "loom.prompt.prompty"),
    ],
)
def test_the_node_type_that_a_node_means(keys, kind, id):
    assert type_id(Node(name="n", **keys), Flow(Path("/"), "f", "f", kind)) == id


def test_an_unknown_node_type_names_the_node_and_what_to_install():
    asked = Node(name="n", type="python", source=Source("package", None, "some.tool"))  # type: ignore[arg-type]
    with pytest.raises(UsageError) as raised:
        default_registry().resolve(asked)
    assert "some.tool" in raised.value.message
    assert raised.value.node == "n"
    assert "pip install" in raised.value.hint


def test_a_broken_package_is_a_problem_and_never_fatal(site):
    path = site("broken", "[flowloom.nodes]\nbad.node = broken_module:x\nno.node = json:dumps\n", {"broken_module.py": "1/0\n"})
    site("good", "[flowloom.nodes]\ngood.node = good_module:made\n", {"good_module.py": GOOD})
    registry = Registry([path])
    assert registry.get("good.node").spec.title == "Good"
    assert set(registry.specs()) == {"good.node"}
    messages = {problem.message for problem in registry.problems}
    assert messages == {
        "'bad.node' of the package 'broken' cannot be loaded: ZeroDivisionError: division by zero.",
        "'no.node' of the package 'broken' is not a node type: json:dumps.",
    }
    with pytest.raises(UsageError, match="ZeroDivisionError"):
        registry.get("bad.node")


GOOD = """
from flowloom.flows.node.declare import node
@node(id="good.node", title="Good", category="Text")
def made() -> str:
    '''Good.'''
    return ""
"""


def test_registering_gives_a_disposer_that_brings_back_what_was_there():
    registry = Registry([])
    first = registry.register(one)
    second = registry.register(another)
    assert registry.get("test.one") is another
    second()
    second()
    assert registry.get("test.one") is one
    first()
    assert registry.find("test.one") is None


def test_services_are_made_once_and_can_be_replaced_for_a_while(site):
    path = site("services", "[flowloom.services]\nclock = service_module:Clock\n", {"service_module.py": "class Clock: pass\n"})
    registry = Registry([path])
    made = registry.service("clock")
    assert registry.service("clock") is made
    dispose = registry.register_service("clock", "another")
    assert registry.service("clock") == "another"
    dispose()
    assert registry.service("clock") is made
    with pytest.raises(UsageError, match="'absent'"):
        registry.service("absent")


def test_every_id_is_listed_without_importing_node_types():
    program = (
        "import sys\n"
        "from flowloom.flows.node.registry import default_registry\n"
        "assert 'loom.python.tool' in default_registry().ids()\n"
        "print([name for name in sys.modules if name.startswith('flowloom.nodes')])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
