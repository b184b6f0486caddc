"""Check everything: `python tests`.

Makes a private `.venv` beside the program the first time, installs what
requirements.txt lists, then runs the four gates in turn and stops at the first
one that is red: ruff (mistakes), ruff (layout), mypy (types), pytest (behaviour).

    python tests                 everything
    python tests -k private -x   the gates, and only these tests (pytest's options)
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
REQUIREMENTS = ROOT / "requirements.txt"
PROGRAM = ["protocol.py", "server.py", "client.py"]
ROOMS = ["messages", "explain", "net", "chat", "tui", "labs", "bench"]


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 10):  # noqa: UP036  (asked of the one who runs it)
        return complain(f"Homeroom needs Python 3.10 or newer; this is {sys.version}")
    if not is_prepared() and (failure := prepare()):
        return failure
    gates = [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy", *PROGRAM, *ROOMS],
        ["pytest", *arguments],
    ]
    return next((code for gate in gates if (code := run(gate))), 0)


def run(gate: list[str]) -> int:
    print("$", *gate, flush=True)
    return subprocess.run([str(PYTHON), "-m", *gate], cwd=ROOT, check=False).returncode


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
