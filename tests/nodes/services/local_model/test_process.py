from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from flowloom.flows.errors import ServiceUnavailable, StreamBroken
from flowloom.nodes.services.local_model import LocalModel
from flowloom.nodes.services.local_model.catalogue import SMOLLM2, is_here, place_of
from flowloom.nodes.services.local_model.process import ModelProcess

pytestmark = [pytest.mark.model, pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")]

LONG = {"messages": [{"role": "user", "content": "Write a very long story."}], "max_tokens": 4000, "temperature": 0.7}
SHORT = {"messages": [{"role": "user", "content": "Say hi."}], "max_tokens": 3, "temperature": 0}
Ended = Callable[[int, float], bool]


@pytest.fixture
def process() -> Iterator[ModelProcess]:
    if not is_here(SMOLLM2):
        pytest.skip("the embedded model is not on this computer: flowloom models download")
    process = ModelProcess(place_of(SMOLLM2), title="SmolLM2", context=2048)
    yield process
    process.stop()


async def words(process: ModelProcess, body: dict[str, Any]) -> str:
    text = ""
    async with aclosing(process.generate(body)) as chunks:
        async for chunk in chunks:
            for choice in chunk["choices"]:
                text += choice["delta"].get("content") or ""
    return text


async def first_words(process: ModelProcess) -> Any:
    """A long reply, begun."""
    chunks = process.generate(LONG)
    async for chunk in chunks:
        if any(choice["delta"].get("content") for choice in chunk["choices"]):
            return chunks
    raise AssertionError("the model said nothing")


def sockets_of(pid: int) -> set[str]:
    links = (os.readlink(f"/proc/{pid}/fd/{name}") for name in os.listdir(f"/proc/{pid}/fd"))
    return {link[8:-1] for link in links if link.startswith("socket:[")}


def ports_of(pid: int) -> set[str]:
    tables = (Path(f"/proc/{pid}/net/{name}").read_text() for name in ("tcp", "tcp6", "udp", "udp6"))
    return {line.split()[9] for table in tables for line in table.splitlines()[1:]}


def socket_files_of(pid: int) -> list[Path]:
    lines = [line.split() for line in Path(f"/proc/{pid}/net/unix").read_text().splitlines()[1:]]
    return [Path(fields[7]) for fields in lines if len(fields) > 7 and fields[6] in sockets_of(pid)]


async def test_nothing_is_started_before_it_is_needed(process: ModelProcess) -> None:
    assert process.status()["state"] == "stopped"
    await words(process, SHORT)
    status = process.status()
    assert (status["state"], status["waiting"]) == ("ready", 0)
    assert status["load_seconds"] > 0


async def test_no_port_is_open_and_no_socket_file_is_left(process: ModelProcess) -> None:
    await words(process, SHORT)
    pid = process.status()["pid"]
    assert not sockets_of(pid) & ports_of(pid)
    doors = socket_files_of(pid)
    assert doors, "the runtime's door is expected to be a socket file"
    assert not [path for path in doors if path.exists()]


async def test_a_long_path_of_the_temporary_folder_is_no_obstacle(
    process: ModelProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 6)
    folder.mkdir(parents=True)
    monkeypatch.setenv("TMPDIR", str(folder))
    assert await words(process, SHORT)


async def test_prints_of_a_library_cannot_reach_the_pipe(process: ModelProcess) -> None:
    await words(process, SHORT)
    pid = process.status()["pid"]
    assert os.readlink(f"/proc/{pid}/fd/0") == os.devnull
    assert not os.readlink(f"/proc/{pid}/fd/1").startswith("pipe:")
    assert not os.readlink(f"/proc/{pid}/fd/2").startswith("pipe:")


async def test_closing_a_stream_stops_the_model(process: ModelProcess) -> None:
    chunks = await first_words(process)
    pid = process.status()["pid"]
    await chunks.aclose()
    async with asyncio.timeout(10):  # what was asked for takes a minute
        assert await words(process, SHORT)
    assert process.status()["pid"] == pid


async def test_a_cancelled_request_is_given_up_before_its_first_word(process: ModelProcess) -> None:
    await words(process, SHORT)
    prompt = "The quick brown fox jumps over the lazy dog near the river. " * 130
    task = asyncio.create_task(
        words(process, {"messages": [{"role": "user", "content": prompt}], "max_tokens": 5, "cache_prompt": False})
    )
    queued = asyncio.create_task(words(process, LONG))
    await asyncio.sleep(0)
    assert process.status()["waiting"] == 2
    task.cancel()
    queued.cancel()
    async with asyncio.timeout(10):
        assert await words(process, SHORT)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert process.status()["waiting"] == 0


async def test_a_crash_within_a_reply_is_told_and_the_next_call_works(process: ModelProcess) -> None:
    chunks = await first_words(process)
    waiting = asyncio.create_task(words(process, SHORT))
    await asyncio.sleep(0)
    assert process.status()["waiting"] == 2
    pid = process.status()["pid"]
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(StreamBroken, match=r"SmolLM2 stopped while it was answering \(signal 9\)") as caught:
        async for _ in chunks:
            pass
    assert "started afresh" in caught.value.hint
    assert await waiting, "what had not begun is asked once more"
    assert process.status()["pid"] != pid


async def test_a_request_that_kills_every_process_is_given_up(process: ModelProcess) -> None:
    killed: list[int] = []

    async def kill_each() -> None:
        while len(killed) < 2:
            pid = process.status()["pid"]
            if process.status()["state"] == "ready" and pid not in killed:
                killed.append(pid)
                os.kill(pid, signal.SIGKILL)
            await asyncio.sleep(0.001)

    prompt = "The quick brown fox jumps over the lazy dog near the river. " * 130
    killer = asyncio.create_task(kill_each())
    with pytest.raises(ServiceUnavailable, match=r"stopped while it was answering \(signal 9\)"):
        await words(process, {"messages": [{"role": "user", "content": prompt}], "max_tokens": 5})
    await killer
    assert await words(process, SHORT)


async def test_a_process_that_hears_no_cancel_is_replaced(
    process: ModelProcess, monkeypatch: pytest.MonkeyPatch, ended: Ended
) -> None:
    monkeypatch.setattr("flowloom.nodes.services.local_model.process._HEARD_SECONDS", 0.5)
    chunks = await first_words(process)
    pid = process.status()["pid"]
    os.kill(pid, signal.SIGSTOP)
    await chunks.aclose()
    assert await asyncio.to_thread(ended, pid, 10)
    assert await words(process, SHORT)


async def test_an_idle_process_ends_and_another_starts_when_needed(ended: Ended) -> None:
    process = ModelProcess(place_of(SMOLLM2), title="SmolLM2", context=512, idle_seconds=0.2)
    await words(process, SHORT)
    pid = process.status()["pid"]
    assert pid is None or await asyncio.to_thread(ended, pid, 10)
    assert await words(process, SHORT)
    process.stop()
    assert process.status()["state"] == "stopped"


async def test_it_dies_with_its_parent_however_that_dies(ended: Ended) -> None:
    script = (
        "import asyncio, os, signal\nfrom flowloom.nodes.services.local_model import LocalModel\n"
        "async def main():\n    service = LocalModel()\n"
        f"    async for chunk in service.stream({LONG!r}):\n"
        "        print(service.status()['processes'][0]['pid'], flush=True)\n        os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    done = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert await asyncio.to_thread(ended, int(done.stdout), 5)


async def test_it_dies_with_its_parent_though_a_copy_holds_the_pipe(ended: Ended) -> None:
    script = (
        "import asyncio, os, signal, time\nfrom flowloom.nodes.services.local_model import LocalModel\n"
        "service = LocalModel()\n"
        f"asyncio.run(service.chat({SHORT!r}))\n"
        "pid = service.status()['processes'][0]['pid']\n"
        "if not (child := os.fork()):\n    os.closerange(0, 3)\n    time.sleep(60)\n"
        "print(pid, child, flush=True)\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    command = [sys.executable, "-W", "ignore", "-c", script]
    done = await asyncio.to_thread(subprocess.run, command, stdout=subprocess.PIPE, text=True)
    pid, copy = map(int, done.stdout.split())
    try:
        assert await asyncio.to_thread(ended, pid, 10)
    finally:
        os.kill(copy, signal.SIGKILL)


async def test_nothing_is_left_when_the_program_ends(ended: Ended) -> None:
    script = (
        "import asyncio\nfrom flowloom.nodes.services.local_model import LocalModel\nservice = LocalModel()\n"
        f"asyncio.run(service.chat({SHORT!r}))\nprint(service.status()['processes'][0]['pid'])\n"
    )
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert await asyncio.to_thread(ended, int(done.stdout), 5)


async def test_interrupts_of_the_terminal_are_not_for_the_model(process: ModelProcess) -> None:
    await words(process, SHORT)
    assert os.getpgid(process.status()["pid"]) != os.getpgid(0)


async def test_a_damaged_model_says_so(tmp_path: Path) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(place_of(SMOLLM2).read_bytes()[:3_000_000])
    process = ModelProcess(path, title="broken")
    with pytest.raises(ServiceUnavailable, match="broken could not be loaded") as caught:
        await words(process, SHORT)
    assert caught.value.detail, "the runtime's own words are kept for an engineer"
    assert process.status()["state"] == "stopped"


async def test_the_service_ends_its_processes_and_starts_them_again(model: LocalModel) -> None:
    await model.chat(SHORT)
    model.close()
    assert model.status()["processes"][0]["state"] == "stopped"
    assert await model.chat(SHORT)
