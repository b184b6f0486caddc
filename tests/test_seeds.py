"""What people type who know another chat: every word does what it did there.

The simple chats of this class have these words in their own help. Each stands here
once, with what it must do in this client, on the screen and in lines.
"""

import pytest

import messages
from messages import (
    Answer,
    Ask,
    Asked,
    Bye,
    History,
    Join,
    Joined,
    Leave,
    Left,
    Ok,
    Rename,
    Rooms,
    Say,
    SetTopic,
    Tell,
    Users,
    Welcome,
    Who,
)
from tui.entrance import read_options
from tui.events import Ended, Lost, Quit, Send
from tui.keys import Key, Typed
from tui.model import Model
from tui.scrollback import Item
from tui.wording import plain_line

WELCOME = Welcome("1", "ana", "log", 0, "no", ("history=disk",))
HELP = "help"  # it shows the table of commands

SEEDS = {
    # a private line
    "/p bob hi": Tell("k1", "bob", "hi"),
    "/pm bob hi": Tell("k1", "bob", "hi"),
    "/w bob hi": Tell("k1", "bob", "hi"),
    "/whisper bob hi": Tell("k1", "bob", "hi"),
    "/msg bob hi": Tell("k1", "bob", "hi"),
    "/tell bob hi": Tell("k1", "bob", "hi"),
    "send Bob hi": Tell("k1", "Bob", "hi"),
    # who is here
    "/listusers": Who("k1", "#lobby"),
    "/list": Who("k1", "#lobby"),
    "/names": Who("k1", "#lobby"),
    "/who": Who("k1", "#lobby"),
    "list": Who("k1", "#lobby"),
    # help
    "/help": HELP,
    "help": HELP,
    # leaving
    "/quit": messages.Quit(),
    "/exit": messages.Quit(),
    "/bye": messages.Quit(),
    "quit": messages.Quit(),
    "exit": messages.Quit(),
    # rooms
    "/join #python": Join("k1", "#python"),
    "/j python": Join("k1", "#python"),
    "/rooms": Rooms("k1"),
    "/channels": Rooms("k1"),
    "/leave #python": Leave("k1", "#python"),
    "/part #python": Leave("k1", "#python"),
    "/topic about recv": SetTopic("k1", "#lobby", "about recv"),
    # asking for a chat by name
    "/request bob": Ask("k1", "bob", "chat"),
    "/chat bob": Ask("k1", "bob", "chat"),
    "/ask bob why not": Ask("k1", "bob", "chat", "why not"),
    "request bob": Ask("k1", "bob", "chat"),
    "/yes": Answer("k1", "r1", "yes"),
    "/no zoe": Answer("k1", "r1", "no"),
    # names
    "/nick anna": Rename("k1", "anna"),
    "/name anna": Rename("k1", "anna"),
    "/rename anna": Rename("k1", "anna"),
    # for oneself
    "/me waves": Say("k1", "#lobby", "/me waves"),
    "/history 50": History("h2", "#lobby", None, 50),
    # what begins with a slash and is a text after all
    "//p is a path": Say("k1", "#lobby", "/p is a path"),
    "/say /quit": Say("k1", "#lobby", "/quit"),
    "send help please": Say("k1", "#lobby", "send help please"),
    "request for comments": Say("k1", "#lobby", "request for comments"),
}


def online():
    model = Model("ana", "lab:5000", now=lambda: 0.0)
    model.receive(WELCOME)
    model.receive(Users("", "#lobby", ("ana", "bob", "zoe")))
    model.receive(Ok("h1", ("yes",)))
    model.receive(Asked("r1", "zoe", "chat", "", 60))
    return model


@pytest.mark.parametrize("line", SEEDS)
@pytest.mark.parametrize("has_screen", [True, False])
def test_every_word_of_the_seeds_works(line, has_screen):
    model = online()
    model.chat.has_screen = has_screen
    effects = model.submit(line)
    assert model.hint == "" or model.is_leaving
    if SEEDS[line] == HELP:
        told = model.talk.scrollback.last.text
        assert model.help_top == 0 if has_screen else "/msg NAME [TEXT]" in told
        return
    assert effects[0] == Send(SEEDS[line])


def test_ctrl_c_leaves_when_pressed_twice():
    model = online()
    model.press(Typed("half a sen"))
    model.press(Key("ctrl-c"))
    assert model.press(Key("ctrl-c")) == [Send(messages.Quit())]
    assert model.receive(Bye("quit")) == [Quit(0)]


def test_the_name_the_host_and_the_port_are_said_on_the_command_line():
    options = read_options(["ana", "school:5000"])
    assert (options.name, options.address) == ("ana", "school:5000")


def test_comings_goings_and_the_end_are_told_with_their_time():
    model = online()
    told = []
    model.chat.on_item = lambda item: told.append(plain_line(item, "ana"))
    model.receive(Joined("#lobby", ("mei",)))
    model.receive(Left("#lobby", "quit", ("mei",)))
    model.receive(Lost("the server is stopping", 1.0, 1))
    model.receive(Ended("you were kicked"))
    stamp = plain_line(Item("info", 0.0, ""), "ana")[:8]
    assert told == [
        f"{stamp}* mei joined",
        f"{stamp}* mei left",
        f"{stamp}! offline, trying again: the server is stopping",
        f"{stamp}! you were kicked",
    ]
