"""A program on a terminal of its own, to type at and to look at.

    rig --keys--> pseudo-terminal --> program
    rig <-- pyte's screen <-- bytes --'

    with Rig([sys.executable, "client.py", "ana"], columns=80, rows=24) as rig:
        rig.wait_for("Connected")
        rig.type("hello\r")
        rig.wait_for(lambda rows: "ana  hello" in rows[3])

Every wait ends with the event it waits for, or fails after a while with a picture
of the screen. A wait may end in the middle of a painting (curses writes a large one
in pieces), so whatever has to be seen stands in the wait itself, not after it.
The program gets a session of its own and the pseudo-terminal as its controlling
terminal, so resizes and hang-ups reach it as signals.
POSIX only: test modules say `pytest.importorskip("termios")` before importing this.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path

import pyte

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 20  # seconds; only a failing test ever waits that long

# Runs in the new session, because only its leader can claim the terminal there.
# (A preexec_fn would run between fork and exec of a process with threads.)
CLAIM = (
    "import fcntl, os, sys, termios;"
    "fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "os.execvp(sys.argv[1], sys.argv[1:])"
)


class Screen(pyte.Screen):
    """Pyte's screen; it takes ESC [ ? 1007 r, which restores a mode, for margins."""

    def set_margins(self, *margins, private=False):
        if not private:
            super().set_margins(*margins)


class Rig:
    """Spawns `argv`; `env` is laid over this process's own, None removes a name."""

    def __init__(self, argv, *, columns=80, rows=24, env=None, stderr=None):
        self.output = bytearray()  # every byte the program ever sent
        self._screen = Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._master, slave = pty.openpty()
        self.attributes = termios.tcgetattr(slave)  # as the shell would leave it
        self._tell_size(columns, rows)
        self._program = subprocess.Popen(
            [sys.executable, "-ISc", CLAIM, *argv],
            stdin=slave,
            stdout=slave,
            stderr=slave if stderr is None else stderr,
            env=environment(env or {}),
            cwd=ROOT,
            start_new_session=True,
        )
        os.close(slave)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def rows(self):
        """The screen as it is, one string per row, without trailing blanks."""
        return [row.rstrip() for row in self._screen.display]

    @property
    def cursor(self):
        return self._screen.cursor.y, self._screen.cursor.x

    def cell(self, row, column):
        """A pyte character: data, fg, bg, bold, underscore, reverse ..."""
        return self._screen.buffer[row][column]

    def type(self, text):
        self.type_bytes(text.encode())

    def type_bytes(self, keys):
        os.write(self._master, keys)

    def resize(self, columns, rows):
        """As if the user dragged the window; the kernel sends SIGWINCH."""
        self._screen.resize(rows, columns)
        self._tell_size(columns, rows)

    def signal(self, number):
        self._program.send_signal(number)

    def hang_up(self):
        """Take the terminal away, as a closed window does."""
        master, self._master = self._master, None
        os.close(master)

    def wait_for(self, wanted):
        """Read until the screen shows a text, or satisfies a predicate on its rows."""
        showing = contains(wanted) if isinstance(wanted, str) else wanted
        self._read_until(lambda: showing(self.rows), f"waiting for {wanted!r}")

    def wait_for_output(self, wanted):
        """Read until these bytes were sent; returns everything sent so far."""
        self.wait_for_more(wanted, 0)
        return bytes(self.output)

    def wait_for_more(self, wanted, start):
        """Read until these bytes came after the first `start` ones."""
        self._read_until(
            lambda: self.output.find(wanted, start) >= 0, f"waiting for {wanted!r}"
        )

    def listen(self, seconds):
        """Take what the program sends within so long; False if that is nothing."""
        return self._read(seconds)

    @property
    def has_ended(self):
        return self._program.poll() is not None

    def wait_for_exit(self):
        """Read to the end; the exit code, or minus the signal that killed it."""
        while self._read(PATIENCE):
            pass
        return self._program.wait(PATIENCE)

    def wait_for_death(self):
        """As wait_for_exit, when there is no terminal left to read from."""
        return self._program.wait(PATIENCE)

    def attributes_now(self):
        """The terminal's settings (termios), to compare with `attributes`."""
        return termios.tcgetattr(self._master)

    def close(self):
        """Take the terminal away; a program that does not mind that is killed."""
        if self._master is not None:
            self.hang_up()
        try:
            self._program.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self._program.pid, signal.SIGKILL)
            self._program.wait(PATIENCE)

    def _tell_size(self, columns, rows):
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)

    def _read_until(self, satisfied, purpose):
        deadline = time.monotonic() + PATIENCE
        while not satisfied():
            left = deadline - time.monotonic()
            alive = left > 0 and self._read(left)
            assert alive or satisfied(), f"{purpose}, saw:\n{self.picture()}"

    def _read(self, seconds):
        """Take what the program sent; False when it ended or nothing came."""
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            sent = os.read(self._master, 65536)
        except OSError:  # EIO: how Linux says that nobody holds the other side
            return False
        self.output += sent
        self._draw(sent)
        return bool(sent)

    def _draw(self, sent):
        self._stream.feed(sent)

    def picture(self):
        frame = "+" + "-" * self._screen.columns + "+"
        return "\n".join([frame, *(f"|{row}|" for row in self._screen.display), frame])


class BlindRig(Rig):
    """Keeps the bytes without drawing them: pyte is slower than the client."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        os.set_blocking(self._master, False)

    def type_bytes(self, keys):
        """As much as fits: a client that is busy reading must not stop us reading."""
        with suppress(OSError):
            os.write(self._master, keys)

    def _draw(self, sent):
        pass


def contains(text):
    return lambda rows: any(text in row for row in rows)


def environment(changes):
    """This process's environment with a known terminal and language."""
    known = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    known["PYTHON_COLORS"] = "0"  # 3.13 paints tracebacks
    removed = dict.fromkeys(("COLUMNS", "LINES", "NO_COLOR"))
    merged = {**os.environ, **known, **removed, **changes}
    return {name: value for name, value in merged.items() if value is not None}
