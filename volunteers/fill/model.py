"""A rota as a whole-number problem: a column for everybody who could take a place, and rows for what must hold."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from volunteers.fill.problem import World, week
from volunteers.fill.solver import Problem
from volunteers.fill.types import Answer, Person, Post, Shift

# What is made least, first things first: places below the least, shifts where nobody holds what somebody should,
# people who would rather not, places below the most (if asked for), and the price of having many shifts.
AIMS = ("empty", "unqualified", "if_needed", "beyond", "unevenly")


class Model:
    """The problem of one rota. `columns` says which column stands for which person on which post."""

    def __init__(self, world: World) -> None:
        """Write down everything there is to decide, and what limits it."""
        self.world, self.problem = world, Problem()
        self.columns: dict[tuple[int, int], int] = {}
        self.aims: dict[str, dict[int, int]] = {name: {} for name in AIMS if name != "beyond" or world.rules.brim}
        # Person, then shift: the columns that put one on the other.
        self._mine: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for shift in world.shifts:
            willing = [person for person in world.people if world.refusal(person, shift) is None]
            for post in shift.posts:
                self._staff(shift, post, willing)
            self._qualify(shift, willing)
            self._accompany(shift, willing)
        for person in world.people:
            self._spare(person)

    def _staff(self, shift: Shift, post: Post, willing: list[Person]) -> None:
        """A post takes its most and no more; what it lacks of its least, and of its most, is counted."""
        there = len(self.world.on_post(post))
        able = []
        for person in willing:
            if person.holds(post.needs, shift.day):
                column = self.columns[person.id, post.id] = self.problem.column()
                self._mine[person.id][shift.id].append(column)
                if person.answers[shift.id] == Answer.IF_NEEDED:
                    self.aims["if_needed"][column] = 1
                able.append(column)
        self.problem.row(dict.fromkeys(able, 1), most=max(post.most - there, 0))
        lacks, room = max(post.least - there, 0), max(post.most - there, 0)
        empty = self.problem.column(lacks, begins=lacks)
        self.aims["empty"][empty] = 1
        self.problem.row(dict.fromkeys((*able, empty), 1), least=lacks)
        if self.world.rules.brim:
            beyond = self.problem.column(room, begins=room)
            self.aims["beyond"][beyond] = 1
            self.problem.row(dict.fromkeys((*able, beyond), 1), least=room)

    def _qualify(self, shift: Shift, willing: list[Person]) -> None:
        """A shift where nobody holds what somebody on every shift should hold is counted."""
        there = self.world.on_shift(shift)
        for what in self.world.wanted_on(shift):
            if any(person.holds([what], shift.day) for person in there):
                continue
            lacking = self.problem.column(begins=1)
            self.aims["unqualified"][lacking] = 1
            able = self._columns(shift, [person for person in willing if person.holds([what], shift.day)])
            self.problem.row(dict.fromkeys((*able, lacking), 1), least=1)

    def _accompany(self, shift: Shift, willing: list[Person]) -> None:
        """Nobody new is on a shift where everybody is new."""
        if any(not person.new for person in self.world.on_shift(shift)):
            return
        known = dict.fromkeys(self._columns(shift, [person for person in willing if not person.new]), -1)
        for column in self._columns(shift, [person for person in willing if person.new]):
            self.problem.row(known | {column: 1}, most=0)

    def _spare(self, person: Person) -> None:
        """One place a shift, rest between shifts, so many a week, no more than they want, and a rising price for each.

        Once they are on more than a limit allows, by whoever put them there, they are given nothing more.
        """
        mine, rules = self._mine[person.id], self.world.rules
        shifts = [shift for shift in self.world.shifts if shift.id in mine]
        for shift in shifts:
            self.problem.row(dict.fromkeys(mine[shift.id], 1), most=1)
        for one, other in combinations(shifts, 2):
            if self.world.near(one, other):
                self.problem.row(dict.fromkeys(mine[one.id] + mine[other.id], 1), most=1)
        theirs = self.world.theirs(person)
        for number in {week(shift) for shift in shifts}:
            columns = [column for shift in shifts if week(shift) == number for column in mine[shift.id]]
            taken = sum(week(other) == number for other in theirs)
            self.problem.row(dict.fromkeys(columns, 1), most=max(rules.a_week - taken, 0))
        self._price(person, [column for shift in shifts for column in mine[shift.id]])

    def _price(self, person: Person, columns: list[int]) -> None:
        """Each further shift costs one more than the last, so that the many go round before anybody has them all."""
        here = self.world.here(self.world.theirs(person))
        wanted = len(columns) if person.wanted is None else max(person.wanted - here, 0)
        steps = [self.problem.column() for _each in range(min(wanted, len(columns)))]
        self.problem.row(dict.fromkeys(columns, 1) | dict.fromkeys(steps, -1), least=0, most=0)
        for further, step in enumerate(steps, start=1):
            self.aims["unevenly"][step] = here + further

    def _columns(self, shift: Shift, people: list[Person]) -> list[int]:
        return [column for person in people for column in self._mine[person.id][shift.id]]
