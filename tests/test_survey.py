"""What the operator sees, in columns."""

from chat.survey import columns, cut, duration, minutes, table, time_of_day


def test_columns_stand_below_each_other():
    rows = [("name", "n", "what"), ("ana", "12", "x"), ("bob_the_third", "3", "")]
    assert table(rows).split("\n") == [
        "name           n   what",
        "ana            12  x",
        "bob_the_third  3",
    ]


def test_wide_letters_and_accents_are_counted_as_they_are_shown():
    rows = [("漢字", "1"), ("ana", "2"), ("a\u0308na", "3")]
    assert table(rows).split("\n") == ["漢字  1", "ana   2", "a\u0308na   3"]
    assert columns("漢字") == 4


def test_the_last_column_ends_where_the_terminal_does():
    line = table([("ana", " ".join(f"#room{i}" for i in range(50)))])
    assert columns(line) == 80
    assert line.endswith("…")
    assert columns(table([("ana", "漢" * 100)])) in (79, 80)


def test_what_one_may_want_to_type_is_never_cut():
    row = ("x" * 60, "2001:db8:1111:2222:3333:4444:5555:6666", "14:05", "#lobby " * 9)
    shown = table([row])
    assert row[0] in shown
    assert row[1] in shown
    assert shown.endswith("…")


def test_a_name_that_moves_the_cursor_is_shown_and_not_obeyed():
    assert table([("a\x1b[2J\nb", "1")]) == "a\\x1b[2J\\nb  1"


def test_a_text_that_fits_is_not_cut():
    assert cut("abcd", 4) == "abcd"
    assert cut("abcde", 4) == "abc…"


def test_a_time_is_told_in_its_largest_unit():
    told = [duration(s) for s in (0.5, 59.9, 60, 3_599, 3_600, 86_399, 200_000)]
    assert told == ["0 s", "59 s", "1 min", "59 min", "1 h", "23 h", "2 d"]
    assert [minutes(s) for s in (1, 60, 61)] == ["1 min", "1 min", "2 min"]


def test_since_is_a_time_of_day_or_after_a_day_a_date(monkeypatch):
    monkeypatch.setattr("chat.survey.time.time", lambda: 1_790_000_000.0)
    assert ":" in time_of_day(1_790_000_000.0 - 80_000)
    assert ":" not in time_of_day(1_790_000_000.0 - 90_000)
