"""What people do: log a visit, sign up, take a register, receive boxes, close an evening; and filling a rota."""

import time
import uuid
from http import HTTPStatus
from random import Random

from django.urls import reverse
from django.utils import timezone

from hub.core.periods import Period, Span
from hub.desk.visit_payload import VisitPayload
from hub.models import Opening, Visit
from supplies.models import Item
from tests.bench import budgets, fill_a_rota
from tests.bench.budgets import Line
from tests.bench.cast import a_delivery, a_post, come, cookies_of, crew, tonight
from tests.bench.visitors import Visitor
from volunteers.fill import FillRules, fill

VISITS, SIGN_UPS, BOXES, EVENINGS, FILLS = 200, 30, 10, 3, 3
CLOSING = f"close an evening of {VISITS} visits"


class WentWrong(Exception):
    """Something that has to work did not; the message says what."""


def an_entry(random, opening, items):
    """A visit as people are: mostly alone, three things or so."""
    taken = random.sample(items, random.randint(0, 4))
    return VisitPayload(
        id=uuid.UUID(int=random.getrandbits(128), version=4),
        opening=opening,
        people=random.choice((1, 1, 1, 2)),
        items={item: random.randint(1, 10) for item in taken},
    )


def tiles():
    """What a visit can take from: whatever is on the desk and is stock of its own."""
    return [item.pk for item in Item.objects.on_the_desk().order_by("pk") if not item.is_bundle and not item.naloxone]


def line_of(what, role, answers, most_ms=None, expected=HTTPStatus.FOUND):
    """A line for what was asked several times. The first is left out: it warms up."""
    wrong = [answer.status for answer in answers if answer.status != expected]
    if wrong:
        raise WentWrong(f"{what}: {len(wrong)} of {len(answers)} answered {wrong[0]}")
    later = answers[1:] if len(answers) > 1 else answers
    statements = max(answer.statements for answer in later)
    return Line(what, role, [(answer.ms, answer.work) for answer in later], most_ms, statements)


def all_of_them(hub, rounds):
    """Every one of them, in an order in which none is in another's way."""
    yield log_visits(hub)
    yield sign_up(hub)
    yield take_a_register(hub)
    yield receive_boxes(hub)
    yield the_yearly_report(hub, rounds)
    yield fold_evenings(hub)
    yield fill_the_rota()


def log_visits(hub):
    random, opening, items = Random("visits"), Opening.objects.current(), tiles()  # noqa: S311 -- the same every time
    desk, address = come(hub, "volunteer"), reverse("hub:desk-visits")
    answers = [
        desk.post_json(address, {"visits": [an_entry(random, opening.pk, items).as_json()]}) for _visit in range(VISITS)
    ]
    return line_of("log a visit", "volunteer", answers, budgets.LOG_A_VISIT, HTTPStatus.OK)


def sign_up(hub):
    address = reverse("rota:signup", args=[a_post(SIGN_UPS).pk])
    answers = [Visitor(hub, cookies_of(person)).post(address) for person in crew(SIGN_UPS)]
    return line_of("sign up for a shift", "volunteer", answers)


def take_a_register(hub):
    session, trainer = tonight(), come(hub, "trainer")
    answers = [
        trainer.post(reverse("school:register-mark", args=[session.pk, row.pk]), there="yes")
        for row in session.enrolments.order_by("line")
    ]
    answers.append(trainer.post(reverse("school:register-close", args=[session.pk])))
    return line_of("mark one of a register", "trainer", answers)


def receive_boxes(hub):
    coordinator = come(hub, "coordinator")
    deliveries = [a_delivery() for _number in range(BOXES)]
    answers = [coordinator.post(reverse("supplies:delivery-receive", args=[delivery.pk])) for delivery in deliveries]
    return line_of("receive a delivery of 10 lines", "coordinator", answers)


def the_yearly_report(hub, rounds):
    year = Period.of(timezone.localdate(), Span.YEAR).before
    coordinator, address = come(hub, "coordinator"), reverse("hub:report", args=[str(year)])
    answers = [coordinator.get(address) for _round in range(rounds + 1)]
    line = line_of(f"the report of {year}", "coordinator", answers, budgets.A_REPORT, HTTPStatus.OK)
    line.most_statements = budgets.STATEMENTS
    return line


def fold_evenings(hub):
    """Close an evening of 200 visits, and open it again for the next time. The first has those that were logged."""
    random, items, coordinator = Random("evenings"), tiles(), come(hub, "coordinator")  # noqa: S311 -- as above
    answers = []
    for _evening in range(EVENINGS):
        opening = Opening.objects.start(kind=Opening.Kind.UNPLANNED)
        for _visit in range(VISITS - opening.live_visits.count()):
            Visit.objects.log(an_entry(random, opening.pk, items))
        answers.append(coordinator.post(reverse("hub:desk-close", args=[opening.pk]), note=""))
        opening.refresh_from_db()
        if opening.state != Opening.State.CLOSED or opening.live_visits.exists():
            raise WentWrong(f"close an evening: it is {opening.state}")
    return line_of(CLOSING, "coordinator", answers, budgets.A_CLOSING)


def fill_the_rota(weeks=8, people=60):
    """The solver alone; the worker calls it."""
    shifts, crowd = fill_a_rota.world(weeks, people)
    rules, looks = FillRules(everywhere=("shift-lead", "naloxone-trained")), []
    for _time in range(FILLS):
        began, worked = time.perf_counter(), time.process_time()
        proposal = fill(shifts, crowd, rules)
        looks.append(((time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000))
        if not all(aim.proven for aim in proposal.aims):
            raise WentWrong("fill a rota: not proven best")
    return Line(f"fill {weeks} weeks × {people} people, proven best", "worker", looks, budgets.A_FILL)
