"""The shifts, people and rules of one rota, with the questions that filling it asks."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from volunteers.fill.types import FillAnswer, FillPerson, FillPost, FillReason, FillRules, FillShift, Gap


def utc(moment: dt.datetime) -> dt.datetime:
    """The moment in UTC. Python compares two times of one zone by their clocks, and clocks are put back once a year."""
    return moment.astimezone(dt.UTC)


class FillProblem:
    """One rota before it is filled: shifts, people and rules."""

    def __init__(self, shifts: Iterable[FillShift], people: Iterable[FillPerson], rules: FillRules) -> None:
        """Sort by id, so that the order of the input changes nothing."""
        self.rules = rules
        self.shifts = sorted(shifts, key=lambda shift: shift.id)
        self.people = sorted(people, key=lambda person: person.id)
        self.shift_of = {post.id: shift for shift in self.shifts for post in shift.posts}

    def week(self, shift: FillShift) -> dt.date:
        """The first day of the week a shift counts in."""
        return shift.day - dt.timedelta(days=(shift.day.weekday() - self.rules.first_weekday) % 7)

    def theirs(self, person: FillPerson) -> list[FillShift]:
        """All the shifts a person is on already, in this rota and elsewhere."""
        here = {self.shift_of[post].id: self.shift_of[post] for post in sorted(person.on) if post in self.shift_of}
        return [*here.values(), *person.elsewhere]

    def wanted_on(self, shift: FillShift) -> tuple[str, ...]:
        """The qualifications that somebody on this shift should hold."""
        return self.rules.everywhere if shift.drop_in else ()

    def near(self, shift: FillShift, other: FillShift) -> bool:
        """Whether two shifts overlap or leave too little rest, so that nobody can be on both."""
        first, second = sorted((shift, other), key=lambda each: (utc(each.starts), each.id))
        return utc(second.starts) < utc(first.ends) + self.rules.rest

    def on_post(self, post: FillPost) -> list[FillPerson]:
        """The people on a post already."""
        return [person for person in self.people if post.id in person.on]

    def on_shift(self, shift: FillShift) -> list[FillPerson]:
        """The people on any post of a shift already."""
        posts = {post.id for post in shift.posts}
        return [person for person in self.people if posts & person.on]

    def refusal(self, person: FillPerson, shift: FillShift, extra: Iterable[FillShift] = ()) -> FillReason | None:
        """The first reason that keeps a person from a shift, or None; `extra` are shifts they are to have as well."""
        others = [*self.theirs(person), *extra]
        answer = person.answers.get(shift.id)
        wanted = self.count_here(others) + 1 if person.wanted is None else person.wanted
        reasons = {
            FillReason.HERE_ALREADY: any(other.id == shift.id for other in others),
            FillReason.BARRED: shift.id in person.barred,
            FillReason.SILENT: answer is None,
            FillReason.SAID_NO: answer == FillAnswer.NO,
            FillReason.TOO_NEAR: any(self.near(shift, other) for other in others),
            FillReason.HAS_ENOUGH: self.count_here(others) >= wanted,
            FillReason.WEEK_FULL: sum(self.week(other) == self.week(shift) for other in others) >= self.rules.a_week,
        }
        return next((reason for reason, holds in reasons.items() if holds), None)

    def count_here(self, shifts: Iterable[FillShift]) -> int:
        """Count the shifts that belong to this rota."""
        known = {shift.id for shift in self.shifts}
        return sum(shift.id in known for shift in shifts)

    def gaps(self, chosen: set[tuple[int, int]]) -> Iterable[Gap]:
        """The gaps that stay once the chosen people are added to the chosen posts, each with its reasons."""
        added: dict[int, list[FillShift]] = defaultdict(list)
        filled = Counter(number for person in self.people for number in person.on)
        for person_number, number in sorted(chosen):
            added[person_number].append(self.shift_of[number])
            filled[number] += 1
        for shift in self.shifts:
            there = self.on_shift(shift) + [person for person in self.people if shift in added[person.id]]
            for post in shift.posts:
                if filled[post.id] < post.least:
                    why = self._count_reasons(shift, post.needs, [post], there, added)
                    yield Gap(shift.id, post.id, tuple(sorted(post.needs)), post.least - filled[post.id], why)
            open_posts = [post for post in shift.posts if filled[post.id] < post.most]
            for slug in self.wanted_on(shift):
                if not any(person.holds([slug], shift.day) for person in there):
                    why = self._count_reasons(shift, [slug], open_posts, there, added)
                    yield Gap(shift.id, None, (slug,), 1, why)

    def _count_reasons(
        self,
        shift: FillShift,
        needs: Iterable[str],
        open_posts: list[FillPost],
        there: list[FillPerson],
        added: Mapping[int, list[FillShift]],
    ) -> Counter[FillReason]:
        """Count, by reason, the people who hold these qualifications and are not on this shift."""
        alone = all(person.new for person in there)
        reasons: Counter[FillReason] = Counter()
        for person in self.people:
            if not person.holds(needs, shift.day):
                continue
            reason = self.refusal(person, shift, added[person.id])
            if reason is None and not any(person.holds(post.needs, shift.day) for post in open_posts):
                reason = FillReason.NO_PLACE
            if reason is None:
                reason = FillReason.NEW_ALONE if person.new and alone else FillReason.NOT_TRIED
            reasons[reason] += 1
        return reasons
