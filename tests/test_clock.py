"""The clock: often and seldom, until it is stopped."""

import threading

from tcp_rig import PATIENCE

from chat.clock import SELDOM, Clock


def test_it_looks_often_and_once_in_a_while_at_the_rest(monkeypatch):
    monkeypatch.setattr("chat.clock.TICK", 0.0)
    calls = []

    def look():
        calls.append("often")
        if calls.count("often") == SELDOM + 1:
            clock.stop()

    clock = Clock(look, seldom=lambda: calls.append("seldom"))
    clock.run()
    assert calls[:2] == ["often", "seldom"]
    assert calls[-2:] == ["often", "seldom"]
    assert calls.count("seldom") == 2
    assert calls.count("often") == SELDOM + 1


def test_it_stops_at_once_also_in_the_middle_of_a_wait(monkeypatch):
    monkeypatch.setattr("chat.clock.TICK", 1_000)
    calls = []
    clock = Clock(lambda: calls.append("often"), seldom=lambda: None)
    thread = threading.Thread(target=clock.run)
    thread.start()
    clock.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert calls == []
