"""The past: fetched a page at a time, shown once, above what one reads."""

from hypothesis import given
from hypothesis import strategies as st
from states import Lesson

from messages import Error, History, Ok, Past, Said
from tui import past
from tui.events import Lost, Scroll, Send
from tui.keys import Key, Typed
from tui.scrollback import Item
from tui.view import scroll, view
from tui.width import Ruler
from tui.wording import body, plain_line

RULER = Ruler()


class Reader(Lesson):
    """A lesson at a server that keeps history, and its answers."""

    def __init__(self, **options):
        super().__init__(facts=("history=disk",), **options)

    def tells(self, id, *seqs, more="no", where="#lobby", sender="ana"):
        for seq in seqs:
            time = 1_790_000_000_000 + seq
            line = Past(id, seq, time, where, sender, f"line {seq}")
            self.model.receive(line)
        self.model.receive(Ok(id, (more,)))

    def says_line(self, seq, sender="ana", id=""):
        time = 1_790_000_000_000 + seq
        line = Said(seq, time, "#lobby", sender, f"line {seq}", id)
        return self.model.receive(line)

    @property
    def lines(self):
        return [item.text for item in self.model.talk.scrollback if item.seq]

    def picture(self, height=12):
        return list(view(self.model, 60, height, RULER, 100.0).lines())

    def scrolls(self, rows=-1, height=12):
        return scroll(self.model, Scroll(rows=rows), 60, height, RULER, 100.0)


def names(*seqs):
    return [f"line {seq}" for seq in seqs]


def test_who_enters_asks_for_the_newest_lines_once():
    lesson = Reader()
    assert lesson.model.talk.past.id == "h1"
    assert past.ask_newest(lesson.model.chat, lesson.model.talk) == []
    lesson.tells("h1", 3, 4)
    assert lesson.lines == names(3, 4)
    assert past.ask_newest(lesson.model.chat, lesson.model.talk) == []


def test_the_first_page_has_twenty_lines_and_a_scrolled_one_a_hundred():
    lesson = Reader()
    lesson.model.talk.turn_past("unknown")
    chat, talk = lesson.model.chat, lesson.model.talk
    wanted = past.ask_newest(chat, talk)
    assert wanted == [Send(History("h2", "#lobby", None, 20))]
    lesson.tells("h2", 7, more="yes")
    assert lesson.model.fetch_older() == [Send(History("h3", "#lobby", 7, 100))]


def test_a_server_without_history_is_asked_nothing():
    model = Lesson(facts=("history=off",)).model
    assert model.talk.past.state == "unknown"
    assert model.fetch_older() == []
    model.submit("/history")
    assert "keeps no lines" in model.hint


def test_what_was_said_earlier_is_marked_and_stands_above():
    lesson = Reader()
    lesson.tells("h1", 3, 4)
    words = [row.strip("─ ")[-19:].split(maxsplit=1) for row in lesson.picture()]
    assert [last for _, last in words[3:9]] == [
        "of #lobby",
        "21 September 2026",
        "ana  line 3",
        "ana  line 4",
        "said earlier",
        "20 November 2026",
    ]


def test_loading_is_said_until_the_beginning_is():
    lesson = Reader()
    assert any("loading older lines ..." in row for row in lesson.picture())
    lesson.tells("h1", 3, more="yes")
    assert not any("loading" in row for row in lesson.picture())
    lesson.model.fetch_older()
    assert any("loading older lines ..." in row for row in lesson.picture())
    lesson.tells("h2", 1, 2)
    assert any("· the beginning of #lobby" in row for row in lesson.picture())
    assert lesson.lines == names(1, 2, 3)
    assert lesson.model.fetch_older() == []


def test_scrolling_above_the_top_asks_and_shows_that_it_does():
    lesson = Reader()
    lesson.tells("h1", *range(21, 41), more="yes")
    assert lesson.scrolls(-5) == []
    assert lesson.scrolls(-100) == [Send(History("h2", "#lobby", 21, 100))]
    assert lesson.picture()[1].startswith("loading older lines")
    assert lesson.scrolls(-1) == []  # one page at a time


def test_what_one_reads_stays_when_older_lines_come():
    lesson = Reader()
    lesson.tells("h1", *range(21, 41), more="yes")
    lesson.scrolls(-100)
    before = lesson.picture()
    first = before.index(next(row for row in before if "line 21" in row))
    lesson.tells("h2", *range(1, 21), more="yes")
    after = lesson.picture()
    assert after[first:10] == before[first:10]
    assert [row.split()[-1] for row in after[1:first]] == ["19", "20"]


def test_a_talk_that_fits_the_screen_can_be_scrolled_into_the_past():
    lesson = Reader()
    lesson.tells("h1", 5, more="yes")
    assert lesson.scrolls(-1) == [Send(History("h2", "#lobby", 5, 100))]
    lesson.tells("h2", 4)
    assert not lesson.model.talk.viewport.is_locked
    assert any("line 4" in row for row in lesson.picture())


def test_ctrl_home_asks_too():
    lesson = Reader()
    lesson.tells("h1", *range(21, 41), more="yes")
    [asked] = lesson.model.press(Key("ctrl-home"))
    assert asked.message.before == 21
    assert lesson.picture()[1].startswith("loading")


