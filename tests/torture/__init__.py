"""Sixty ways to break it: `python tests --torture`.

Every test here is one scenario: somebody does the worst to a real server process,
over real sockets, while others chat.

    bad peers ----------.
                         > server.py, a process <---- witness.py, a process
    what /proc says <---'   (RSS, threads, CPU)       7 people who chat on, and how
                                                      late each line was

    @scenario(5, "a header announces 65,537 bytes: bye, and no memory")
    def test_...(shared_stage, unharmed, figure):
        with unharmed(shared_stage):
            ...
        figure("RSS change", ..., "MiB", at_most=2)

    scenario.py   the mark with number and sentence
    stage.py      the server's process, watched from outside
    launch.py     the same with shorter deadlines, fewer descriptors, a fault
    witness.py    who chats on, unharmed
    peers.py      bad manners: half frames, silence, sockets that nobody reads
    chat_model.py what a chat is, for test_fuzz.py (with chat_values, hearing, voice)
    nonsense.py   payloads of every kind, for test_fuzz.py and test_babble.py
    tormentor.py  a server that sends without end, whatever it likes
    impostor.py   a server that says what the test wants, to a real client
    conftest.py   the fixtures, and the one line that each scenario is worth

Numbers decide only in torture mode, where the machine is alone; what must be true at
any speed is asserted always. Scenarios marked `long` run only in torture mode.
"""
