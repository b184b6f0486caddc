"""The ticket: what the next hello says."""

from hypothesis import given
from hypothesis import strategies as st

from messages import Renamed, Said, Told, Welcome
from tui.ticket import Ticket


def ticket(*reports):
    made = Ticket()
    made.name = "ana"
    for report in reports:
        made.note(report)
    return made


def welcome(seq=7, resumed="no", log="5eed"):
    return Welcome("1", "ana", log, seq, resumed)


def said(seq):
    return Said(seq, 0, "#lobby", "bob", "hi")


def test_the_first_hello_resumes_nothing():
    hello = ticket().hello()
    assert (hello.name, hello.since, hello.log) == ("ana", None, "")
    assert len(bytes.fromhex(hello.session)) == 16


def test_every_hello_of_a_run_has_the_same_session_and_no_other_run_has():
    one = ticket()
    assert one.hello().session == one.hello().session
    assert one.hello().session != ticket().hello().session


def test_the_next_hello_says_how_far_one_has_read():
    one = ticket(welcome(7))
    assert (one.hello().since, one.hello().log) == (7, "5eed")
    one.note(said(9))
    one.note(Told(12, 0, "bob", "ana", "psst"))
    assert one.hello().since == 12


def test_a_welcome_that_resumes_leaves_the_count_where_it_was():
    one = ticket(welcome(7), said(9), welcome(20, "yes"))
    assert one.hello().since == 9


def test_another_log_begins_another_count():
    one = ticket(welcome(7), said(90), welcome(3, "no", "f00d"))
    assert (one.hello().since, one.hello().log) == (3, "f00d")


def test_a_line_sent_again_does_not_count_back():
    assert ticket(welcome(7), said(9), said(8)).hello().since == 9


def test_ones_own_new_name_is_said_and_nobody_elses():
    one = ticket(welcome(), Renamed("bob", "rob"))
    assert one.hello().name == "ana"
    one.note(Renamed("ana", "anna"))
    assert one.hello().name == "anna"


def test_the_servers_spelling_of_the_name_counts():
    assert ticket(Welcome("1", "Ana", "", 0, "no")).hello().name == "Ana"


@given(st.lists(st.integers(1, 99)))
def test_nothing_heard_is_ever_asked_for_again(seqs):
    one = ticket(welcome(0), *map(said, seqs))
    assert one.hello().since == max(seqs, default=0)
