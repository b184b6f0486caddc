"""What a server can make a client keep, which may be a hostile one: never all of it.

The second table of limits in SECURITY.md, row by row, said to a model. What waits for
the screen is in test_inbox.py, a real client in torture/test_hostile_server.py.
"""

from messages import (
    Asked,
    Joined,
    Left,
    Notice,
    Past,
    Renamed,
    Said,
    Told,
    Users,
    Welcome,
)
from tui.asking import MOST_REQUESTS
from tui.chat import MOST_NAMES
from tui.events import Send
from tui.model import Model
from tui.past import PAGE
from tui.rooms import MOST_JOINS
from tui.roster import LONGEST_COMPARED, MOST_PEOPLE, compared
from tui.sanitize import LONGEST_LINE, make_safe_line
from tui.scrollback import MOST_CHARACTERS, Item, Scrollback
from tui.style import MOST_COLOURS, NickColours, nick_style
from tui.talk import MOST_FOLDED, MOST_SPEAKERS
from tui.talks import MOST_TALKS

INVENTED = 400  # names in one report
LONG = "x" * 60_000  # nearly a frame


def model(*facts):
    made = Model("ana", "lab:5000", now=lambda: 0.0)
    made.receive(Welcome("1", "ana", "log", 0, "no", facts or ("history=off",)))
    made.receive(Users("", "#lobby", ("ana", "bob")))
    return made


def hears(ana, reports):
    for report in reports:
        ana.receive(report)


def crowds(people):
    """Names that nobody has heard, some at a time."""
    for first in range(0, people, INVENTED):
        yield tuple(f"ghost{number}" for number in range(first, first + INVENTED))


def names_of(ana):
    return [talk.name for talk in ana.chat.talks]


# -- People --------------------------------------------------------------------------


def test_of_a_hundred_thousand_invented_people_ten_thousand_are_listed():
    ana = model()
    hears(ana, (Joined("#lobby", names) for names in crowds(100_000)))
    assert len(ana.roster) == MOST_PEOPLE
    ana.receive(Left("#lobby", "quit", ("ghost1",)))
    ana.receive(Joined("#lobby", ("mei",)))
    assert "mei" in ana.roster  # there is room again


def test_a_list_of_too_many_people_is_cut():
    ana = model()
    ana.receive(Users("", "#lobby", tuple(map(str, range(MOST_PEOPLE + 1)))))
    assert len(ana.roster) == MOST_PEOPLE


def test_a_line_of_comings_and_goings_has_an_end():
    ana = model()
    for names in crowds(10 * MOST_FOLDED):
        ana.receive(Joined("#lobby", names))
        ana.receive(Left("#lobby", "quit", names))
    for item in ana.talk.scrollback:
        assert len(item.names) + len(item.gone) <= MOST_FOLDED + INVENTED


def test_who_spoke_long_ago_is_forgotten():
    ana = model()
    for number in range(1, MOST_SPEAKERS + 2):
        ana.receive(Said(number, 0, "#lobby", f"ghost{number}", "hi"))
    assert len(ana.talk.speakers) == MOST_SPEAKERS
    assert ana.talk.speakers[0] == f"ghost{MOST_SPEAKERS + 1}"
    assert "ghost1" not in ana.talk.speakers


def test_the_colours_of_a_thousand_names_are_remembered():
    colours = NickColours()
    given = [colours.style_of(f"ghost{n}") for n in range(2 * MOST_COLOURS)]
    assert len(colours._given) == MOST_COLOURS
    assert [colours.style_of(f"ghost{n}") for n in range(2 * MOST_COLOURS)] == given
    assert colours.style_of("ghost5000") == nick_style("ghost5000")


def test_a_name_has_a_length():
    ana = model()
    ana.receive(Joined("#lobby", (LONG, "\0" * 400)))
    assert max(map(len, ana.roster)) == LONGEST_LINE
    assert make_safe_line("\n" + LONG) == " " + "x" * (LONGEST_LINE - 1)
    assert compared(LONG) == "x" * LONGEST_COMPARED


def test_of_my_own_names_the_last_ones_are_known():
    ana = model()
    for number in range(2 * MOST_NAMES):
        ana.receive(Renamed(ana.chat.name, f"ana{number}"))
    assert ana.chat.name == f"ana{2 * MOST_NAMES - 1}"
    assert len(ana.chat._names) == MOST_NAMES


# -- Talks ---------------------------------------------------------------------------


def strangers_write(ana, how_many, first_seq=1):
    for number in range(how_many):
        name = f"stranger{number + first_seq - 1}"
        ana.receive(Told(number + first_seq, 0, name, "ana", "hello"))


def test_ten_thousand_strangers_open_a_hundred_talks():
    ana = model()
    strangers_write(ana, 10_000)
    assert len(ana.chat.talks) == MOST_TALKS
    assert names_of(ana)[0] == "#lobby"
    assert names_of(ana)[-1] == "stranger9999"