def test_the_past_rings_no_bell_and_counts_nowhere():
    lesson = Reader()
    talks = lesson.model.chat.talks
    talks.show(talks.open("#help"))
    line = Past("h1", 3, 0, "#lobby", "ana", "you: look")
    assert lesson.model.receive(line) == []
    assert lesson.model.receive(Ok("h1", ("no",))) == []
    lobby = lesson.model.chat.lobby
    assert (lobby.unread, lobby.mentions, lobby.marker) == (0, 0, None)


def test_a_line_that_comes_live_and_with_the_past_is_shown_once():
    lesson = Reader()
    lesson.says_line(5)
    lesson.tells("h1", 3, 4, 5)
    lesson.says_line(6)
    assert lesson.lines == names(3, 4, 5, 6)


def test_a_line_of_mine_that_the_past_brought_first_is_settled_and_shown_once():
    lesson = Reader()
    lesson.sends("line 5")
    lesson.tells("h1", 4, 5, sender="you")
    lesson.says_line(5, "you", "k1")
    assert lesson.lines == names(4, 5)
    assert not lesson.model.chat.pending


@given(st.data())
def test_no_order_of_said_and_past_shows_a_line_twice_or_in_disorder(data):
    """Nine lines; the answer may hold some that are told live only after it."""
    lesson = Reader()
    asked, before = "h1", 10
    for seq in range(data.draw(st.integers(1, 9)), 10):
        if asked and data.draw(st.booleans()):
            first = data.draw(st.integers(1, seq))
            lesson.tells(asked, *range(first, min(seq + 1, before)), more="yes")
            effects = lesson.model.fetch_older()
            asked, before = "", 0
            for effect in effects:
                asked, before = effect.message.id, effect.message.before
        lesson.says_line(seq)
        if data.draw(st.booleans()):
            lesson.says_line(seq)  # a double
    numbers = [int(text.split()[1]) for text in lesson.lines]
    assert numbers == sorted(set(numbers))
    assert 9 in numbers


def test_a_broken_connection_leaves_nothing_loading():
    lesson = Reader()
    lesson.tells("h1", 5, more="yes")
    lesson.model.fetch_older()
    lesson.model.receive(Lost("the cable is out", 104.0, 1))
    assert lesson.model.talk.past.state == "more"
    lesson.tells("h2", 4)  # an answer from a connection that is gone
    assert lesson.lines == names(5)


def test_a_refused_past_is_asked_no_more():
    lesson = Reader()
    lesson.model.receive(Error("h1", "forbidden", "not yours"))
    assert lesson.model.talk.past.state == "none"
    assert lesson.model.fetch_older() == []


def test_older_lines_never_push_out_newer_ones():
    lesson = Reader()
    lesson.tells("h1", 10_500, more="yes")
    talk = lesson.model.talk
    while talk.scrollback.room > 3:
        talk.hear(Item("said", 0.0, "hi", "ana"))
    newest = talk.scrollback.last
    [asked] = lesson.model.fetch_older()
    assert asked.message.limit == 3
    lesson.tells("h2", 1, 2, 3, 4, more="yes")
    assert talk.scrollback.last is newest
    assert lesson.lines[:3] == names(2, 3, 4)
    assert talk.past.state == "full"
    assert lesson.model.fetch_older() == []


def test_the_command_asks_for_so_many_and_shows_them():
    lesson = Reader()
    lesson.tells("h1", *range(21, 41), more="yes")
    lesson.model.press(Typed("/history 7"))
    [asked] = lesson.model.press(Key("enter"))
    assert asked.message == History("h2", "#lobby", 21, 7)
    lesson.tells("h2", *range(14, 21), more="yes")
    assert "line 14" in lesson.picture()[2]


def test_without_a_connection_the_past_is_not_promised():
    lesson = Reader()
    lesson.tells("h1", 5, more="yes")
    lesson.model.receive(Lost("the cable is out", 104.0, 1))
    assert lesson.model.submit("/history") == []
    assert "no connection" in lesson.model.hint
    assert not lesson.model.talk.past.is_wanted_now


def test_in_lines_the_past_is_printed_and_marked():
    lesson = Reader()
    printed = []
    lesson.model.chat.on_item = lambda item: printed.append(plain_line(item, "you"))
    lesson.tells("h1", 3)
    [line] = printed
    assert line.startswith("[2026-09-21 ")
    assert line.endswith("] (earlier) ana: line 3")


def test_a_private_talk_that_is_shown_has_a_past():
    lesson = Reader()
    lesson.model.press(Typed("/msg bob"))
    assert lesson.model.press(Key("enter")) == [Send(History("h2", "bob", None, 20))]
    lesson.tells("h2", 3, where="bob", sender="bob")
    item = lesson.model.talk.scrollback[-1]
    assert body(item, "you") == "[Private from bob]: line 3"


def test_whom_one_ignores_has_no_past_either():
    lesson = Reader()
    lesson.model.submit("/ignore ana")
    lesson.tells("h1", 3)
    assert lesson.lines == []
