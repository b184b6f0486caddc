"""Check everything: `python tests`.

Makes a private `.venv` beside the program the first time, installs what
requirements.txt lists, then runs the four gates in turn and stops at the first
one that is red: ruff (mistakes), ruff (layout), mypy (types), pytest (behaviour).
Thousands of tests with real processes and real terminals share a machine with whatever
else it does, so up to three red ones are run once more, alone. A bug is red again. What
is green now is named at the end all the same: it is a test to mend, not to forget.

    python tests                 everything
    python tests -k private -x   the gates, and only these tests (pytest's options)

    python tests --torture               sixty ways to break it, one line for each
    python tests --torture 5 34          only these
    python tests --torture --soak 600    how many minutes a long day lasts (1)
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
REQUIREMENTS = ROOT / "requirements.txt"
PROGRAM = ["protocol.py", "server.py", "client.py"]
FEW = 3  # red tests that may have had bad luck; more have a reason
ROOMS = ["messages", "explain", "sight", "net", "chat", "tui", "watch", "demo"]
ROOMS += ["labs", "bench"]


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 10):  # noqa: UP036  (asked of the one who runs it)
        return complain(f"Homeroom needs Python 3.10 or newer; this is {sys.version}")
    if not is_prepared() and (failure := prepare()):
        return failure
    if "--torture" in arguments:
        return run(torture(arguments))
    gates = [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy", *PROGRAM, *ROOMS],
    ]
    red = next((code for gate in gates if (code := run(gate))), 0)
    return red or check_behaviour(arguments)


def run(gate: list[str], folder: Path = ROOT) -> int:
    print("$", *gate, flush=True)
    command = [str(PYTHON), "-m", *gate]
    return subprocess.run(command, cwd=folder, check=False).returncode


def check_behaviour(arguments: list[str], folder: Path = ROOT) -> int:
    """The last gate; a few red tests are run again, alone."""
    note = folder / ".pytest_cache" / "v" / "cache" / "lastfailed"
    before = modified_at(note)
    code = run(["pytest", *arguments], folder)
    # 1: some are red, else pytest itself failed. An old note says nothing of this run.
    if code != 1 or modified_at(note) == before:
        return code
    red = list(json.loads(note.read_text(encoding="utf-8")))
    if not red or len(red) > FEW:
        return code
    code = run(["pytest", "-q", *red], folder)
    if not code:
        print("\nRed among the others, green alone; please mend:", *red, sep="\n  ")
    return code


def modified_at(file: Path) -> int:
    """In nanoseconds; 0 for a file that is not there."""
    return file.stat().st_mtime_ns if file.exists() else 0


def torture(arguments: list[str]) -> list[str]:
    """The scenarios alone; numbers among the arguments say which."""
    first = arguments.index("--torture") + 1
    others = arguments[first:]
    numbers = list(takewhile(str.isdigit, others))
    chosen = ["--scenarios", *numbers] if numbers else []
    command = ["pytest", "-q", "--no-header", "-o", "console_output_style=classic"]
    command += ["--torture", *arguments[: first - 1], *others[len(numbers) :]]
    # The -- ends the numbers: else pytest would read the folder as one of them.
    return [*command, *chosen, "--", "tests/torture"]


def stamp() -> str:
    """What the .venv was made for: this interpreter and these requirements."""
    return sys.version + hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()


def is_prepared() -> bool:
    """Whether .venv holds what requirements.txt asks for now."""
    note = VENV / "homeroom-stamp"
    return PYTHON.exists() and note.exists() and note.read_text() == stamp()


def prepare() -> int:
    """Make .venv and fill it; 0, or the exit code after saying what is missing."""
    try:
        import ensurepip  # noqa: F401  (Debian's Python may lack it)
        import venv
    except ImportError:
        return complain(
            "this Python cannot make a virtual environment. On Debian and Ubuntu:\n"
            "    sudo apt install python3-venv\nthen run `python tests` again."
        )
    print(f"preparing {VENV} (once, about a minute) ...", flush=True)
    venv.create(VENV, with_pip=True, clear=True)
    install = [str(PYTHON), "-m", "pip", "install", "-q", "-r", str(REQUIREMENTS)]
    if subprocess.run(install, check=False).returncode:
        return complain(
            "could not install the packages of requirements.txt (pip says why above).\n"
            "Checking Homeroom needs them; running it does not."
        )
    (VENV / "homeroom-stamp").write_text(stamp())
    return 0


def complain(sentence: str) -> int:
    print(f"python tests: {sentence}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
