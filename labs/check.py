"""The check: `python labs/check.py server "CMD {port}"`, of anybody's server or client.

    python labs/check.py server "python my_server.py {port}"
    python labs/check.py server 127.0.0.1:12345             one that runs already
    python labs/check.py client "./my_client {host} {port} {name}"

Any language: it speaks docs/PROTOCOL.md with the program, in 14 stages, each of which
needs only stages below it. A failure says what was sent, what was expected and what
came, what is probably wrong, and which lab shows it. Whatever it starts, it ends.
"""

from __future__ import annotations

import argparse
import io
import random
import signal
import string
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file

from labs.grading import report
from labs.grading.client_stages import CLIENT_STAGES
from labs.grading.client_stand import ClientStand
from labs.grading.server_stages import SERVER_STAGES
from labs.grading.stages import Outcome, grade, up_to
from labs.grading.stand import ServerStand
from labs.grading.subject import ServerProgram, words_of
from net.address import parse_address

PATIENCE = 2.5  # seconds that anything may take, times --slow
START_PATIENCE = 10.0  # seconds until it must listen, or call: some compile first
EPILOG = """\
exit code 0: every stage passed; 1: one did not; 2: a mistake in this command.

{port}, {host} and {name} in a command are filled in. A client gets its user's lines on
standard input, and shows what is said on standard output.
"""


class Parser(argparse.ArgumentParser):
    """Says one sentence about a mistake and exits with 2."""

    def error(self, message: str) -> NoReturn:
        print(f"check: {message} (--help shows examples)", file=sys.stderr)
        sys.exit(2)


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = Parser(
        prog="check.py",
        description="Grades a chat server or a chat client, in any language.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("what", choices=["server", "client"], help="what is graded")
    add(
        "subject", metavar="COMMAND|HOST:PORT", help="how it is started, or where it is"
    )
    add("--stage", type=int, metavar="N", help="only this one, and what it needs")
    add("--slow", type=float, default=1.0, metavar="X", help="wait X times as long")
    add("--score", action="store_true", help="print points per stage")
    add("--json", action="store_true", help="print everything as JSON")
    options = parser.parse_args(arguments)
    stages = SERVER_STAGES if options.what == "server" else CLIENT_STAGES
    if options.stage is not None and not 1 <= options.stage <= len(stages):
        parser.error(f"there are stages 1 to {len(stages)}")
    if not 0.1 <= options.slow <= 100:
        parser.error("--slow is from 0.1 to 100")
    try:
        options.address = where(options)
    except ValueError as wrong:
        parser.error(str(wrong))
    if options.address and options.stage == len(stages):
        parser.error(f"stage {len(stages)} stops the server: give its command")
    return options


def where(options: argparse.Namespace) -> tuple[str, int] | None:
    """Where the server is, if it runs already. Raises ValueError."""
    subject = options.subject
    words = words_of(subject)
    if options.what == "server" and "{port}" not in subject:
        if len(words) > 1:
            raise ValueError("the command must say where its {port} goes")
        return parse_address(subject)
    if options.what == "client" and "{port}" not in subject:
        raise ValueError('say it so: "CMD {host} {port} {name}"')
    return None


def check(options: argparse.Namespace) -> Iterator[Outcome]:
    """Grade what the options name, stage by stage."""
    if options.what == "server":
        yield from check_server(options)
    else:
        yield from check_client(options)


def check_server(options: argparse.Namespace) -> Iterator[Outcome]:
    slow, stages = options.slow, list(SERVER_STAGES)
    if options.stage:
        stages = up_to(stages, options.stage)
    with ExitStack() as stack:
        if options.address:
            stages = [stage for stage in stages if stage.number != len(SERVER_STAGES)]
            mark = "".join(random.choices(string.ascii_lowercase, k=4))
            stand = ServerStand(options.address, PATIENCE * slow, mark=mark)
        else:
            program = ServerProgram(options.subject, START_PATIENCE * slow)
            stack.enter_context(program)
            address = (program.host, program.port)
            stand = ServerStand(address, PATIENCE * slow, program)
        stack.enter_context(stand)
        yield from grade(stages, stand.try_out, stand.last_words)


def check_client(options: argparse.Namespace) -> Iterator[Outcome]:
    stages = list(CLIENT_STAGES)
    if options.stage:
        stages = up_to(stages, options.stage)
    slow = options.slow
    stand = ClientStand(options.subject, PATIENCE * slow, START_PATIENCE * slow)
    with stand:
        yield from grade(stages, stand.try_out, stand.last_words)


def main(arguments: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # an old locale knows no 漢字
    options = read_arguments(arguments)
    # A script that runs us in the background lets Ctrl+C be ignored, and so would the
    # server that we start, which must end by it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    outcomes = []
    for outcome in check(options):
        outcomes.append(outcome)
        if not options.json:
            print(*report.lines_of(outcome), sep="\n", flush=True)
    if options.json:
        print(report.as_json(options.subject, outcomes))
    else:
        print("\n" + report.summary(outcomes))
        if options.score:
            print(*report.score_lines(outcomes), sep="\n")
    return 0 if all(outcome.is_passed for outcome in outcomes) else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
