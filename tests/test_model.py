"""The person's side: lines, commands, keys, and leaving."""

import pytest

import messages
from messages import Error, Said, Say, Tell, Told, Users, Welcome, Who
from tui.commands import COMMANDS
from tui.events import (
    Ended,
    Entered,
    InputEnded,
    Lost,
    Quit,
    Reconnect,
    Redraw,
    Ring,
    Scroll,
    Send,
    Suspend,
)
from tui.keys import Key, Paste, Typed
from tui.model import HINT_S, Model
from tui.scrollback import Pages, Place
from tui.wording import body

GOODBYE = [Send(messages.Quit())]
LOST = Lost("the connection broke", 10.0, 1)
WELCOME = Welcome("1", "ana", "log", 0, "no", ("history=off",))


def offline():
    return Model("ana", "lab:5000", now=lambda: 0.0)


def online():
    model = offline()
    model.receive(WELCOME)
    model.receive(Users("", "#lobby", ("ana", "bob")))
    return model


def press(model, *names):
    """The effects of the last of these keys."""
    return [model.press(Key(name)) for name in names][-1]


def type_line(model, text):
    model.press(Typed(text))
    return press(model, "enter")


def comes_back(model, id="k1", seq=1):
    return model.receive(Said(seq, 0, "#lobby", "ana", "hi", id))


def last_line(model):
    scrollback = model.talk.scrollback
    return body(scrollback[scrollback.end - 1], "ana")


# -- Lines and commands ------------------------------------------------------------


def test_enter_sends_the_line_and_empties_the_input():
    model = online()
    assert type_line(model, "hi") == [Send(Say("k1", "#lobby", "hi"))]
    assert model.editor.text == ""


def test_every_request_has_an_id_of_its_own():
    model = online()
    assert type_line(model, "hi") == [Send(Say("k1", "#lobby", "hi"))]
    assert type_line(model, "/w bob hi") == [Send(Tell("k2", "bob", "hi"))]
    assert type_line(model, "/who") == [Send(Who("k3", "#lobby"))]


def test_a_line_typed_while_offline_waits():
    model = offline()
    assert type_line(model, "hi") == []
    assert model.receive(WELCOME) == [Send(Say("k1", "#lobby", "hi"))]


@pytest.mark.parametrize("line", ["", "   ", "\n\n"])
def test_an_empty_line_is_nothing(line):
    model = online()
    model.press(Paste(line))
    assert press(model, "enter") == []
    assert model.hint == ""


@pytest.mark.parametrize("line", ["/hlep", "/msg", "/close", "/msg ana hi"])
def test_a_refused_line_stays_in_the_input_with_a_hint(line):
    model = online()
    model.press(Paste(line))
    assert press(model, "enter") == []
    assert model.editor.text == line
    assert model.hint != ""
    assert not model.chat.pending
    press(model, "left")
    assert model.hint == ""


def test_exactly_4000_characters_fit():
    model = online()
    assert type_line(model, "x" * 4000) == [Send(Say("k1", "#lobby", "x" * 4000))]


PASTED = "/quit\nx = 1"


def with_paste():
    model = online()
    assert model.press(Paste(PASTED)) == []
    assert press(model, "enter") == []
    assert model.hint.startswith("Send 2 lines")
    return model


def test_a_paste_never_runs_and_asks_before_it_is_sent_as_one_message():
    model = with_paste()
    assert press(model, "enter") == [Send(Say("k1", "#lobby", PASTED))]
    assert model.editor.text == ""
    assert model.question is None


def test_the_question_can_be_answered_with_editing_or_joining():
    model = with_paste()
    assert press(model, "escape") == []
    assert "\n" in model.editor.text
    press(model, "enter")
    press(model, "ctrl-j")
    assert "\n" not in model.editor.text


def test_any_other_key_goes_on_editing():
    model = with_paste()
    press(model, "backspace")
    assert model.question is None
    assert model.editor.text.endswith("x = ")


def test_a_private_text_of_many_messages_goes_to_that_person_alone():
    model = online()
    model.press(Typed("/msg bob "))
    model.press(Paste("x" * 5000))
    press(model, "enter")
    sent = press(model, "enter")
    assert [type(effect.message) for effect in sent] == [Tell, Tell]
    assert {effect.message.to for effect in sent} == {"bob"}


def test_tab_completes_the_last_speaker_first():
    model = online()
    model.receive(Users("", "#lobby", ("ana", "bea", "bob")))
    model.receive(Said(1, 0, "#lobby", "bob", "hi"))
    model.press(Typed("b"))
    press(model, "tab")
    assert model.editor.text == "bob: "
    press(model, "tab")
    assert model.editor.text == "bea: "
    assert "bob" in model.candidates


