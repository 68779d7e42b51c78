from __future__ import annotations

import copy

import pytest

from flowloom.flows.connections.connection import Connection, Secret, Setting


class MailConnection(Connection):
    kind = "mail"
    server = Setting(required=True, url=True)
    password = Secret(required=True)
    port = Setting(25)


def test_keys_are_declared_once_and_reached_four_ways() -> None:
    mail = MailConnection("smtp://mail.example.org", password="open sesame", name="post")
    assert (mail.server, mail["password"], mail.get("port"), dict(mail)["server"]) == (
        "smtp://mail.example.org",
        "open sesame",
        25,
        "smtp://mail.example.org",
    )
    assert list(mail) == ["server", "port", "password"]
    assert dict(**mail) == dict(mail)
    mail.password = "changed"
    assert mail["password"] == "changed"


def test_a_missing_key_is_named() -> None:
    assert MailConnection(server="smtp://x").missing() == ("password",)
    with pytest.raises(KeyError, match=r"no key 'user'; it has: server, port, password"):
        MailConnection(name="post")["user"]


def test_no_secret_in_any_text_form() -> None:
    mail = MailConnection("smtp://joe:letmein%20please@mail.example.org", password="open sesame", name="post")
    for text in (repr(mail), str(mail), f"{mail}", repr([mail])):
        assert "open sesame" not in text
        assert "letmein" not in text
    assert set(mail.secret_values()) == {"open sesame", "letmein%20please", "letmein please"}


def test_host_says_who_receives_what_is_sent() -> None:
    assert MailConnection("smtp://joe:pw@mail.example.org:25/x").host == "mail.example.org"
    assert MailConnection().host is None


def test_copies_are_whole_and_apart() -> None:
    mail = MailConnection("smtp://x", password="p", name="post")
    other = copy.deepcopy(mail)
    other.password = "q"
    assert (other.name, other.server, mail.password) == ("post", "smtp://x", "p")
