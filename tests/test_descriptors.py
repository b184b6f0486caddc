"""How many peers fit; in processes of their own, for the limit is the process's."""

import subprocess
import sys

import pytest

from net.descriptors import RESERVE

pytest.importorskip("resource")

CHILD = """
import resource
from net.descriptors import raise_limit
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
print(raise_limit(), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


def raised(soft, hard):
    code = CHILD.format(soft=soft, hard=hard)
    out = subprocess.check_output([sys.executable, "-c", code], text=True)
    return tuple(map(int, out.split()))


def test_the_limit_rises_as_far_as_the_system_grants():
    assert raised(soft=100, hard=200) == (200 - RESERVE, 200)


def test_some_are_kept_for_the_rest_of_the_program_but_one_peer_always_fits():
    assert raised(soft=30, hard=40) == (1, 40)
