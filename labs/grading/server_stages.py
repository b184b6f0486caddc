"""The fourteen stages of a server, as a table: what is tried, and what a failure means.

    Stage(number, sentence, points, the stages it builds on, trials)
    Trial(sentence, function, hint, lab)

The points are those of a usual assignment; they make 100. Rooms beside the lobby,
history, requests and resuming are not asked for: a server without them may pass.
"""

from __future__ import annotations

from labs.grading import talking as talk
from labs.grading import trouble
from labs.grading.stages import Stage, Trial
from labs.grading.stand import ServerStand

ServerStage = Stage[ServerStand]

CROWDED = (
    "It looks as if two threads change the dictionary of clients, or write to one "
    "socket, at the same time: copy it under its lock before you send, and let frames "
    "go out whole. And listen(128), not listen(1)."
)

SERVER_STAGES: tuple[ServerStage, ...] = (
    Stage(1, "it listens", 5, (), (
        Trial("a caller gets through", talk.takes_calls,
            "Bind to 127.0.0.1 and the port of the command line, then listen().",
            "13_port_is_taken"),
    )),
    Stage(2, "hello is answered by welcome", 5, (1,), (
        Trial("hello, and welcome with the same name", talk.welcomes,
            "Read 4 bytes of length, big endian, then the payload; split it at NUL "
            "(00); answer welcome | 1 | name | log | seq | no. Try: "
            "python protocol.py explain HEX.",
            "03_framing"),
        Trial("after the first has left, the next may come",
            talk.welcomes_after_a_goodbye,
            "It looks as if your server ends with its first client: only the thread "
            "of that client may end.",
            "09_three_goodbyes"),
        Trial("callers who hang up at once harm nobody", talk.welcomes_after_a_probe,
            "recv() returned b'', which is the end: leave the loop and close, and let "
            "the next one in.",
            "09_three_goodbyes"),
    )),
    Stage(3, "what I say comes back to me", 5, (2,), (
        Trial("my line comes back, with my name and its id", talk.returns_my_line,
            "It looks as if your server tells a line only to the others: its author "
            "gets it too, with its id, and knows by that that it was said.",
            "03_framing"),
        Trial("a say without a room goes to #lobby", talk.an_empty_room_is_the_lobby,
            "Two NUL in a row are an empty field. An empty room is #lobby."),
        Trial("ping is answered by pong", talk.answers_pings,
            "Answer ping | t1 with pong | t1: the same token."),
    )),
    Stage(4, "several clients at once", 10, (3,), (
        Trial("a second one is served while the first is silent",
            talk.serves_two_at_once,
            "It looks as if your server serves one client after the other: accept() "
            "must go on while another thread waits in recv().",
            "16_five_hundred_threads"),
        Trial("everybody hears everybody, once", talk.all_hear_all,
            "Send each line to all who are logged in, its author among them, once.",
            "11_four_cooks"),
    )),
    Stage(5, "frames, however they are cut", 10, (3,), (
        Trial("three frames in one send are three messages", talk.glued_frames,
            "It looks as if your server takes every recv() for one message: keep what "
            "is left over, it is the beginning of the next frame.",
            "01_glue"),
        Trial("a line that comes with hello is a line too", talk.glued_to_hello,
            "What comes after hello in the same recv() is not lost: keep one buffer "
            "for the whole connection.",
            "01_glue"),
        Trial("one byte at a time is one message", talk.crumbs,
            "It looks as if your server believes that recv(n) brings n bytes: it "
            "brings at least one. Go on until all are there, for the length too.",
            "02_crumbs"),
        Trial("a frame and a half, then the rest", talk.a_frame_and_a_half,
            "Keep what is left over in a buffer until the rest has come.",
            "03_framing"),
    )),
    Stage(6, "who comes, who goes, who is here", 5, (4,), (
        Trial("joined to all, users to who comes", talk.tells_who_comes,
            "After welcome send users | | #lobby | names to the newcomer, and joined "
            "| #lobby | name to everybody."),
        Trial("quit is answered by bye, and the others hear it", talk.tells_who_goes,
            "Answer quit with bye | quit, close, and tell the others left | #lobby | "
            "quit | name.",
            "09_three_goodbyes"),
        Trial("who is answered by users", talk.lists_who_is_here,
            "Answer who | w1 | #lobby with users | w1 | #lobby | names; who has left "
            "is not among them."),
    )),
    Stage(7, "a name belongs to one, and the server says who spoke", 10, (4,), (
        Trial("a name that is taken is refused", talk.a_name_is_taken_once,
            "It looks as if your server does not look whether a name is taken: look "
            "and enter it under one lock, in one form (ANA is ana), and answer "
            "error | | name-taken | sentence. The connection stays.",
            "04_who_is_ana"),
        Trial("bad names are refused", talk.bad_names_are_refused,
            "A name has 1 to 20 letters, digits and . _ -: else answer error | | "
            "bad-name | sentence, and wait for another hello."),
        Trial("hello comes first, and once", talk.hello_comes_first_and_once,
            "Before welcome answer error | id | not-logged-in | sentence, after it "
            "already-logged-in."),
        Trial("nobody speaks in another's name", talk.the_server_says_who_spoke,
            "It looks as if your server believes the client who it is: take the name "
            "from the connection, never from a message.",
            "14_who_says_so"),
    )),
    Stage(8, "texts of any language, and of none", 10, (4, 5), (
        Trial("any language arrives as it was sent", talk.any_language,
            "It looks as if your server counts characters where bytes count: the "
            "length is that of the encoded payload. And UTF-8 everywhere.",
            "15_do_not_trust_bytes"),
        Trial("an emoji cut in two is one emoji", talk.a_cut_emoji,
            "It looks as if your server decodes what a recv() brought: decode when "
            "the payload is whole.",
            "02_crumbs"),
        Trial("4,000 characters pass, 4,001 do not", talk.the_longest_text,
            "A text has up to 4,000 characters, as many as 16,000 bytes. More: "
            "error | id | bad-text | sentence.",
            "02_crumbs"),
        Trial("bytes that are no UTF-8 are answered by bad-utf8", talk.bad_utf8,
            "It looks as if a byte that is not UTF-8 ends your reader, or the server: "
            "catch the error of the decoding, and answer error | | bad-utf8.",
            "15_do_not_trust_bytes"),
        Trial("an unknown verb is answered by bad-verb", talk.unknown_verbs,
            "Answer error | | bad-verb | sentence, and go on."),
        Trial("no control characters but newline and tab", talk.controls_in_texts,
            "It looks as if your server passes on control characters: ESC [2J clears "
            "the screens of all. And no text may be empty. Answer error | id | "
            "bad-text.",
            "15_do_not_trust_bytes"),
        Trial("an id is up to 64 of A-Z a-z 0-9 _ -", talk.bad_ids,
            "Answer error | | bad-field | sentence for another id, or a room's name "
            "of over 31 characters."),
    )),
    Stage(9, "private lines", 5, (4,), (
        Trial("both hear it, and nobody else", talk.private_lines,
            "It looks as if your server tells private lines to everybody: told goes "
            "to the two whom it concerns, and to nobody else."),
        Trial("a name that is not here is refused", talk.nobody_of_that_name,
            "Answer error | id | no-such-user | sentence."),
    )),
    Stage(10, "sudden deaths", 10, (4, 5), (
        Trial("who hangs up is gone", trouble.a_peer_hangs_up,
            "It looks as if your server forgets only those who say quit: recv() "
            "returns b'' at the end. Take the name out, and tell left.",
            "09_three_goodbyes"),
        Trial("who is reset is gone, and nobody else", trouble.a_peer_is_reset,
            "It looks as if a reset ends your reader before it has cleaned up: recv() "
            "and sendall() raise ConnectionResetError. Clean up in finally.",
            "09_three_goodbyes"),
        Trial("who dies inside a frame is gone", trouble.a_peer_dies_in_a_frame,
            "Half a frame and then the end: throw the half away.",
            "12_last_words"),
    )),
    Stage(11, "one who does not read harms nobody", 10, (4, 5, 8), (
        Trial("the others talk on", trouble.a_slow_reader_harms_nobody,
            "It looks as if your server waits in sendall() for one who does not read, "
            "perhaps while it holds the lock: give each client a queue and a thread "
            "of its own, or drop who is slow.",
            "07_slow_reader"),
    )),
    Stage(12, "silence, half frames and garbage harm nobody", 5, (4, 5, 8, 10), (
        Trial("silent callers are no obstacle", trouble.silence_is_no_obstacle,
            "It looks as if your server reads hello in its accept loop: there it waits "
            "for whoever says nothing. Read in the client's own thread.",
            "16_five_hundred_threads"),
        Trial("half a frame is no obstacle", trouble.half_a_frame_is_no_obstacle,
            "It looks as if all wait while one frame is incomplete: wait in that "
            "client's thread, and hold no lock meanwhile.",
            "08_deadly_embrace"),
        Trial("too long a frame is refused on its length alone",
            trouble.refuses_too_long_a_frame,
            "It looks as if your server believes any length, and waits for 4 GiB: "
            "look at it first; over 65,536 answer bye | frame-too-large and close.",
            "15_do_not_trust_bytes"),
        Trial("a frame of length 0 is refused", trouble.refuses_an_empty_frame,
            "Answer bye | bad-frame and close: an empty payload has no verb.",
            "03_framing"),
        Trial("garbage is no obstacle", trouble.garbage_is_no_obstacle,
            "Something in your server believes what a stranger sends.",
            "15_do_not_trust_bytes"),
    )),
    Stage(13, "forty at once, nothing lost", 5, (4, 5), (
        Trial("forty come at once", trouble.forty_come_at_once,
            CROWDED, "06_dict_changed_size"),
        Trial("everybody hears every line, in its order", trouble.nothing_is_lost,
            CROWDED, "06_dict_changed_size"),
    )),
    Stage(14, "the end, and the next beginning", 5, (4,), (
        Trial("Ctrl+C ends it within 2 seconds", trouble.ends_at_once,
            "It looks as if threads keep your server alive: make them daemons, and let "
            "the main thread end.",
            "12_last_words"),
        Trial("it can be started again at once", trouble.starts_again,
            "It looks as if the port is still taken: set SO_REUSEADDR before bind() "
            "(not on Windows).",
            "13_port_is_taken"),
    )),
)  # fmt: skip
