"""Turns a rota into an integer program: variables for the open decisions, constraints for the rules, aims for the rest.

A decision is whether one person takes a place on one post: a variable that is 0 or 1. Every constraint already holds
before anybody is added, so the program always has a solution.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from volunteers.fill.problem import FillProblem
from volunteers.fill.solver import IntegerProgram
from volunteers.fill.types import FillAnswer, FillPerson, FillPost, FillShift

# The aims, most important first. Each is a sum that is made as small as it can be:
# empty        places below the minimum of a post
# unqualified  qualifications that should be on every shift and that nobody there holds
# if_needed    people who come on a shift for which they said “if needed”
# beyond       places below the maximum of a post; only if the rota is to be filled to the brim
# unevenly     the price of giving one person many shifts
AIMS = ("empty", "unqualified", "if_needed", "beyond", "unevenly")


class FillModel:
    """The integer program of one rota. `variables` maps a person and a post to the variable that decides on the two."""

    def __init__(self, rota: FillProblem) -> None:
        """Add a variable for every possible place, then the constraints."""
        self.rota, self.program = rota, IntegerProgram()
        self.variables: dict[tuple[int, int], int] = {}
        self.aims: dict[str, dict[int, int]] = {name: {} for name in AIMS if name != "beyond" or rota.rules.brim}
        # By person, then by shift: the variables that would put this person on that shift.
        self._of_person: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for shift in rota.shifts:
            willing = [person for person in rota.people if rota.refusal(person, shift) is None]
            for post in shift.posts:
                self._fill_post(shift, post, willing)
            self._count_missing_qualifications(shift, willing)
            self._accompany_new_people(shift, willing)
        for person in rota.people:
            self._limit_person(person)

    def _fill_post(self, shift: FillShift, post: FillPost, willing: list[FillPerson]) -> None:
        """Keep a post within its maximum, and count the places below its minimum and its maximum."""
        there = len(self.rota.on_post(post))
        needed, room = max(post.least - there, 0), max(post.most - there, 0)
        added = []
        for person in willing:
            if person.holds(post.needs, shift.day):
                variable = self.variables[person.id, post.id] = self.program.add_variable()
                self._of_person[person.id][shift.id].append(variable)
                if person.answers[shift.id] == FillAnswer.IF_NEEDED:
                    self.aims["if_needed"][variable] = 1
                added.append(variable)
        # added people <= room
        self.program.add_constraint(dict.fromkeys(added, 1), most=room)
        # added people + empty places >= needed
        empty = self.program.add_variable(needed, start=needed)
        self.aims["empty"][empty] = 1
        self.program.add_constraint(dict.fromkeys((*added, empty), 1), least=needed)
        if self.rota.rules.brim:
            # added people + places beyond the minimum that stay free >= room
            beyond = self.program.add_variable(room, start=room)
            self.aims["beyond"][beyond] = 1
            self.program.add_constraint(dict.fromkeys((*added, beyond), 1), least=room)

    def _count_missing_qualifications(self, shift: FillShift, willing: list[FillPerson]) -> None:
        """Count each qualification that somebody on this shift should hold and nobody does."""
        there = self.rota.on_shift(shift)
        for slug in self.rota.wanted_on(shift):
            if any(person.holds([slug], shift.day) for person in there):
                continue
            # added holders + missing >= 1
            missing = self.program.add_variable(start=1)
            self.aims["unqualified"][missing] = 1
            holders = self._on_shift(shift, [person for person in willing if person.holds([slug], shift.day)])
            self.program.add_constraint(dict.fromkeys((*holders, missing), 1), least=1)

    def _accompany_new_people(self, shift: FillShift, willing: list[FillPerson]) -> None:
        """Add a new person only where somebody experienced is on the shift, or is added with them."""
        if any(not person.new for person in self.rota.on_shift(shift)):
            return
        experienced = dict.fromkeys(self._on_shift(shift, [person for person in willing if not person.new]), -1)
        for variable in self._on_shift(shift, [person for person in willing if person.new]):
            # this new person - added experienced people <= 0
            self.program.add_constraint(experienced | {variable: 1}, most=0)

    def _limit_person(self, person: FillPerson) -> None:
        """Limit one person: one place a shift, rest between two shifts, and no more shifts a week than agreed.

        Somebody who is over a limit already, because a coordinator put them there, is given nothing more.
        """
        by_shift, rules = self._of_person[person.id], self.rota.rules
        shifts = [shift for shift in self.rota.shifts if shift.id in by_shift]
        for shift in shifts:
            self.program.add_constraint(dict.fromkeys(by_shift[shift.id], 1), most=1)
        for first, second in combinations(shifts, 2):
            if self.rota.near(first, second):
                self.program.add_constraint(dict.fromkeys(by_shift[first.id] + by_shift[second.id], 1), most=1)
        on_already = self.rota.theirs(person)
        for begins in {self.rota.week(shift) for shift in shifts}:
            in_week = [
                variable for shift in shifts if self.rota.week(shift) == begins for variable in by_shift[shift.id]
            ]
            taken = sum(self.rota.week(shift) == begins for shift in on_already)
            self.program.add_constraint(dict.fromkeys(in_week, 1), most=max(rules.a_week - taken, 0))
        self._price_shifts(person, [variable for shift in shifts for variable in by_shift[shift.id]])

    def _price_shifts(self, person: FillPerson, variables: list[int]) -> None:
        """Let each further shift of one person cost one more than the last, up to as many as they want.

        So shifts go round many people before one person has them all.
        """
        here = self.rota.count_here(self.rota.theirs(person))
        wanted = len(variables) if person.wanted is None else max(person.wanted - here, 0)
        steps = [self.program.add_variable() for _step in range(min(wanted, len(variables)))]
        # added shifts = steps paid for
        self.program.add_constraint(dict.fromkeys(variables, 1) | dict.fromkeys(steps, -1), least=0, most=0)
        for further, step in enumerate(steps, start=1):
            self.aims["unevenly"][step] = here + further

    def _on_shift(self, shift: FillShift, people: list[FillPerson]) -> list[int]:
        """The variables that would put any of these people on this shift."""
        return [variable for person in people for variable in self._of_person[person.id][shift.id]]
