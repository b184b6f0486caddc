import re
from pathlib import Path

import pytest

pytest.importorskip("termios", reason="pseudo-terminals are POSIX")

from terminal_demo import DEMO
from terminal_rig import Rig

MAIN_SCREEN = b"\x1b[?1049l"  # what a terminal is told when the screen goes


def test_stderr_stays_off_the_screen_and_its_file_is_named_afterwards():
    with Rig(DEMO) as rig:
        rig.type("e")
        rig.wait_for("'e'")
        rig.type("q")
        rig.wait_for_exit()
        before, _, after = bytes(rig.output).partition(MAIN_SCREEN)
        assert b"speaks" not in before + after
        log = Path(re.search(r"are in (\S+\.log)", after.decode())[1])
    assert log.read_text() == "descriptor 2 speaks\nstderr speaks\n"
    log.unlink()


def test_nothing_on_stderr_leaves_no_file(tmp_path):
    with Rig(DEMO, env={"TMPDIR": str(tmp_path)}) as rig:
        rig.wait_for("80x24")
        assert list(tmp_path.glob("homeroom-*.log"))
        rig.type("q")
        rig.wait_for_exit()
        assert not list(tmp_path.iterdir())
        assert b"Errors" not in rig.output


def test_stderr_sent_elsewhere_by_the_user_goes_there(tmp_path):
    with open(tmp_path / "errors.txt", "wb") as errors, Rig(DEMO, stderr=errors) as rig:
        rig.type("e")
        rig.wait_for("'e'")
    assert b"stderr speaks" in (tmp_path / "errors.txt").read_bytes()
