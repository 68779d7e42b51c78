from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from flowloom.flows.runs.writer import Statement, Writer, open_database

INSERT = "INSERT INTO blobs VALUES (?, ?)"


def rows(file: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(file)) as database:
        return database.execute("SELECT hash, text FROM blobs").fetchall()


def test_many_threads_write_several_files_in_order(tmp_path: Path) -> None:
    writer = Writer()
    files = [tmp_path / name / ".flowloom" / "runs.db" for name in "ab"]
    update = "INSERT INTO blobs VALUES ('last', ?) ON CONFLICT DO UPDATE SET text = excluded.text"

    def work(name: str) -> None:
        for number in range(200):
            for file in files:
                writer.write(file, [(INSERT, (f"{name} {number}", "x")), (f"{update} -- {name}".replace("'last'", f"'{name}'"), (number,))])

    threads = [threading.Thread(target=work, args=(name,)) for name in "xyz"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.flush()
    assert writer.trouble == []
    for file in files:
        found = dict(rows(file))
        assert len(found) == 603
        assert [found[name] for name in "xyz"] == ["199"] * 3
        assert (file.parent / ".gitignore").read_text() == "*\n"


def test_statements_of_one_call_stand_or_fall_together_and_trouble_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    writer = Writer()
    file = tmp_path / "runs.db"
    broken: list[Statement] = [(INSERT, ("a", "1")), ("INSERT INTO nosuch VALUES (?)", ("a",))]
    writer.write(file, broken)
    writer.flush()
    assert rows(file) == []
    assert len(writer.trouble) == 1
    assert [str(file) in record.getMessage() for record in caplog.records if record.name == "flowloom.runs"] == [True]
    assert str(file) in writer.trouble[0]
    writer.write(file, [(INSERT, ("b", "2"))])
    writer.flush()
    assert rows(file) == [("b", "2")]


def test_a_place_that_cannot_be_written_ends_nothing(tmp_path: Path) -> None:
    writer = Writer()
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "broken.db").write_text("no database" * 100)
    writer.write(tmp_path / "file" / "runs.db", [(INSERT, ("a", "1"))])
    writer.write(tmp_path / "broken.db", [(INSERT, ("a", "1"))])
    writer.write(tmp_path / "good.db", [(INSERT, ("a", "1"))])
    writer.flush()
    assert rows(tmp_path / "good.db") == [("a", "1")]
    assert len(writer.trouble) == 2


def test_a_file_that_was_deleted_is_made_again(tmp_path: Path) -> None:
    writer = Writer()
    file = tmp_path / ".flowloom" / "runs.db"
    for number in (1, 2):
        writer.write(file, [(INSERT, (str(number), ""))])
        writer.flush()
        assert rows(file) == [(str(number), "")]
        for path in file.parent.iterdir():
            path.unlink()


def test_what_was_given_is_written_before_the_process_ends(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom flowloom.flows.runs.writer import writer\n"
        "for number in range(500): writer.write(Path(sys.argv[1]), [('INSERT INTO blobs VALUES (?, ?)', (str(number), ''))])\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "runs.db")], check=True)
    assert len(rows(tmp_path / "runs.db")) == 500


def test_two_processes_write_one_file(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom flowloom.flows.runs.writer import writer\n"
        "for number in range(100):\n"
        "    writer.write(Path(sys.argv[1]), [('INSERT INTO blobs VALUES (?, ?)', (f'{sys.argv[2]} {number}', ''))])\n"
        "    if not number % 10: writer.flush()\n"
        "writer.flush()\nprint(writer.trouble)\n"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "runs.db"), name], stdout=subprocess.PIPE, text=True)
        for name in ("one", "two")
    ]
    assert [process.communicate()[0].strip() for process in both] == ["[]", "[]"]
    assert len(rows(tmp_path / "runs.db")) == 200


def test_the_schema_is_there_and_its_references_hold(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "runs.db")) as database, pytest.raises(sqlite3.IntegrityError):
        database.execute("INSERT INTO notes VALUES ('no such run', 1, NULL, 'log', '', '', NULL)")
