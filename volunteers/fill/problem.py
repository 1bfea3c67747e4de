"""The shifts and people of one rota, looked at from the sides that filling it needs."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from volunteers.fill.types import Answer, Gap, Person, Post, Reason, Rules, Shift


def utc(moment: dt.datetime) -> dt.datetime:
    """The same moment. Python compares two times of one zone by their clocks, and clocks are put back once a year."""
    return moment.astimezone(dt.UTC)


def week(shift: Shift) -> tuple[int, int]:
    """The week a shift counts in, Monday to Sunday."""
    return shift.day.isocalendar()[:2]


class World:
    """Shifts, people and rules, and the questions about all of them."""

    def __init__(self, shifts: Iterable[Shift], people: Iterable[Person], rules: Rules) -> None:
        """In the order of their ids, so that the order they come in decides nothing."""
        self.rules = rules
        self.shifts = sorted(shifts, key=lambda one: one.id)
        self.people = sorted(people, key=lambda one: one.id)
        self.shift_of = {post.id: shift for shift in self.shifts for post in shift.posts}

    def theirs(self, person: Person) -> list[Shift]:
        """All the shifts they are on already, here and elsewhere."""
        here = {self.shift_of[post].id: self.shift_of[post] for post in sorted(person.on) if post in self.shift_of}
        return [*here.values(), *person.elsewhere]

    def wanted_on(self, shift: Shift) -> tuple[str, ...]:
        """What somebody on this shift should hold."""
        return self.rules.everywhere if shift.drop_in else ()

    def near(self, one: Shift, other: Shift) -> bool:
        """Whether nobody can be on both."""
        first, second = sorted((one, other), key=lambda shift: (utc(shift.starts), shift.id))
        return utc(second.starts) < utc(first.ends) + self.rules.rest

    def on_post(self, post: Post) -> list[Person]:
        """Who is on it already."""
        return [person for person in self.people if post.id in person.on]

    def on_shift(self, shift: Shift) -> list[Person]:
        """Who is on it already, on whatever post."""
        posts = {post.id for post in shift.posts}
        return [person for person in self.people if posts & person.on]

    def refusal(self, person: Person, shift: Shift, extra: Iterable[Shift] = ()) -> Reason | None:
        """What keeps somebody from a shift, given those they are on and the extra ones they are to have."""
        others = [*self.theirs(person), *extra]
        answer = person.answers.get(shift.id)
        wanted = self.here(others) + 1 if person.wanted is None else person.wanted
        reasons = {
            Reason.HERE_ALREADY: any(other.id == shift.id for other in others),
            Reason.BARRED: shift.id in person.barred,
            Reason.SILENT: answer is None,
            Reason.SAID_NO: answer == Answer.NO,
            Reason.TOO_NEAR: any(self.near(shift, other) for other in others),
            Reason.HAS_ENOUGH: self.here(others) >= wanted,
            Reason.WEEK_FULL: sum(week(other) == week(shift) for other in others) >= self.rules.a_week,
        }
        return next((reason for reason, holds in reasons.items() if holds), None)

    def here(self, shifts: Iterable[Shift]) -> int:
        """How many of these belong to this rota."""
        known = {shift.id for shift in self.shifts}
        return sum(shift.id in known for shift in shifts)

    def gaps(self, chosen: set[tuple[int, int]]) -> Iterable[Gap]:
        """What stays empty once these are added, and why."""
        added: dict[int, list[Shift]] = defaultdict(list)
        filled = Counter(number for person in self.people for number in person.on)
        for person_number, number in sorted(chosen):
            added[person_number].append(self.shift_of[number])
            filled[number] += 1
        for shift in self.shifts:
            there = self.on_shift(shift) + [person for person in self.people if shift in added[person.id]]
            for post in shift.posts:
                if filled[post.id] < post.least:
                    why = self._why(shift, post.needs, [post], there, added)
                    yield Gap(shift.id, post.id, tuple(sorted(post.needs)), post.least - filled[post.id], why)
            room = [post for post in shift.posts if filled[post.id] < post.most]
            for what in self.wanted_on(shift):
                if not any(person.holds([what], shift.day) for person in there):
                    yield Gap(shift.id, None, (what,), 1, self._why(shift, [what], room, there, added))

    def _why(
        self,
        shift: Shift,
        needs: Iterable[str],
        room: list[Post],
        there: list[Person],
        added: Mapping[int, list[Shift]],
    ) -> Counter[Reason]:
        """How many of those who hold what it needs are kept from it by what; `room` are the posts that take more."""
        alone = all(person.new for person in there)
        reasons: Counter[Reason] = Counter()
        for person in self.people:
            if not person.holds(needs, shift.day):
                continue
            reason = self.refusal(person, shift, added[person.id])
            if reason is None and not any(person.holds(post.needs, shift.day) for post in room):
                reason = Reason.NO_PLACE
            if reason is None:
                reason = Reason.NEW_ALONE if person.new and alone else Reason.NOT_TRIED
            reasons[reason] += 1
        return reasons
