"""Addresses as people type and read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from net.address import (
    DEFAULT_HOST,
    DEFAULT_PORT,
    format_address,
    lan_host,
    parse_address,
)


@pytest.mark.parametrize(
    ("typed", "host", "port"),
    [
        ("", DEFAULT_HOST, DEFAULT_PORT),
        ("  pc7  ", "pc7", DEFAULT_PORT),
        ("pc7:5000", "pc7", 5000),
        ("pc7:", "pc7", DEFAULT_PORT),
        (":5000", DEFAULT_HOST, 5000),
        ("10.0.0.7:1", "10.0.0.7", 1),
        ("10.0.0.7:65535", "10.0.0.7", 65_535),
        ("::1", "::1", DEFAULT_PORT),
        ("fe80::1%eth0", "fe80::1%eth0", DEFAULT_PORT),
        ("[::1]", "::1", DEFAULT_PORT),
        ("[::1]:", "::1", DEFAULT_PORT),
        ("[::1]:5000", "::1", 5000),
    ],
)
def test_what_people_type_is_understood(typed, host, port):
    assert parse_address(typed) == (host, port)


@pytest.mark.parametrize(
    "typed",
    ["pc7:0", "pc7:65536", "pc7:-1", "pc7:http", "pc7:+80", "pc7:８０", "pc7:1_0"],
)
def test_a_wrong_port_gets_a_sentence(typed):
    with pytest.raises(ValueError, match="is not a port: give a number from 1 to"):
        parse_address(typed)


@pytest.mark.parametrize("typed", ["[::1", "[::1]5000", "[::1]x:5000"])
def test_a_wrong_bracket_gets_a_sentence(typed):
    with pytest.raises(ValueError, match=r"write \[v6-address\]:port"):
        parse_address(typed)


@given(st.text())
def test_anything_typed_is_an_address_or_a_sentence(typed):
    try:
        host, port = parse_address(typed)
    except ValueError:
        return  # the tests above look at the sentences
    assert host
    assert 0 < port < 65_536


@pytest.mark.parametrize("host", ["pc7", "10.0.0.7", "::1", "2001:db8::7"])
def test_what_is_shown_can_be_typed(host):
    assert parse_address(format_address(host, 5000)) == (host, 5000)


def test_this_machine_has_a_name_for_others():
    assert lan_host()