def test_a_slash_shows_the_commands_that_begin_so():
    model = online()
    model.press(Typed("/wh"))
    assert [row.name for row in model.matching][:1] == ["who"]


def test_what_was_said_is_found_again():
    model = online()
    type_line(model, "first one")
    type_line(model, "second")
    press(model, "ctrl-r")
    model.press(Typed("fir"))
    press(model, "enter")
    assert model.editor.text == "first one"
    assert model.history_search is None


def test_a_hint_cannot_steer_the_terminal():
    model = online()
    model.submit("/\x1b[2J")
    assert model.hint.isprintable()


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: row.name)
def test_every_command_of_the_table_does_something(row):
    online().submit(f"/{row.name} {row.arguments}")  # raises where a case is missing


def test_reconnect_is_asked_of_the_receiver():
    assert offline().submit("/reconnect") == [Reconnect()]


def test_help_is_shown_here_and_not_sent():
    model = online()
    assert model.submit("/help") == []
    assert model.help_top == 0
    assert press(model, "down") == [Scroll(rows=1)]
    assert press(model, "pageup") == [Scroll(pages=-1)]
    press(model, "f1")
    assert model.help_top is None
    assert press(model, "f1") == []
    assert model.help_top == 0


def test_help_in_lines_is_shown_as_lines():
    model = online()
    model.chat.has_screen = False
    model.submit("/help")
    assert "/msg NAME [TEXT]" in last_line(model)


def test_clear_empties_the_scrollback():
    model = online()
    model.submit("/clear")
    assert model.talk.scrollback.first == model.talk.scrollback.end


def test_a_private_line_in_words_goes_to_who_is_here():
    model = online()
    assert model.submit("send bob hi") == [Send(Tell("k1", "bob", "hi"))]
    model.press(Key("alt-1"))
    assert model.submit("send sam hi") == [Send(Say("k2", "#lobby", "send sam hi"))]


# -- Keys --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "effect"),
    [
        ("ctrl-l", Redraw()),
        ("ctrl-z", Suspend()),
        ("pageup", Scroll(-1)),
        ("pagedown", Scroll(+1)),
    ],
)
def test_a_key_asks_the_screen(key, effect):
    assert press(online(), key) == [effect]


def test_an_unknown_key_does_nothing():
    assert press(online(), "f12") == []


def scrolled_up(model):
    model.talk.viewport.turn(Pages(0, 100, 100, 10, lambda number: 1), -1)
    assert model.talk.viewport.is_locked
    return model


@pytest.mark.parametrize("key", ["ctrl-end", "end"])
def test_end_goes_to_the_newest_line(key):
    model = scrolled_up(online())
    press(model, key)
    assert not model.talk.viewport.is_locked


def test_end_in_a_typed_line_goes_to_its_end():
    model = scrolled_up(online())
    model.press(Typed("hi"))
    press(model, "home", "end")
    assert model.editor.cursor == 2
    assert model.talk.viewport.is_locked


def test_who_sends_a_line_wants_to_see_it():
    model = scrolled_up(online())
    type_line(model, "hi")
    assert not model.talk.viewport.is_locked


# -- Leaving -----------------------------------------------------------------------


def test_ctrl_c_clears_the_line_and_twice_leaves():
    model = online()
    model.press(Typed("a draft"))
    assert press(model, "ctrl-c") == []
    assert (model.editor.text, model.hint) == ("", "Ctrl+C again leaves")
    assert press(model, "ctrl-c") == GOODBYE
    assert model.receive(messages.Bye("quit")) == [Quit(0)]


def test_another_key_in_between_takes_the_first_ctrl_c_back():
    model = online()
    press(model, "ctrl-c")
    model.press(Typed("x"))
    assert press(model, "ctrl-c") == []


def test_ctrl_d_deletes_in_a_line_and_warns_on_an_empty_one():
    model = online()
    model.press(Typed("x"))
    press(model, "home", "ctrl-d")
    assert (model.editor.text, model.hint) == ("", "")
    press(model, "ctrl-d")
    assert model.hint == "Ctrl+C again leaves"


def test_offline_one_leaves_at_once():
    assert press(offline(), "ctrl-c", "ctrl-c") == [Quit(0)]
    assert offline().submit("/quit") == [Quit(0)]


def test_leaving_waits_for_the_lines_on_their_way():
    model = online()
    type_line(model, "hi")
    assert type_line(model, "/quit") == []
    assert "1 line" in model.hint
    assert comes_back(model) == GOODBYE
    assert comes_back(model, seq=2) == []  # the goodbye is said once


