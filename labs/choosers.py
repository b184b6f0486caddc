"""Who goes on? The three ways to choose for the stepper: a list, a seed, a person.

A chooser gets all threads of the stage and returns one that is ready. It is asked
before every step, so what it has chosen so far it must remember by itself.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import permutations

from labs.stepper import Actor


class Plan:
    """A list of names; who cannot go is left out, after the list the first goes."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = iter(names)

    def __call__(self, actors: Sequence[Actor]) -> Actor:
        ready = {actor.name: actor for actor in actors if actor.is_ready}
        for name in self._names:
            if name in ready:
                return ready[name]
        return next(iter(ready.values()))


class Seed:
    """Chance, but the same chance for the same number."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def __call__(self, actors: Sequence[Actor]) -> Actor:
        return self._chance.choice([actor for actor in actors if actor.is_ready])


class Person:
    """Whoever sits at the keyboard: a number and Enter; Enter alone: the first."""

    def __init__(self, ask: Callable[[str], str], show: Callable[[str], None]) -> None:
        self._ask = ask  # returns "" where there is nobody any more
        self._show = show

    def __call__(self, actors: Sequence[Actor]) -> Actor:
        ready = {str(n): a for n, a in enumerate(actors, start=1) if a.is_ready}
        for number, actor in enumerate(actors, start=1):
            self._show(f"      {number} {actor.name:<12} {actor}")
        numbers = ", ".join(ready)
        while True:
            answer = self._ask(f"    Who goes on ({numbers})? ").strip()
            if answer in ready:
                return ready[answer]
            if not answer:
                return next(iter(ready.values()))
            self._show(f"    {answer[:20]!r} cannot go on: type one of {numbers}")


def all_orders(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every different order of these steps: ana ana bob has three."""
    yield from dict.fromkeys(permutations(names))
