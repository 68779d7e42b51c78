"""The fields of a connection."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from flowloom.studio.dialogs.connections.kind_form import CustomForm, KindForm, make_form


def test_a_stored_secret_is_never_shown_and_stays_where_nothing_is_typed() -> None:
    parent = QWidget()
    form = make_form("open_ai", {"base_url": "https://x"}, ("api_key",), parent)
    assert isinstance(form, KindForm)
    key = form.fields["api_key"]
    assert (key.text(), key.echoMode()) == ("", QLineEdit.EchoMode.Password)
    assert (form.values, form.kept) == ({"type": "open_ai", "base_url": "https://x"}, ("api_key",))
    key.setText("new")
    assert (form.values["api_key"], form.kept) == ("new", ())


def test_a_custom_connection_has_any_keys() -> None:
    parent = QWidget()
    form = make_form("custom", {"url": "x"}, ("token",), parent)
    assert isinstance(form, CustomForm)
    assert [row[0].text() for row in form.rows] == ["url", "token"]
    assert form.rows[1][1].echoMode() == QLineEdit.EchoMode.Password
    assert not form.rows[1][2].isEnabled()
    assert (form.values, form.kept) == ({"type": "custom", "configs": {"url": "x"}, "secrets": {}}, ("token",))
    form.add_row()
    form.rows[2][0].setText("api_key")
    form.rows[2][1].setText("s3cret")
    assert form.values["secrets"] == {"api_key": "s3cret"}
