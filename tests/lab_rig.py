"""Labs for tests: loaded as modules, run in this process, and changed copies of them.

    code, said = run(load(file), "--yes")
    load(changed(file, tmp_path, "recv(1024)", "recv(5)"))

A changed copy is how a test proves that a lab can fail.
"""

import contextlib
import importlib.util
import io
import sys
from pathlib import Path

from labs.contents import LABS
from labs.lesson import teach

ROOT = Path(__file__).resolve().parent.parent
FILES = [ROOT / entry.file for entry in LABS]


def load(file):
    """The lab as a module, as if it were imported by its name."""
    name = f"lab_{Path(file).stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where inspect looks for the story
    path = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = path
    return module


def run(module, *options):
    """Its exit code, and what it printed."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = teach(module.LAB, list(options))
    return code, said.getvalue()


def changed(file, folder, old, new):
    """A copy of the lab in which one thing is different."""
    source = Path(file).read_text(encoding="utf-8")
    assert source.count(old) == 1, f"{old!r} stands there {source.count(old)} times"
    copy = folder / Path(file).name
    copy.write_text(source.replace(old, new), encoding="utf-8")
    return copy
