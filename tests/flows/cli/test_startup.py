from __future__ import annotations

import gc
import subprocess
import sys


def test_a_host_program_keeps_its_collector(cli, hello) -> None:
    before = gc.get_threshold(), gc.get_freeze_count()
    assert cli("run", hello, "--json").code == 0
    assert (gc.get_threshold(), gc.get_freeze_count()) == before


def test_a_process_of_its_own_collects_less_and_still_collects(hello, clean_env: dict[str, str]) -> None:
    program = (
        f"import gc, sys; sys.argv = ['flowloom', 'run', {str(hello)!r}, '--json']\n"
        "from flowloom.flows.cli.main import main\nmain()\n"
        "print(gc.isenabled(), gc.get_freeze_count() > 10_000)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=clean_env, timeout=60)
    assert done.stdout.splitlines()[-1] == "True True"
