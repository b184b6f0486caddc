"""Addresses as people type and read them: host, host:port, [v6]:port."""

from __future__ import annotations

import socket

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 12_345
# Reserved for documentation (RFC 5737). Connecting a UDP socket sends nothing; it
# only makes the system choose the interface that faces the network.
ANYWHERE = ("192.0.2.1", 9)


def parse_address(text: str) -> tuple[str, int]:
    """Read what a person typed. Raises ValueError with a sentence for them."""
    host, _, port = _split(text.strip())
    if not port:
        return host or DEFAULT_HOST, DEFAULT_PORT
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise ValueError(f"{port!r} is not a port: give a number from 1 to 65535")
    return host or DEFAULT_HOST, int(port)


def _split(text: str) -> tuple[str, str, str]:
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise ValueError(f"{text!r} is not an address: write [v6-address]:port")
        return host, ":", rest[1:]
    if text.count(":") > 1:  # a bare IPv6 address has no port
        return text, "", ""
    return text.partition(":")


def format_address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def lan_host() -> str:
    """The address under which others on this network reach this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ANYWHERE)
            return str(probe.getsockname()[0])
        except OSError:  # no network at all
            return socket.gethostname()