def test_a_refused_line_holds_up_nobody():
    model = online()
    type_line(model, "hi")
    type_line(model, "/quit")
    assert model.receive(Error("k1", "muted", "")) == GOODBYE


def test_whoever_asks_again_leaves_at_once():
    model = online()
    type_line(model, "hi")
    press(model, "ctrl-c", "ctrl-c")
    assert press(model, "ctrl-c") == [Quit(0)]


def test_a_loss_after_the_goodbye_is_as_good_as_a_bye():
    model = online()
    assert model.leave() == GOODBYE
    assert model.receive(LOST) == [Quit(0)]


def test_an_end_after_the_goodbye_is_no_failure():
    model = online()
    model.leave()
    assert model.receive(Ended("the server left"))[0] == Quit(0)
    assert online().receive(Ended("kicked")) == [Quit(1)]


def test_unsent_lines_are_still_sent_after_a_reconnection_before_leaving():
    model = offline()
    model.receive(Entered("hi"))
    assert model.receive(InputEnded()) == []
    assert model.receive(LOST) == []
    assert model.receive(WELCOME) == [Send(Say("k1", "#lobby", "hi"))]
    assert comes_back(model) == GOODBYE


def test_the_end_of_the_input_after_quit_hurries_nobody():
    model = online()
    model.receive(Entered("hi"))
    model.receive(Entered("/quit"))
    assert model.receive(InputEnded()) == []


# -- Talks -------------------------------------------------------------------------


def told(seq, sender, text, to="ana", id=""):
    return Told(seq, 0, sender, to, text, id)


def test_a_private_line_opens_a_talk_and_does_not_take_the_screen():
    model = online()
    assert model.receive(told(1, "bob", "psst")) == [Ring()]
    assert model.talk.name == "#lobby"
    assert [(n, talk.name) for n, talk in model.chat.talks.unread] == [(2, "bob")]


def test_in_a_private_talk_a_line_goes_to_that_person_alone():
    model = online()
    model.submit("/msg BOB")
    assert model.talk.name == "bob"
    assert type_line(model, "psst") == [Send(Tell("k1", "bob", "psst"))]
    assert model.chat.waiting_in(model.talk) == [Tell("k1", "bob", "psst")]
    model.press(Key("alt-1"))
    assert model.chat.waiting_in(model.talk) == []
    assert type_line(model, "hi") == [Send(Say("k2", "#lobby", "hi"))]


def test_in_lines_a_private_line_never_changes_where_lines_go():
    model = online()
    model.chat.has_screen = False
    model.submit("/msg bob psst")
    assert model.submit("hi") == [Send(Say("k2", "#lobby", "hi"))]
    model.submit("/msg bob")
    assert model.hint == "usage: /msg NAME TEXT"


def test_a_draft_stays_where_it_was_typed_and_a_sent_line_is_gone_there():
    model = online()
    type_line(model, "/msg bob")
    model.press(Typed("for bob"))
    press(model, "ctrl-p")
    assert model.editor.text == ""
    press(model, "ctrl-n")
    assert model.editor.text == "for bob"


def test_the_next_unread_talk_and_none():
    model = online()
    model.receive(told(1, "bob", "psst"))
    press(model, "alt-a")
    assert model.talk.name == "bob"
    press(model, "alt-a")
    assert model.hint == "nothing unread"
    press(model, "alt-9")
    assert model.hint == "there is no talk 9"


def test_a_talk_closes_and_the_lobby_does_not():
    model = online()
    model.submit("/msg bob")
    model.submit("/close")
    assert model.talk.name == "#lobby"
    model.submit("/close")
    assert "everybody is in the lobby" in model.hint


def test_nobody_talks_with_oneself():
    model = online()
    model.submit("/msg ANA hi")
    assert "that is you" in model.hint


def test_a_mention_rings_and_an_own_line_does_not():
    model = online()
    assert model.receive(Said(1, 0, "#lobby", "bob", "hello all")) == []
    assert model.receive(Said(2, 0, "#lobby", "bob", "ana: look")) == [Ring()]
    model.submit("/bell off")
    assert model.receive(Said(3, 0, "#lobby", "bob", "ana!")) == []
    model.submit("/bell loud")
    assert model.hint == "usage: /bell off|mention|all"


def test_a_search_goes_through_the_talk_and_ends_with_escape():
    model = online()
    for seq, text in enumerate(["one", "two", "one again"], 1):
        model.receive(Said(seq, 0, "#lobby", "bob", text))
    press(model, "ctrl-f")
    model.press(Typed("one"))
    first = model.search.hit
    press(model, "up")
    assert model.search.hit == first - 2
    model.press(Typed("z"))
    assert model.hint
    press(model, "escape")
    assert model.search is None
    assert model.editor.text == ""
    assert not model.talk.viewport.is_locked  # back at the newest line


