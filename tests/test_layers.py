"""Who may import whom: no room of the house knows the one above it.

             messages, protocol          standard library only; no socket, no thread
            /         |        \\
          net       chat       tui       each: protocol and itself, never each other
           \\________  |  ________/
                server, client           the only two that know more than one room
                     |
                labs, bench              may use anything but each other; none uses them

sight lies below net and chat: where they write down where their threads stand; it knows
nothing. watch stands above all but server, draws what sight saw, and nobody but server
knows it. demo stands above that, and above server, whose entry alone knows it.

explain stands beside net: `python protocol.py explain` calls it, and labs does.
"""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = {"messages", "protocol", "net", "chat", "tui", "server", "client", "labs"}
OURS |= {"explain", "sight", "watch", "demo", "bench"}
WIRE = {"messages", "protocol"}
MAY_IMPORT = {
    "messages": {"messages"},
    "protocol": {"messages", "explain"},  # explain: only when run as a program
    "explain": WIRE | {"explain"},
    "sight": {"sight"},
    "net": WIRE | {"net", "sight"},
    "chat": WIRE | {"chat", "sight"},
    "tui": WIRE | {"tui"},
    "watch": WIRE | {"watch", "sight", "net", "chat", "tui", "explain"},
    "server": WIRE | {"net", "chat", "sight", "watch", "demo"},
    "demo": WIRE | {"demo", "server", "watch", "sight", "net", "chat"},
    "client": WIRE | {"net", "tui"},
    "labs": OURS - {"bench"},
    "bench": OURS - {"labs"},
}
IO = {"socket", "selectors", "select", "threading", "queue", "time", "os", "sys"}
MUST_NOT = {
    "messages": IO | {"curses"},
    "protocol": IO | {"curses"},
    "sight": {"curses", "sqlite3", "socket", "selectors", "select"},
    "net": {"curses", "sqlite3"},
    "chat": {"curses", "socket", "selectors", "select"},
    "tui": {"sqlite3"},
    "watch": {"curses", "sqlite3", "socket", "selectors", "select"},
}
KNOW_CURSES = {"tui/painter.py", "tui/terminal.py"}
KNOW_CURSES |= {"bench/bare.py"}  # what we are compared with, and no part of us

FILES = [
    path
    for name in OURS
    for path in [*ROOT.glob(f"{name}.py"), *(ROOT / name).glob("**/*.py")]
]


def room_of(path):
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path):
    """The top-level name of everything the file imports, wherever it does."""
    return imported(ast.parse(path.read_text(encoding="utf-8")))


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            yield node.module.partition(".")[0]


def test_every_room_is_there():
    assert {room_of(path) for path in FILES} == OURS


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_knows_only_the_rooms_below_it(path):
    found = set(imports(path))
    room = room_of(path)
    assert found & OURS <= MAY_IMPORT[room]
    assert not found & MUST_NOT.get(room, set())


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_running_needs_only_the_standard_library(path):
    assert set(imports(path)) - OURS <= set(sys.stdlib_module_names)


def test_the_codec_needs_no_explaining_unless_it_is_run():
    tree = ast.parse((ROOT / "protocol.py").read_text(encoding="utf-8"))
    *library, program = tree.body
    assert isinstance(program, ast.If), "if __name__ == ..."
    assert "explain" not in {name for node in library for name in imported(node)}


def test_only_painter_and_terminal_know_curses():
    knowing = {
        path.relative_to(ROOT).as_posix()
        for path in FILES
        if "curses" in set(imports(path))
    }
    assert knowing == KNOW_CURSES


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_fits_on_a_wall(path):
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "a module opens with its story"
    assert text.count("\n") <= 300
