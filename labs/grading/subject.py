"""The program that is checked: started, watched, and always ended.

It gets a process group of its own, so that what it starts ends with it, and a file
to print to, so that it never blocks on a full pipe. Its last lines, a traceback
perhaps, are shown beside a failure.
"""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
from time import monotonic

from labs.grading.stages import Failure

LOOK_AGAIN = 0.02  # seconds between two looks whether it listens
LINES_KEPT = 6  # of what it printed last
IS_WINDOWS = sys.platform == "win32"


def words_of(command: str, **places: object) -> list[str]:
    """Split a command and fill in {port}, {host}, {name}. Raises ValueError."""
    words = shlex.split(command, posix=not IS_WINDOWS)
    if not words:
        raise ValueError("the command is empty")
    for name, value in places.items():
        words = [word.replace("{" + name + "}", str(value)) for word in words]
    return words


def start(words: list[str], **streams: object) -> subprocess.Popen[bytes]:
    """Start a program in a group of its own. Raises Failure."""
    try:
        if sys.platform == "win32":
            flags = subprocess.CREATE_NEW_PROCESS_GROUP
            return subprocess.Popen(words, creationflags=flags, **streams)  # type: ignore[call-overload,no-any-return]
        return subprocess.Popen(words, start_new_session=True, **streams)  # type: ignore[call-overload,no-any-return]
    except OSError as failure:
        raise Failure("a program that can be started", [str(failure)]) from None


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill it, and everything it has started."""
    if sys.platform == "win32":
        process.kill()
    else:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass  # it is gone already
    process.wait()


def press_ctrl_c(process: subprocess.Popen[bytes]) -> None:
    """Send what a terminal sends to all of a group."""
    if sys.platform == "win32":
        process.send_signal(signal.CTRL_BREAK_EVENT)
    else:
        os.killpg(process.pid, signal.SIGINT)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


class ServerProgram:
    """A server that we start on a free port; use it in a with-block."""

    def __init__(self, command: str, patience: float) -> None:
        self.host, self.port = "127.0.0.1", free_port()
        self._words = words_of(command, port=self.port)
        self._patience = patience
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115  (__exit__ closes it)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> ServerProgram:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        self._printed.close()

    def ensure(self) -> None:
        """Have it running and listening. Raises Failure."""
        if self._process and self._process.poll() is None:
            return
        self._process = start(
            self._words,
            stdin=subprocess.DEVNULL,
            stdout=self._printed,
            stderr=subprocess.STDOUT,
        )
        deadline = monotonic() + self._patience
        while not self._listens():
            if self._ends_within(LOOK_AGAIN):
                raise Failure("a server that runs", [f"exit code {self.exit_code}"])
            if monotonic() > deadline:
                raise Failure(
                    f"a server that listens on 127.0.0.1:{self.port}",
                    [f"nobody there, for {self._patience:.0f} s"],
                )

    @property
    def exit_code(self) -> int | None:
        return self._process.poll() if self._process else None

    def stop(self, within: float) -> bool:
        """Press Ctrl+C; whether it ended in time."""
        if self._process:
            press_ctrl_c(self._process)
        return self._ends_within(within)

    def end(self) -> None:
        if self._process:
            end(self._process)
        self._process = None

    def last_words(self) -> list[str]:
        self._printed.seek(0)
        printed = self._printed.read()[-4_096:].decode(errors="replace")
        self._printed.seek(0, os.SEEK_END)
        return printed.splitlines()[-LINES_KEPT:]

    def _listens(self) -> bool:
        try:
            with socket.create_connection((self.host, self.port), self._patience):
                return True
        except OSError:
            return False

    def _ends_within(self, seconds: float) -> bool:
        try:
            if self._process:
                self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True