def test_a_search_that_found_nothing_has_used_up_the_line_it_was_typed_in():
    model = online()
    model.press(Typed("/search nowhere"))
    press(model, "enter")
    assert "not found" in model.hint
    press(model, "escape")
    assert model.editor.text == ""


def test_a_hint_is_over_after_a_while_and_so_is_what_it_offered():
    now = [0.0]
    model = Model("ana", "lab:5000", monotonic=lambda: now[0])
    press(model, "ctrl-c")
    model.tick()
    assert "again leaves" in model.hint
    assert model.hint_ends_at == HINT_S
    now[0] = HINT_S
    model.tick()
    assert (model.hint, model.hint_ends_at) == ("", None)
    assert press(model, "ctrl-c") == []  # a first one again
    assert "again leaves" in model.hint


def test_a_question_stays_until_it_is_answered():
    now = [0.0]
    model = Model("ana", "lab:5000", monotonic=lambda: now[0])
    model.press(Paste("one\ntwo"))
    press(model, "enter")
    now[0] = 100.0
    model.tick()
    assert "Enter sends" in model.hint


def test_the_lag_is_asked_after_the_welcome_and_heard():
    clock = iter([0.0, 0.0, 0.012])
    model = Model("ana", "lab:5000", monotonic=lambda: next(clock))
    model.receive(WELCOME)
    [ping] = model.tick()
    model.receive(messages.Pong(ping.message.token))
    assert model.lag.round_trip_ms == 12


def test_the_lag_is_asked_again_while_somebody_types_and_not_else():
    moments = [0.0]
    model = Model("ana", "lab:5000", monotonic=lambda: moments[0])
    model.receive(WELCOME)
    [ping] = model.tick()
    model.receive(messages.Pong(ping.message.token))
    moments[0] = 60.0
    assert model.tick() == []
    model.press(Typed("e"))
    assert len(model.tick()) == 1


def test_copying_asks_for_the_last_lines_as_plain_text():
    model = online()
    model.receive(Said(1, 0, "#lobby", "bob", "hi"))
    [copy] = model.submit("/copy 1")
    assert copy.lines[0].endswith("bob: hi")
    model.submit("/copy many")
    assert model.hint == "usage: /copy [LINES]"


def test_the_unread_lines_are_found_again_until_one_has_answered():
    model = online()
    model.submit("/unread")
    assert model.hint == "nothing unread here"
    model.submit("/msg bob")
    for seq in range(1, 60):
        model.receive(Said(seq, 0, "#lobby", "bob", f"line {seq}"))
    press(model, "alt-1")
    first = model.talk.marker
    press(model, "f4")
    assert (model.hint, model.talk.viewport.place) == ("", Place(first))
    type_line(model, "hi")
    press(model, "f4")
    assert model.hint == "nothing unread here"


def test_one_goes_from_line_to_line_that_names_me():
    model = online()
    for seq, text in enumerate(["ana: one", "two", "ana: three", "four"], 1):
        model.receive(Said(seq, 0, "#lobby", "bob", text))
    one, _, three, _ = range(model.talk.scrollback.end - 4, model.talk.scrollback.end)
    press(model, "alt-n")
    assert model.hint == "no further line here names you"
    places = []
    for key in ("alt-p", "alt-p", "alt-p", "alt-n", "alt-n"):
        press(model, key)
        places.append((model.talk.viewport.place.item, bool(model.hint)))
    assert places == [
        (three, False),
        (one, False),
        (one, True),
        (three, False),
        (three, True),
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/mouse on", "* mouse on: hold Shift to select text"),
        ("/mouse off", "* mouse off"),
        ("/bell all", "* bell all"),
        ("/theme light", "* theme light"),
    ],
)
def test_what_one_has_chosen_is_confirmed(line, words):
    model = online()
    model.submit(line)
    assert last_line(model) == words


def test_addresses_are_shown_whole_and_each_once_the_last_one_last():
    model = online()
    model.submit("/urls")
    assert model.hint == "no address of a page was said here"
    texts = [
        "see https://a.b/c#d, ok?",
        "(http://x.y/)",
        "again: https://a.b/c#d.",
        "http://y/",
    ]
    for seq, text in enumerate(texts, 1):
        model.receive(Said(seq, 0, "#lobby", "bob", text))
    [page] = model.submit("/urls")
    assert page.lines[:4] == ("http://x.y/", "https://a.b/c#d", "http://y/", "")
