"""The wire pane: each recv and each send with its bytes, and the frames in them.

    < recv #41     7 bytes [00 00 00 26] 73 61 69  ... 3 of 38 bytes
    < recv #42    35 bytes 64 00 31 38 00 + 30 more  -> frame complete: said bob: hi
    < recv #43    84 bytes [00 00 00 26] 73 61 69 64 + 34 more  -> said bob: hello
    <                      [00 00 00 26] 73 61 69 64 + 34 more  -> said bob: again

    50 cells   < recv #41     7 B [00 00 00 26] 73 61 69  ... 3 of 38 bytes
    30 cells   < recv #41 7 B  ... 3 of 38 bytes     and below it   [00 00 00 26] 73
    less       three rows, one below the other

`[` stands before a frame's first byte and `]` behind its length, in reverse video
too; a length that comes in parts is `[00 00` here and `00 0d]` there. The newest
row is the last. A pure function of the pieces that are kept, a width and a height;
plain mode prints the widest form as lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from protocol import HEADER
from tui import captions
from tui.captions import Caption
from tui.frame import Frame, Row, Span
from tui.pieces import Piece
from tui.signs import UNICODE, Signs
from tui.width import Ruler
from tui.wire import Entry

WIDE, NARROW = 72, 50  # cells from which a piece is one row
STACKED = 30  # cells from which it is two; below that it is three
LEAST_BYTES = 8  # cells that they keep beside their meaning; and a length its own
GAP = 2  # cells, before the meaning
HEADING_FROM = 4  # rows
LINE = 10_000  # cells: a line of plain mode is as wide as it needs to be

LENGTH = "bar"  # the style of a frame's first four bytes

Part = tuple[str, str]  # a text without wide characters but in the last, and its style
SPACE: Part = ("", "")  # one cell more between two parts


def wire_rows(
    entries: Sequence[Entry], width: int, height: int, ruler: Ruler, signs: Signs
) -> list[Row]:
    """Exactly `height` rows; the newest pieces stand at the bottom."""
    heading = [_heading(width, ruler, signs)] if height >= HEADING_FROM else []
    room, rows = height - len(heading), list[Row]()
    pieces = Pieces(width, ruler, signs)
    for entry in reversed(entries):
        if len(rows) >= room:
            break
        rows = [*pieces.rows(entry), *rows]
    if not entries:
        words = captions.fit(captions.NOTHING_PASSED, width, ruler)
        rows = [(Span(0, words, "dim"),)]
    shown = rows[max(len(rows) - room, 0) :]
    return [*heading, *[()] * (room - len(shown)), *shown]


def plain_lines(entries: Iterable[Entry], lost: int) -> list[str]:
    """The same for who reads lines; `lost` pieces before them were forgotten."""
    pieces = Pieces(LINE, Ruler(), UNICODE)
    rows = tuple(row for entry in entries for row in pieces.rows(entry))
    gap = [captions.lost_pieces(lost)] if lost else []
    return [*gap, *Frame(LINE, rows, (0, 0)).lines()]


def _heading(width: int, ruler: Ruler, signs: Signs) -> Row:
    words = captions.fit(captions.WIRE, width - 6, ruler)
    left = f"{signs.rule(2, ruler)} {words} "
    line = left + signs.rule(width - ruler.cells(left), ruler)
    return (Span(0, ruler.cut(line, width), "marker"),)


@dataclass(frozen=True, slots=True)
class Pieces:
    """How pieces look in rows of that width."""

    width: int
    ruler: Ruler
    signs: Signs

    def rows(self, entry: Entry) -> list[Row]:
        """Which recv or send, its bytes, and what they mean."""
        if self.width >= NARROW:
            return [self._one_row(entry)]
        call = captions.call(entry.way, entry.call, entry.size)[-1]
        name = call if entry.is_first else call[0]
        data = _laid(self._bytes(entry, self.width))
        below = [data] if data else []
        if self.width >= STACKED:
            meaning = self._meaning(entry, self.width - len(name) - GAP)
            return [_laid([(name, "bold"), SPACE, meaning]), *below]
        name = self.ruler.cut(name, self.width)
        meaning = self._meaning(entry, self.width)
        return [_laid([(name, "bold")]), *below, _laid([meaning])]

    def _one_row(self, entry: Entry) -> Row:
        """The bytes have the room that their meaning leaves, and some in any case."""
        calls = captions.call(entry.way, entry.call, entry.size)
        call = calls[0 if self.width >= WIDE else 1]
        name = call if entry.is_first else call[0].ljust(len(call))
        room = self.width - len(name) - 1
        meaning = self._meaning(entry, room - self._least(entry, room) - GAP)
        data = self._bytes(entry, room - self.ruler.cells(meaning[0]) - GAP)
        space = [SPACE] if data else []
        return _laid([(name, "bold"), *data, *space, meaning])

    def _least(self, entry: Entry, room: int) -> int:
        """Cells for the bytes: all that they need, or a length and a few more."""
        parts = self._bytes(entry, room)
        length = sum(len(text) for text, style in parts if style == LENGTH)
        all_of_them = len(" ".join(text for text, _ in parts))
        return min(all_of_them, length + LEAST_BYTES)

    def _bytes(self, entry: Entry, cells: int) -> list[Part]:
        """As many as fit, and how many more there are."""
        if not (piece := entry.piece):
            return []
        words = _words(piece)
        ends = list(accumulate(len(word) + 1 for word in words))
        most = min(len(words), cells // 3 + 1)  # "6d " each: no use in trying more
        for is_terse, fewest in ((False, _length_of(piece)), (True, 0)):
            for count in range(most, fewest, -1):
                left = piece.size - count
                more = captions.more_bytes(left)[is_terse] if left else ""
                if ends[count - 1] + len(more) - (not more) <= cells:
                    return _parts(piece, words[:count], more)
        return [(self.ruler.cut(captions.more_bytes(piece.size)[1], cells), "dim")]

    def _meaning(self, entry: Entry, cells: int) -> Part:
        """The longest wording that fits; of what a frame says, the beginning."""
        caption, style = _told(entry.piece)
        fitting = (words for words in caption if self.ruler.cells(words) <= cells)
        shortest = self.signs.shorten(caption[-1], cells, self.ruler)
        return next(fitting, shortest), style


def _length_of(piece: Piece) -> int:
    """How many of the bytes belong to a frame's length."""
    return max(HEADER.size - piece.at, 0)


