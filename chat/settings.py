"""What the operator may choose, as a table of options."""

from __future__ import annotations

import argparse
import sys
from argparse import SUPPRESS  # no default to show: the option is an addition
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

MOST_CLIENTS = 2_000


@dataclass(frozen=True, slots=True)
class Settings:
    """The server's options, read."""

    host: str = "127.0.0.1"
    port: int = 12_345
    lan: bool = False
    history: str = "chat-history.db"
    durable: bool = False
    keep_lines: int = 1_000_000
    keep_days: int = 30
    rate: float = 10.0  # messages a second; 0 means no limit
    burst: int = 40  # messages
    max_clients: int = MOST_CLIENTS
    verbose: bool = False
    motd: str = ""  # a file; empty: none
    bans: str = ""  # a file; empty: they last as long as the server
    console: bool = True
    watch: bool = False
    max_per_address: int = 64  # a school may share one address; loopback is exempt
    demo: bool = False
    seed: int = 1  # of the demo
    seconds: int = 0  # of the demo; 0: until somebody ends it


class Parser(argparse.ArgumentParser):
    """Says one sentence about a mistake and exits with 2."""

    def error(self, message: str) -> NoReturn:
        sys.exit(complain(f"{message} (python {self.prog} --help lists the options)"))


def complain(sentence: str) -> int:
    """Print one sentence on stderr; return the exit code for a mistake in usage."""
    print(f"server: {sentence}", file=sys.stderr)  # noqa: T201  (before the journal)
    return 2


def read_settings(arguments: list[str]) -> Settings:
    """Read the command line. Exits with 2 after a sentence on stderr."""
    default = Settings()
    parser = Parser(
        prog="server.py",
        description="A chat server for the lesson on sockets and threads, and after.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    _add_chat(parser.add_argument, default)
    _add_limits(parser.add_argument, default)
    _add_terminal(parser.add_argument, default)
    return Settings(**vars(parser.parse_args(arguments)))


def _add_chat(add: Callable[..., object], default: Settings) -> None:
    """Where it is, and what it keeps."""
    add("--host", default=default.host, help="the address to listen on")
    add("--port", default=default.port, type=_port, help="0 means any free one")
    add("--lan", action="store_true", help="listen on all addresses of this machine")
    add("--history", default=default.history, type=_history, metavar="FILE|memory|off",
        help="where lines are kept")  # fmt: skip
    add("--durable", action="store_true", help="survive a power cut, not only a crash")
    add("--keep-lines", default=default.keep_lines, type=_count, metavar="N",
        help="lines that are kept; older ones are deleted")  # fmt: skip
    add("--keep-days", default=default.keep_days, type=_count, metavar="N",
        help="days for which lines are kept")  # fmt: skip


def _add_limits(add: Callable[..., object], default: Settings) -> None:
    """How much one may ask for, who may come in, and what they read then."""
    add("--rate", default=default.rate, type=_amount, metavar="N",
        help="messages a second from one client; 0 means no limit")  # fmt: skip
    add("--burst", default=default.burst, type=_count, metavar="N",
        help="messages that a client may send at once")  # fmt: skip
    add("--max-clients", default=default.max_clients, type=_count, metavar="N",
        help="connections at the same time")  # fmt: skip
    add("--max-per-address", default=default.max_per_address, type=_count,
        metavar="N", help="and from one address; this machine is exempt")  # fmt: skip
    add("--motd", default=SUPPRESS, type=_file, metavar="FILE",
        help="a message of the day, for everybody who logs in")  # fmt: skip
    add("--bans", default=SUPPRESS, type=_file, metavar="FILE",
        help="where bans are kept; without it they end with the server")  # fmt: skip


def _add_terminal(add: Callable[..., object], default: Settings) -> None:
    """What is seen and typed where the server runs."""
    add("--no-console", default=SUPPRESS, action="store_false", dest="console",
        help="take no commands from the terminal")  # fmt: skip
    add("--watch", action="store_true", help="show where each thread stands")
    add("--verbose", action="store_true", help="log what is said in rooms")
    add("--demo", action="store_true",
        help="five bots, nine incidents, one command; keeps nothing")  # fmt: skip
    add("--seed", default=default.seed, type=_count, metavar="N",
        help="the demo's chance: the same talks for the same number")  # fmt: skip
    add("--seconds", default=SUPPRESS, type=_count, metavar="N",
        help="end the demo after so long")  # fmt: skip


def _history(text: str) -> str:
    if not text or text.startswith(":"):  # SQLite means something else by these
        raise argparse.ArgumentTypeError(f"{text!r} is not a file, memory or off")
    return text


def _file(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("a file has a name")
    return text


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) < 65_536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) <= 1_000_000:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1000000")


def _amount(text: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        amount = -1.0
    if 0 <= amount <= 1_000_000:
        return amount
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1000000")
