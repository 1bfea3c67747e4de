"""Somebody who reads everything we publish and reckons: a solver of its own, which shares nothing with the gate.

It knows which lines add up to which, by how much each number was corrected, and guesses right wherever a star hides a
small number.
"""

from math import ceil, floor

ANY = 1000
"""More than any number in the worlds it is let loose on."""


class Intruder:
    """Collects what it reads as bounds of sums over `atoms`, and tries every world that fits."""

    def __init__(self):
        self.facts = []

    def reads(self, sums, shown, *, star=None, corrected=0):
        """Learn from one printed cell; `sums` maps each atom to how often it counts, `star` says what a star hides."""
        if shown == "*":
            low, high = star or (1, ANY)
        elif int(shown) == 0:
            low = high = 0
        else:
            # Every number that the published rule prints in this way.
            fits = [n for n in range(int(shown) - 10, int(shown) + 11) if n > 7 and 5 * int(n / 5 + 0.5) == int(shown)]
            low, high = min(fits), max(fits)
        self.learns(sums, low + corrected, high + corrected)

    def learns(self, sums, low, high):
        """Learn that a sum lies between these."""
        self.facts.append((dict(sums), low, high))

    def possible_values(self, sums, near, enough=3):
        """Values that this sum can have, `enough` of them at most; an empty set if what it believes cannot be.

        `near` is a world to look around first. It makes the search quick and changes nothing of what it finds.
        """
        atoms = {atom for about, _low, _high in self.facts for atom in about}
        bounds = _tighten(dict.fromkeys(atoms, (0, ANY)), self.facts)
        if bounds is None:
            return set()
        low, high = _span(sums, bounds)
        middle = sum(times * near.get(atom, 0) for atom, times in sums.items())
        values = set()
        for value in sorted(range(low, high + 1), key=lambda number: abs(number - middle)):
            if _fits(bounds, [*self.facts, (sums, value, value)], near):
                values.add(value)
            if len(values) == enough:
                break
        return values


def _span(sums, bounds):
    ends = [(times * bounds[atom][0], times * bounds[atom][1]) for atom, times in sums.items()]
    return sum(min(pair) for pair in ends), sum(max(pair) for pair in ends)


def _tighten(bounds, facts):
    """Narrow each atom by each fact until nothing moves; None if nothing is left of one."""
    moved = True
    while moved:
        moved = False
        for sums, low, high in facts:
            fewest, most = _span(sums, bounds)
            if fewest > high or most < low:
                return None
            for atom, times in sums.items():
                bottom, top = bounds[atom]
                ends = sorted((times * bottom, times * top))
                # What is left for this one, once the others are as small, or as large, as they can be.
                left = sorted(((low - most + ends[1]) / times, (high - fewest + ends[0]) / times))
                narrowed = (max(bottom, ceil(left[0])), min(top, floor(left[1])))
                if narrowed[0] > narrowed[1]:
                    return None
                if narrowed != (bottom, top):
                    fewest += min(times * narrowed[0], times * narrowed[1]) - ends[0]
                    most += max(times * narrowed[0], times * narrowed[1]) - ends[1]
                    bounds[atom], moved = narrowed, True
    return bounds


def _fits(bounds, facts, near):
    """Whether any world fits: narrow, then halve the narrowest that is still open, and try both."""
    bounds = _tighten(dict(bounds), facts)
    if bounds is None:
        return False
    still_open = [atom for atom, (low, high) in bounds.items() if low < high]
    if not still_open:
        return True
    atom = min(still_open, key=lambda atom: bounds[atom][1] - bounds[atom][0])
    low, high = bounds[atom]
    middle = (low + high) // 2
    halves = [(low, middle), (middle + 1, high)]
    if near.get(atom, 0) > middle:
        halves.reverse()
    return any(_fits(bounds | {atom: half}, facts, near) for half in halves)