def test_strangers_do_not_push_out_whom_one_talks_with():
    ana = model()
    strangers_write(ana, 2)
    ana.chat.talks.go(2)  # look at stranger0, and back
    ana.chat.talks.go(1)
    ana.receive(Users("", "#maths", ("ana",)))
    strangers_write(ana, 3 * MOST_TALKS, first_seq=10)
    assert {"stranger0", "#maths"} <= set(names_of(ana))
    assert "stranger1" not in names_of(ana)


def test_a_talk_with_a_draft_or_on_the_screen_stays():
    ana = model()
    for number, name in enumerate(("mei", "zoe"), 1):
        ana.receive(Told(number, 0, name, "ana", "hello"))
    ana.chat.talks.find("zoe").editor.insert("a draft")
    ana.chat.talks.show(ana.chat.talks.find("mei"))
    ana.talk.was_seen = False  # the screen alone must keep it
    strangers_write(ana, 3 * MOST_TALKS, first_seq=10)
    assert {"mei", "zoe"} <= set(names_of(ana))
    assert ana.talk.name == "mei"


def test_invented_rooms_are_bounded_too_even_those_one_has_looked_at():
    ana = model()
    for number in range(2 * MOST_TALKS):
        ana.receive(Users("", f"#room{number}", ("ana",)))
        ana.chat.talks.show(ana.chat.talks.find(f"#room{number}"))
    assert len(ana.chat.talks) == MOST_TALKS
    assert names_of(ana)[0] == "#lobby"


def test_among_nothing_but_rooms_somebody_can_still_write():
    ana = model()
    hears(ana, (Users("", f"#room{number}", ("ana",)) for number in range(MOST_TALKS)))
    ana.receive(Told(1, 0, "mei", "ana", "hello"))
    assert names_of(ana)[-1] == "mei"
    assert len(ana.chat.talks) == MOST_TALKS


def test_rooms_that_never_answer_are_asked_for_once():
    ana = model()
    for number in range(10 * MOST_JOINS):
        ana.receive(Users("", f"#room{number}", ("ana",)))
        if number % 10 == 0:
            ana.receive(Welcome("1", "ana", f"log{number}", 0, "no"))
    rooms = [join.room for join in ana.chat.pending]
    assert len(rooms) == len(set(rooms)) == MOST_JOINS - 1


# -- Texts ---------------------------------------------------------------------------


def characters(ana):
    return sum(len(item.text) for item in ana.talk.scrollback)


def test_long_lines_push_out_the_oldest_sooner():
    ana = model()
    hears(ana, (Notice(f"{number} {LONG}") for number in range(100)))
    assert MOST_CHARACTERS - 2 * len(LONG) < characters(ana) <= MOST_CHARACTERS
    assert ana.talk.scrollback.last.text.startswith("99 ")
    assert not ana.talk.scrollback.room


def test_one_line_is_kept_however_long_it_is():
    ana = model()
    hears(ana, (Notice(f"{number} {LONG}") for number in range(3)))
    ana.receive(Notice("x" * 2 * MOST_CHARACTERS))
    assert len(list(ana.talk.scrollback)) == 1
    ana.talk.scrollback.clear()
    ana.receive(Notice("short"))
    ana.receive(Notice("shorter"))
    assert len(list(ana.talk.scrollback)) == 2


def test_what_grows_where_it_stands_or_comes_from_the_past_weighs_as_much():
    half = Item("said", 0.0, "x" * (MOST_CHARACTERS // 2 + 1))
    kept = Scrollback()
    kept.append(Item("said", 0.0, "short"))
    kept.replace_last(half)
    kept.append(half)
    assert list(kept) == [half]
    kept.append(Item("said", 0.0, "short"))
    kept.clear()
    kept.prepend([half])
    kept.append(half)
    assert list(kept) == [half]


def test_names_weigh_too():
    crowd = tuple("x" * 400 for _ in range(MOST_CHARACTERS // 600))
    kept = Scrollback()
    kept.append(Item("presence", 0.0, names=crowd))
    kept.append(Item("presence", 0.0, gone=crowd))
    assert [item.gone for item in kept] == [crowd]


def test_a_page_of_the_past_has_a_hundred_lines():
    ana = Model("ana", "lab:5000", now=lambda: 0.0)
    ana.receive(Welcome("1", "ana", "log", 0, "no", ("history=disk",)))
    effects = ana.receive(Users("", "#lobby", ("ana",)))
    [id] = [effect.message.id for effect in effects if isinstance(effect, Send)]
    hears(ana, (Past(id, seq, 0, "#lobby", "bob", "hi") for seq in range(1, 1_000)))
    assert len(ana.talk.past.lines) == PAGE


# -- Requests ------------------------------------------------------------------------


def test_of_too_many_requests_the_oldest_is_forgotten():
    ana = model()
    for number in range(MOST_REQUESTS + 1):
        ana.receive(Asked(f"r{number}", f"ghost{number}", "chat", "", 60))
    open_ones = ana.chat.requests.open(0.0)
    assert len(open_ones) == MOST_REQUESTS
    assert open_ones[0].req == "r1"