def _words(piece: Piece) -> list[str]:
    """The bytes in hex, with a bracket at each end of a length."""
    first, last = 0, HEADER.size - 1
    return [
        f"{'[' if place == first else ''}{byte}{']' if place == last else ''}"
        for place, byte in enumerate(piece.shown, piece.at)
    ]


def _parts(piece: Piece, words: list[str], more: str) -> list[Part]:
    """A length, the bytes of its payload, and how many more there are."""
    header = _length_of(piece)
    parts = [
        (" ".join(words[:header]), LENGTH),
        (" ".join(words[header:]), "normal"),
        (more, "dim"),
    ]
    return [part for part in parts if part[0]]


def _told(piece: Piece | None) -> tuple[Caption, str]:
    """What a piece means, and the style of that."""
    if not piece:
        return captions.CLOSED, "dim"
    if piece.wrong:
        return captions.no_frame(piece.wrong), "error"
    if piece.is_end:
        return captions.frame_ended(piece.told, was_split=piece.at > 0), "ok"
    came = piece.came if piece.length is None else piece.came - HEADER.size
    return captions.frame_begun(came, piece.length), "dim"


def _laid(parts: Iterable[Part]) -> Row:
    """One beside the other, a cell between two."""
    row, column = list[Span](), 0
    for text, style in parts:
        if text:
            row.append(Span(column, text, style))
        column += len(text) + 1
    return tuple(row)
