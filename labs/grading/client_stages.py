"""The fourteen stages of a client, as a table: what is tried, and what a failure means.

    Stage(number, sentence, points, the stages it builds on, trials)
    Trial(sentence, function, hint, lab)

The client's user types lines and reads lines: plain standard input and output.
"""

from __future__ import annotations

from labs.grading import listening as hear
from labs.grading.client_stand import ClientStand
from labs.grading.stages import Stage, Trial

ClientStage = Stage[ClientStand]

CLIENT_STAGES: tuple[ClientStage, ...] = (
    Stage(1, "it calls the server", 5, (), (
        Trial("it connects to the host and port of its command line", hear.calls,
            "Connect to {host} and {port} as they were given.",
            "13_port_is_taken"),
    )),
    Stage(2, "hello comes first", 10, (1,), (
        Trial("hello | 1 | name", hear.says_hello,
            "Send hello | 1 | name in a frame: 4 bytes of length, big endian, then the "
            "fields with a NUL (00) between them. Look at what you send with python "
            "protocol.py explain HEX.",
            "03_framing"),
    )),
    Stage(3, "what is typed is said", 10, (2,), (
        Trial("a line becomes say | id | #lobby | line", hear.says_what_is_typed,
            "Each line of standard input, without its newline, becomes say | k1 | "
            "#lobby | line, with a new id each time.",
            "03_framing"),
    )),
    Stage(4, "what is said is shown, while nobody types", 10, (2,), (
        Trial("bob's lines are printed at once", hear.shows_what_is_said,
            "It looks as if your client waits for the keyboard before it reads the "
            "network: one thread for recv(), another for the input. And flush what "
            "you print.",
            "16_five_hundred_threads"),
    )),
    Stage(5, "frames, however they are cut", 10, (4,), (
        Trial("three frames in one recv are three lines", hear.glued_frames,
            "It looks as if your client takes every recv() for one message: keep what "
            "is left over, it is the beginning of the next frame.",
            "01_glue"),
        Trial("one byte at a time is one line", hear.crumbs,
            "It looks as if your client believes that recv(n) brings n bytes: it "
            "brings at least one. Go on until all are there, for the length too.",
            "02_crumbs"),
        Trial("an emoji cut in two is one emoji", hear.a_cut_emoji,
            "It looks as if your client decodes what a recv() brought: decode when "
            "the payload is whole.",
            "02_crumbs"),
        Trial("a frame and a half, then the rest", hear.a_frame_and_a_half,
            "Keep what is left over in a buffer until the rest has come.",
            "03_framing"),
    )),
    Stage(6, "ping is answered by pong", 5, (4, 5), (
        Trial("the same token comes back", hear.answers_pings,
            "Answer ping | s1 with pong | s1, in the thread that receives: who does "
            "not is taken for dead after 45 s.",
            "09_three_goodbyes"),
    )),
    Stage(7, "my own line is shown once, when it is said", 10, (3, 4, 5), (
        Trial("not when it is typed, and not twice", hear.shows_my_line_when_it_is_said,
            "It looks as if your client shows a line when it is typed: show it when "
            "it comes back as said. Then it is stored, and stands where all see it.",
            "14_who_says_so"),
    )),
    Stage(8, "any language", 10, (3, 4, 5), (
        Trial("accents, emoji, Arabic, Chinese, both ways", hear.any_language,
            "UTF-8 for the wire, the input and the output, whatever the system "
            "prefers; the length counts bytes, not characters.",
            "15_do_not_trust_bytes"),
    )),
    Stage(9, "what it does not know is ignored", 5, (4, 5), (
        Trial("unknown verbs, extra and missing fields", hear.what_it_does_not_know,
            "It looks as if your client stops at a verb or a field that it does not "
            "know: ignore it, there will be more.",
            "15_do_not_trust_bytes"),
    )),
    Stage(10, "long lines and large frames", 5, (3, 4, 5), (
        Trial("4,000 characters, both ways", hear.the_longest_text,
            "A text has up to 4,000 characters, as many as 16,000 bytes: no buffer of "
            "1,024 is enough.",
            "02_crumbs"),
        Trial("a frame of 64 KiB", hear.the_largest_frame,
            "A payload has up to 65,536 bytes: read on until all are there.",
            "03_framing"),
    )),
    Stage(11, "private lines are shown", 5, (4, 5), (
        Trial("told is shown, with who told it", hear.private_lines,
            "Show told | seq | time | from | to | text: from whom, and what."),
    )),
    Stage(12, "comings, goings, errors and notices are shown", 5, (3, 4, 5), (
        Trial("joined and left", hear.comings_and_goings,
            "Show joined | room | names and left | room | why | names."),
        Trial("error and notice", hear.errors_and_notices,
            "Show the text of error | id | code | text and of notice | text: it is "
            "for people."),
    )),
    Stage(13, "no text moves the cursor", 5, (4, 5), (
        Trial("control characters are not printed", hear.controls_are_not_obeyed,
            "It looks as if your client prints what others write as it is: ESC [2J "
            "clears the screen. Replace control characters (U+0000 to U+001F, U+007F "
            "to U+009F), in names too.",
            "15_do_not_trust_bytes"),
    )),
    Stage(14, "the end", 5, (3, 4, 5), (
        Trial("its input ends: all is said, and it leaves", hear.ends_with_its_input,
            "At the end of the input send quit, read until bye, then end: who closes "
            "at once may lose the last line.",
            "12_last_words"),
        Trial("who is sent away says why, and ends", hear.ends_when_sent_away,
            "Show the text of bye. When recv() returns nothing, the server has gone: "
            "end, though the keyboard is still open.",
            "09_three_goodbyes"),
    )),
)  # fmt: skip
