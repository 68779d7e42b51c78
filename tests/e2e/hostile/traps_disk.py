"""Paths and links that leave the folder, and files that are no files."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from place import DAG, LLM_DAG, PROMPT_DAG, TOOL, Place, files, trap

# Paths

PATHS = {
    "parent": "../outside",
    "far_parent": "../" * 60 + "etc/passwd",
    "absolute": "/etc/passwd",
    "home": "~/.ssh/id_rsa",
    "zero": "/dev/zero",
    "stdin": "/dev/stdin",
    "memory": "/proc/self/mem",
    "environ": "/proc/self/environ",
    "network_share": "//127.0.0.1/share/n.py",
    "windows": "C:\\\\Windows\\\\win.ini",
    "windows_parent": "..\\\\..\\\\outside",
    "url": "http://127.0.0.1:9/n.py",
    "file_url": "file:///etc/passwd",
    "null_byte": "n.py\\0.txt",
    "newline": "n\\n.py",
    "long": "d/" * 3000 + "n.py",
    "long_name": "n" * 5000 + ".py",
    "folder": ".",
    "empty": "",
    "inside_and_out": "x/../../outside",
}
for _name, _path in PATHS.items():
    for _kind, _dag in (("python", DAG), ("prompt", PROMPT_DAG)):
        files(f"path.{_name}.{_kind}", {"flow.dag.yaml": _dag.replace("path: n.py", f'path: "{_path}"').replace("path: n.jinja2", f'path: "{_path}"')})
files("path.image_default", {"flow.dag.yaml": DAG.replace("{type: string, default: hello}", "{type: image, default: {\"data:image/png;path\": /etc/passwd}}"), "n.py": TOOL})
files("path.image_url", {"flow.dag.yaml": DAG.replace("{type: string, default: hello}", "{type: image, default: \"http://127.0.0.1:9/x.png\"}"), "n.py": TOOL})
files("path.includes", {"flow.dag.yaml": DAG + "additional_includes:\n- /\n- /dev/zero\n- ../../..\n- ~\n- ../outside\n- /proc\n", "n.py": TOOL})
files("path.includes_zip", {"flow.dag.yaml": DAG + "additional_includes: [../../../../../../tmp.zip, /etc.zip]\n", "n.py": TOOL})
files("path.environment", {"flow.dag.yaml": DAG + "environment_variables: {LD_PRELOAD: ./evil.so, PYTHONSTARTUP: n.py, PATH: ., PYTHONPATH: ., JAVA_TOOL_OPTIONS: x, BROWSER: \"touch {canary}\", HOME: .}\n", "n.py": TOOL})
files("path.connection", {"flow.dag.yaml": LLM_DAG.replace("open_ai_connection", "../../outside"), "n.jinja2": "user:\nhi"})


@trap("link.tool_outside")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG})
    (place.folder / "n.py").symlink_to(place.outside)


@trap("link.tool_through_folder")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG.replace("n.py", "sub/outside.txt")})
    (place.folder / "sub").symlink_to(place.outside.parent)


@trap("link.tool_to_itself")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG})
    (place.folder / "n.py").symlink_to("n.py")


@trap("link.tool_in_a_circle")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG.replace("n.py", "a/b/a/b/n.py")})
    (place.folder / "a").symlink_to("b")
    (place.folder / "b").symlink_to("a")


@trap("link.folder_in_itself")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG.replace("n.py", "self/" * 50 + "n.py"), "n.py": TOOL})
    (place.folder / "self").symlink_to(".")


@trap("link.tool_to_zero")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG})
    (place.folder / "n.py").symlink_to("/dev/zero")


@trap("link.prompt_to_random")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": PROMPT_DAG})
    (place.folder / "n.jinja2").symlink_to("/dev/urandom")


@trap("link.tool_to_standard_input")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG})
    (place.folder / "n.py").symlink_to("/proc/self/fd/0")


@trap("link.flow_file_outside")
def _(place: Place) -> None:
    place.write({"n.py": TOOL})
    (place.folder / "flow.dag.yaml").symlink_to(place.outside)


@trap("link.flow_file_to_zero")
def _(place: Place) -> None:
    (place.folder / "flow.dag.yaml").symlink_to("/dev/zero")


@trap("link.flow_file_dangling")
def _(place: Place) -> None:
    (place.folder / "flow.dag.yaml").symlink_to("/nowhere/at/all")


@trap("link.layout_outside")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG, "n.py": TOOL})
    (place.folder / "flow.layout.json").symlink_to(place.outside)
    (place.folder / "flow.pins.json").symlink_to("/dev/zero")


@trap("link.private_folder_outside")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG, "n.py": TOOL})
    (place.folder / ".flowloom").symlink_to(place.outside.parent)


@trap("link.template_folder_outside")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": PROMPT_DAG.replace("n.jinja2", "prompts/outside.txt")})
    (place.folder / "prompts").symlink_to("../" * 3 + "..")


@trap("device.tool_is_a_pipe")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG})
    os.mkfifo(place.folder / "n.py")


@trap("device.prompt_is_a_pipe")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": PROMPT_DAG})
    os.mkfifo(place.folder / "n.jinja2")


@trap("device.flow_file_is_a_pipe")
def _(place: Place) -> None:
    os.mkfifo(place.folder / "flow.dag.yaml")


@trap("device.layout_is_a_pipe")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG, "n.py": TOOL})
    os.mkfifo(place.folder / "flow.layout.json")
    os.mkfifo(place.folder / "flow.pins.json")


@trap("device.tool_is_a_socket")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG})
    before = os.getcwd()
    os.chdir(place.folder)  # a socket's path is short
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("n.py")
    finally:
        os.chdir(before)


@trap("device.tool_is_a_folder")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG, "n.py/__init__.py": "{sing}\n"})


@trap("device.flow_file_is_a_folder")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml/flow.dag.yaml": DAG})


@trap("device.helper_is_a_pipe")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG, "n.py": "from helper import *\n" + TOOL.replace("str =", "str")})
    os.mkfifo(place.folder / "helper.py")


@trap("device.unreadable")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG, "n.py": TOOL})
    (place.folder / "n.py").chmod(0)


@trap("device.very_large_tool")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG})
    with open(place.folder / "n.py", "wb") as file:
        file.truncate(50 * 1024**3)


@trap("device.very_large_flow_file")
def _(place: Place) -> None:
    with open(place.folder / "flow.dag.yaml", "wb") as file:
        file.truncate(50 * 1024**3)


@trap("device.very_large_layout")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG, "n.py": TOOL})
    for name in ("flow.layout.json", "flow.pins.json"):
        with open(place.folder / name, "wb") as file:
            file.truncate(50 * 1024**3)


@trap("device.many_files")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG, "n.py": TOOL})
    for number in range(3000):
        (place.folder / f"f{number}.py").touch()


@trap("device.names_that_are_no_text")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG, "n.py": TOOL})
    Path(os.fsdecode(os.fsencode(place.folder) + b"/\xff\xfe\x1b[2J")).touch()


@trap("device.deep_folders")
def _(place: Place) -> None:
    place.write({"flow.dag.yaml": DAG, "n.py": TOOL, "/".join(["d"] * 200) + "/x.py": "{sing}\n"})
