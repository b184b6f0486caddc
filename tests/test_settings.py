"""The server's command line: what it takes, and what it says to the rest."""

import pytest

from chat.settings import Settings, complain, read_settings


def test_without_options_it_is_safe_and_local():
    settings = read_settings([])
    assert settings == Settings()
    assert (settings.host, settings.lan, settings.durable) == (
        "127.0.0.1",
        False,
        False,
    )


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        ("--host ::1", "host", "::1"),
        ("--port 0", "port", 0),
        ("--port 65535", "port", 65_535),
        ("--lan", "lan", True),
        ("--history off", "history", "off"),
        ("--durable", "durable", True),
        ("--rate 0", "rate", 0.0),
        ("--rate 2.5", "rate", 2.5),
        ("--burst 1", "burst", 1),
        ("--max-clients 1000000", "max_clients", 1_000_000),
        ("--max-per-address 900", "max_per_address", 900),
        ("--motd today.txt", "motd", "today.txt"),
        ("--bans out.txt", "bans", "out.txt"),
        ("--no-console", "console", False),
        ("--verbose", "verbose", True),
        ("--demo", "demo", True),
        ("--seed 7", "seed", 7),
        ("--seconds 90", "seconds", 90),
    ],
)
def test_an_option_changes_one_setting_and_no_other(typed, name, value):
    expected = {field: getattr(Settings(), field) for field in Settings.__slots__}
    found = read_settings(typed.split())
    assert {field: getattr(found, field) for field in Settings.__slots__} == {
        **expected,
        name: value,
    }


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("--port 65536", "'65536' is not a port from 0 to 65535"),
        ("--port=-1", "'-1' is not a port"),
        ("--port http", "'http' is not a port"),
        ("--port ８０", "'８０' is not a port"),
        ("--port", "expected one argument"),
        ("--rate=-1", "'-1' is not a number from 0 to 1000000"),
        ("--rate nan", "'nan' is not a number"),
        ("--rate inf", "'inf' is not a number"),
        ("--rate fast", "'fast' is not a number"),
        ("--burst 0", "'0' is not a number from 1 to 1000000"),
        ("--max-clients 1000001", "'1000001' is not a number"),
        ("--motd=", "a file has a name"),
        ("--bans=", "a file has a name"),
        ("--colour", "unrecognized arguments: --colour"),
        ("12345", "unrecognized arguments: 12345"),
    ],
)
def test_a_mistake_gets_one_sentence_and_exit_code_2(typed, sentence, capsys):
    with pytest.raises(SystemExit) as end:
        read_settings(typed.split())
    out, err = capsys.readouterr()
    assert (end.value.code, out) == (2, "")
    assert err.startswith("server: ")
    assert sentence in err
    assert "python server.py --help" in err
    assert err.count("\n") == 1


def test_help_shows_every_option_with_its_default(capsys):
    with pytest.raises(SystemExit) as end:
        read_settings(["--help"])
    out, _ = capsys.readouterr()
    assert end.value.code == 0
    assert "(default: chat-history.db)" in out
    assert "(default: )" not in out
    for option in ("--host", "--lan", "--max-clients", "--durable", "--verbose"):
        assert option in out


def test_a_complaint_goes_to_stderr(capsys):
    assert complain("port 80 is taken") == 2
    assert capsys.readouterr() == ("", "server: port 80 is taken\n")
