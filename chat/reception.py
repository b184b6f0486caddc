"""The reception: what comes of each request, and who does it.

    payload --decode--> request --+--> by the reader, at once: pong, users, past, error
                                  +--> by the scribe: a job, put when the read ends

The lines of one read are handed over together, so the scribe is woken once, and when
the reader has nothing more to do. A read is all that had come by then: one line of
somebody who types, hundreds of a program that pastes. Whatever else is asked hands
over what was said before it: who hears a pong knows that the scribe has all the rest.
"""

from __future__ import annotations

from collections.abc import Callable

from chat.enquiries import Enquiries
from chat.jobs import Job
from chat.journal import journal
from chat.orders import Order, Orders
from chat.refusal import Refusal
from chat.register import Register
from chat.replay import Replays
from chat.session import Session
from chat.visit import Farewell, Visit
from messages import (
    Error,
    Hello,
    History,
    Ping,
    Pong,
    Quit,
    Rename,
    Request,
    Rooms,
    Say,
    Tell,
    Who,
)
from protocol import VERSION, MessageError, decode_request
from sight.seat import stand

Wish = Who | Rooms | History | Rename | Order  # all that only people here may ask
Other = Wish | Hello | Ping | Pong | Quit


class Reception:
    """Any reader may call anything here, each with its own visit."""

    def __init__(
        self,
        register: Register,
        orders: Orders,
        enquiries: Enquiries,
        replays: Replays,
        put: Callable[[Job], None],
    ) -> None:
        self._register = register
        self._orders = orders
        self._enquiries = enquiries
        self._replays = replays
        self._put = put

    def handle(self, visit: Visit, payload: bytes) -> None:
        """Answer one request; whatever goes wrong with it ends it alone.

        Raises Farewell.
        """
        try:
            request = decode_request(payload)
        except MessageError as wrong:
            visit.send(Error(wrong.id, wrong.code, wrong.text))
            return visit.note_mistake()
        visit.note_sense(request)
        stand(f"answers {type(request).__name__}")
        try:
            self.answer(visit, request)
        except Refusal as wrong:
            visit.send(Error(_id_of(request), wrong.code, wrong.text, wrong.retry))
        except Farewell:
            raise
        except Exception:
            journal.exception("could not answer %s", type(request).__name__)
            text = "the server made a mistake"
            visit.send(Error(_id_of(request), "internal", text))

    def hand_over(self, visit: Visit) -> None:
        """Let the scribe have what has gathered."""
        posts, visit.posts = visit.posts, []
        for post in posts:
            self._put(post)

    def answer(self, visit: Visit, request: Request) -> None:
        """Do what is asked, or have it done. Raises Refusal, Farewell."""
        if isinstance(request, Say | Tell):  # nearly everything is this
            post = self._orders.post_of(visit.member, visit.outbox, request)
            visit.posts.append(post)
        else:
            self.hand_over(visit)
            self._attend(visit, request)

    def _attend(self, visit: Visit, request: Other) -> None:
        match request:
            case Ping(token):
                visit.send(Pong(token))
            case Pong():
                pass  # it was heard: that is all a pong is for
            case Quit():
                raise Farewell("quit")
            case Hello():
                self._log_in(visit, request)
            case _:
                self._fulfil(visit, visit.member, request)

    def _fulfil(self, visit: Visit, member: Session, wish: Wish) -> None:
        outbox = visit.outbox
        match wish:
            case Who(id, room):
                outbox.push(self._enquiries.who(id, room))
            case Rooms(id):
                outbox.push(self._enquiries.list_rooms(id))
            case History():
                outbox.push(self._enquiries.read_past(member, wish))
            case Rename(id, name):
                self._register.rename(member, outbox, id, name)
                visit.name = name
            case _:
                self._put(self._orders.job_of(member, outbox, wish))

    def _log_in(self, visit: Visit, hello: Hello) -> None:
        if hello.version != VERSION:
            raise Farewell("version", f"this server speaks version {VERSION}")
        if visit.session:
            raise Refusal("already-logged-in", f"you are {visit.session.name} already")
        # By us and not by the scribe: this takes a while, and everybody waits for that.
        begun = self._replays.read_ahead(hello, self._register.holder_of(hello.session))
        visit.session = self._register.log_in(hello, visit.caller, begun)
        visit.name = visit.session.name


def _id_of(request: Request) -> str:
    return getattr(request, "id", "")
