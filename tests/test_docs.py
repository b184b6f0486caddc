"""The documents say what the code does: examples are read, tables are compared."""

import ast
import re
import subprocess
import sys
from dataclasses import asdict, fields
from importlib import import_module
from pathlib import Path
from shlex import split
from socket import MSG_WAITALL

import lock_order
import pytest

from chat.console import COMMANDS as CONSOLE_COMMANDS
from chat.log import open_log
from chat.settings import Settings, read_settings
from labs.contents import LABS
from net.limits import Limits
from protocol import (
    HEADER,
    REPORTS,
    REQUESTS,
    Decoder,
    ProtocolError,
    decode_report,
    decode_request,
    encode,
)
from tui.commands import COMMANDS
from tui.preferences import sample

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ["messages", "protocol.py", "server.py", "client.py", "net", "chat", "tui"]
ROOMS += ["explain", "labs", "labs/grading", "sight", "watch", "demo"]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


PROTOCOL = read("docs/PROTOCOL.md")
ARCHITECTURE = read("docs/ARCHITECTURE.md")
README = read("README.md")
SECURITY = read("SECURITY.md")


def section(text, title):
    return re.split(r"^## ", text.partition(f"## {title}")[2], flags=re.M)[0]


def rows(text):
    """The cells of each table row, without headings."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("| \n").split(" | ")]
        if line.startswith("| `"):
            yield cells


def words(cell):
    return re.findall(r"`([^`]+)`", cell)


def files():
    for room in ROOMS:
        for path in sorted((ROOT / room).glob("*.py")) or [ROOT / room]:
            if path.name != "__init__.py":
                yield path


# -- docs/PROTOCOL.md ----------------------------------------------------------------

EXAMPLES = re.findall(r"```example (\w+)\n(.*?)\n(.*?)\n```", PROTOCOL, flags=re.S)


def test_there_are_examples():
    assert {kind for kind, _, _ in EXAMPLES} == {"client", "server", "refused"}
    assert len(EXAMPLES) >= 10


@pytest.mark.parametrize(
    ("kind", "fields_", "bytes_"), [e for e in EXAMPLES if e[0] != "refused"]
)
def test_an_example_is_what_we_read_and_write(kind, fields_, bytes_):
    frame = bytes.fromhex(bytes_)
    payload = "\0".join(fields_.split(" | ")).encode()
    assert frame == HEADER.pack(len(payload)) + payload
    decode = decode_request if kind == "client" else decode_report
    assert encode(decode(payload)) == frame


@pytest.mark.parametrize(
    ("_kind", "bytes_", "code"), [e for e in EXAMPLES if e[0] == "refused"]
)
def test_a_refused_example_is_refused(_kind, bytes_, code):
    with pytest.raises(ProtocolError) as caught:
        list(map(decode_request, Decoder().feed(bytes.fromhex(bytes_))))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("title", "schemas"),
    [("2. What a client says", REQUESTS), ("3. What the server says", REPORTS)],
)
def test_the_tables_list_every_verb_with_its_fields(title, schemas):
    documented = {
        words(verb)[0]: parts.split()
        for verb, parts, _ in rows(section(PROTOCOL, title))
    }
    real = {
        verb: [f.name.replace("sender", "from") for f in fields(schema.message)]
        for verb, schema in schemas.items()
    }
    assert documented == real


def test_every_code_that_we_send_is_listed():
    sent = set()
    for path in files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "id", "")
                first = node.args[0]
                is_code = name in {"Refusal", "Farewell", "Bye", "FrameError"}
                is_code |= name == "MessageError"
                if is_code and isinstance(first, ast.Constant):
                    sent.add(first.value)
    listed = {w for row in rows(section(PROTOCOL, "5. Rules")) for w in words(row[0])}
    assert sent <= listed
    # Sent in another form than Refusal("code", ...):
    elsewhere = {"storage", "internal", "login-timeout", "ping-timeout"}
    elsewhere |= {"forbidden", "no-such-request", "replaced", "kicked", "no-such-room"}
    assert listed - sent <= elsewhere


TRANSCRIPT = re.search(r"```transcript\n(.*?)\n```", PROTOCOL, flags=re.S)[1]


def payload_of(written):
    return "\0".join(field.strip() for field in written.split("|")).encode()


def test_the_session_goes_as_it_is_written(start_server, connect, monkeypatch):
    monkeypatch.setattr("chat.lines.now_ms", lambda: 1_790_000_000_000)
    log = open_log("memory")
    log.id = "5eed"
    server, peers = start_server(log=log, rate=10), {}
    for step in TRANSCRIPT.splitlines():
        name, arrow, written = re.match(r"(\w+)([<>!]) ?(.*)", step).groups()
        peer = peers.get(name) or peers.setdefault(name, connect(server))
        frame = HEADER.pack(len(payload_of(written))) + payload_of(written)
        if arrow == "!":
            peers.pop(name).close()
        elif arrow == ">":
            peer.sock.sendall(frame)
        else:
            assert peer.sock.recv(len(frame), MSG_WAITALL) == frame, step


def test_every_verb_is_in_an_example():
    shown = {step.split("|")[0].split()[-1] for step in TRANSCRIPT.splitlines()}
    shown |= {written.split(" | ")[0] for _, written, _ in EXAMPLES}
    assert {*REQUESTS, *REPORTS} <= shown


# -- docs/ARCHITECTURE.md ------------------------------------------------------------


def test_the_file_table_is_what_the_files_say_of_themselves():
    table = rows(section(ARCHITECTURE, "Files"))
    documented = {words(file)[0]: story for file, story in table}
    real = {
        path.relative_to(ROOT).as_posix(): ast.get_docstring(
            ast.parse(path.read_text(encoding="utf-8"))
        ).splitlines()[0]
        for path in files()
    }
    assert documented == real


def test_every_thread_that_we_start_is_in_the_thread_table():
    text = "".join(path.read_text(encoding="utf-8") for path in files())
    started = set(re.findall(r'guard\.start\("(\w+)"|name="(\w+)"', text))
    started = {one or other for one, other in started}
    table = section(ARCHITECTURE, "Threads")
    documented = {words(row[0])[0].split()[0] for row in rows(table)}
    assert documented == started | {"main", "reader", "wire", "bot"}


def test_every_lock_is_in_the_lock_table():
    locks = set()
    for path in files():
        found = re.findall(r"self\.(\w+) = .*?\bLock\(\)", path.read_text())
        if not lock_order.is_lesson(short := path.relative_to(ROOT)):
            locks |= {f"{short.as_posix()} {name}" for name in found}
    table = section(ARCHITECTURE, "Locks")
    assert {" ".join(words(row[0])) for row in rows(table)} == locks


def test_the_lock_table_is_what_the_tests_watch_over():
    table = rows(section(ARCHITECTURE, "Locks"))
    documented = {
        " ".join(words(lock)): (int(rank), {*touches.split(", ")} - {"nothing"})
        for lock, rank, _guards, _held_for, touches in table
    }
    assert documented == lock_order.RANKS


# -- README.md -----------------------------------------------------------------------


def test_the_first_twenty_lines_show_how_to_start():
    top = "\n".join(README.splitlines()[:20])
    assert re.search("python server.py.*python client.py.*python tests", top, re.S)


def test_the_pictures_are_of_the_real_screen():
    drawn = {row[1:-1].rstrip() for row in read("tests/goldens/talk.txt").splitlines()}
    blocks = re.findall(r"(?:^    .*\n)+", README, flags=re.M)
    pictures = [block for block in blocks if "online 12 ms" in block]
    assert len(pictures) == 2
    for picture in pictures:
        assert {row[4:] for row in picture.splitlines()} <= drawn


def test_the_picture_of_the_dashboard_is_a_real_one():
    drawn = read("tests/goldens/watch/lesson.txt").partition("\n\n")[0].splitlines()
    rows_ = [row[1:-1].rstrip() for row in drawn if row.startswith("|")]
    assert "\n".join(f"    {row}" for row in rows_) in README


def test_the_readme_shows_every_preference():
    assert sample() in README


def test_the_readme_lists_every_command_and_alias():
    table = section(README, "Commands").replace("\\|", "|")
    documented = [words(row[0]) + words(row[1]) for row in rows(table)]
    real = [
        [
            f"/{row.name} {row.arguments}".strip(),
            *[f"/{alias}" for alias in row.aliases],
            *row.bare,
        ]
        for row in COMMANDS
    ]
    assert documented == real


def test_the_readme_lists_every_command_of_the_console():
    table = section(README, "The operator's console").replace("\\|", "|")
    documented = [
        (*words(row[0]), *words(row[1]), row[-1].removeprefix("| "))
        for row in rows(table)
    ]
    real = [
        (row.usage, *[f"/{alias}" for alias in row.aliases], row.help)
        for row in CONSOLE_COMMANDS
    ]
    assert documented == real


def test_the_readme_lists_every_option_of_the_server(capsys):
    with pytest.raises(SystemExit):
        read_settings(["--help"])
    real = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    table = section(README, "Options of the server")
    documented = {words(row[0])[0].split()[0] for row in rows(table)}
    assert documented == real
    assert f"port {Settings().port}" in README


def test_the_readme_lists_every_lab_with_its_question():
    documented = [
        (words(file)[0], title, question)
        for file, title, question in rows(section(README, "The labs"))
    ]
    assert documented == [(lab.file, lab.title, lab.question) for lab in LABS]


def test_the_commands_of_write_your_own_work(capfd, monkeypatch):
    monkeypatch.chdir(ROOT)
    commands = re.findall(r"^    python (.*)$", section(README, "Write your own"), re.M)
    assert len(commands) == 3
    for command in commands:
        words_ = [
            word.replace("python ", f"{sys.executable} ") for word in split(command)
        ]
        some = [] if "explain" in words_ else ["--stage", "3", "--slow", "4"]
        done = subprocess.run([sys.executable, *words_, *some], check=False)
        assert done.returncode == 0, capfd.readouterr().out


# -- SECURITY.md ---------------------------------------------------------------------

# What bounds our own doing, not what others may make us do:
OURS_ALONE = {
    "chat/desk.py LONGEST_REASON",
    "chat/desk.py MOST_MINUTES",
    "chat/frames.py MAX_CHUNK",
    "chat/log.py MOST_KEPT",  # an option's default, and chat/settings.py has it too
    "chat/scribe.py MAX_BATCH",
    "chat/settings.py MOST_CLIENTS",  # likewise
    "chat/settings.py port",
    "chat/settings.py seconds",  # of the demo
    "chat/settings.py seed",
    "tui/entrance.py LONGEST_NAME",  # of one's own; the server decides
    "tui/paste.py MOST_MESSAGES",
    "tui/pieces.py LONGEST_TOLD",  # characters of a text in one row of the wire
    "tui/plain.py MAX_WAIT_S",
    "tui/preferences.py MOST_CHARACTERS",
    "tui/prompt.py MAX_COMMANDS",
}


def limits():
    """Every limit in the code, as SECURITY.md names it, and its value."""
    found = {}
    for where, table in (
        ("net/limits.py", asdict(Limits())),
        ("chat/settings.py", asdict(Settings())),
        *((p.relative_to(ROOT).as_posix(), constants_of(p)) for p in files()),
    ):
        for name, value in table.items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                found[f"{where} {name}"] = value
    return found


def constants_of(path):
    names = re.findall(r"^([A-Z][A-Z_]+)(?:: \w+)? = ", path.read_text(), flags=re.M)
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return {name: getattr(import_module(module), name) for name in names}


def test_the_limits_are_those_of_the_code():
    real = limits()
    for where, limit, _ in rows(section(SECURITY, "Limits")):
        value = real[words(where)[0]]
        assert limit.split()[0] == (f"{value:,}" if value >= 1000 else f"{value:g}")


def test_no_limit_is_forgotten():
    documented = {words(row[0])[0] for row in rows(section(SECURITY, "Limits"))}
    for name, value in limits().items():
        room, _, rest = name.partition("/")
        is_limit = re.search(r" (MOST|LONGEST|LARGEST|MAX)_|s.py [a-z_]+$", name)
        is_theirs = room in ("chat", "tui") or rest.startswith("limits.py")
        if is_limit and is_theirs and name not in OURS_ALONE:
            row = f"| `{name}` | {value:,} ... | ... |"
            assert name in documented, f"SECURITY.md lacks the row {row}"


def test_links_lead_somewhere():
    for name in ("README.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", read(name)):
            assert ((ROOT / name).parent / link).exists(), link
