"""The real programs as child processes, to talk to over their pipes.

    server = Server(tmp_path)             # python server.py --port 0 ...
    client = Program("client.py", "ana", server.address)
    client.type("hi")
    client.expect("ana: hi")

`expect` waits for a line that contains a text, however long it takes, up to a limit
that only a failing test ever meets.
"""

import queue
import re
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 20  # seconds
WATCHED = "tests/watched_server.py"  # server.py, and a look at its locks


class Program:
    """One child process; its output is read by a thread, so it never blocks."""

    def __init__(self, *arguments, cwd=ROOT, **options):
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / arguments[0]), *map(str, arguments[1:])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            encoding="utf-8",
            **options,
        )
        self.lines = []  # everything it printed
        self._news = queue.Queue()
        self._thread = threading.Thread(target=self._read, name="output")
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.wait()

    def type(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def end_input(self):
        self.process.stdin.close()

    def expect(self, text):
        """Wait for a line with this text; return it."""
        while (line := self._news.get(timeout=PATIENCE)) is not None:
            if text in line:
                return line
        raise AssertionError(f"{text!r} never came:\n" + "\n".join(self.lines))

    def wait(self):
        """Wait for the end; return the exit code."""
        code = self.process.wait(PATIENCE)
        self._thread.join(PATIENCE)
        self.process.stdin.close()
        self.process.stdout.close()
        return code

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            self._news.put(self.lines[-1])
        self._news.put(None)


class Server(Program):
    """python server.py on a free port (or `port`), with its history in `folder`."""

    def __init__(self, folder, *options, port=0, program=(WATCHED,), **popen):
        super().__init__(*program, "--port", port, *options, cwd=folder, **popen)
        try:
            started = self.expect("Chat server started on ")
        except BaseException:
            self.process.kill()
            self.wait()
            raise
        self.port = int(re.search(r":(\d+)$", started)[1])
        self.address = f"127.0.0.1:{self.port}"
        self.expect("Waiting for connections")
