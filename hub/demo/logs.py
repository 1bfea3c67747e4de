"""The demo's logs, alerts and pathways: believable, the same every time, and nobody in them is real."""

from __future__ import annotations

import datetime as dt
from random import Random

from hub.core.choices import Choice
from hub.directory.models.alerts import Alert, monday_of
from hub.directory.models.services import Pathway, PathwayKind
from hub.logs.models.incidents import Incident
from hub.logs.models.naloxone import NaloxoneGiven
from hub.logs.models.reversals import Reversal
from hub.logs.models.strips import Strip, StripResult
from supplies.models import Item

KNOWN = Pathway.Known
# Made up, as everything in the demo: nothing here is said of a service that is real.
# Kind, name, how to reach it, hours, days since it was checked, safe whatever somebody's status, police, what we heard.
MADE_UP = (
    ("rights", "Sample Street law evening", "Side door, ask for the duty lawyer", "Tuesdays, 6 to 8 pm", 12,
     KNOWN.YES, KNOWN.NO, "They ring back. Good with people who are scared of the police."),
    ("sexual-health", "The Arches clinic", "Walk in, or ring 00000 000000", "Every day, 9 am to 5 pm", 20,
     KNOWN.YES, KNOWN.NO, "Walk-in is busy. Say it is urgent if it is."),
    ("housing", "Lantern night shelter", "Be at the gate by 8 pm", "Every night from October to March", 120,
     KNOWN.NO, KNOWN.YES, "Go with somebody. They asked for papers."),
    ("treatment", "Canal Road prescribing", "Ring first", "", 75,
     KNOWN.NOT_KNOWN, KNOWN.NOT_KNOWN, "Long wait for a first appointment."),
    ("wounds", "The foot bus", "Beside the market", "Thursdays, 2 to 4 pm", 8,
     KNOWN.YES, KNOWN.NO, ""),
)  # fmt: skip


def add_choices() -> None:
    """Add the choices that the forms offer."""
    Choice.objects.lay_out()
    Strip.objects.lay_out()
    Pathway.objects.lay_out()


def add_month(first: dt.date) -> None:
    """One month of the four logs."""
    random = Random(f"logs of {first}")  # noqa: S311 -- the same world every time is the point
    choices: dict[str, list[Choice | None]] = {of: [None] for of in Choice.Of.values}
    for choice in Choice.objects.offered():
        choices[choice.of].append(choice)
    _add_naloxone(random, first, choices)
    for _ in range(random.randint(1, 5)):
        Reversal.objects.report(
            month=first,
            place=random.choice(choices["place"]),
            doses=random.choice((None, 1, 1, 2, 2, 3)),
            called_999=random.choice((None, True, False)),
            outcome=random.choice(choices["outcome"][:4]),
        )
    strips = list(Strip.objects.select_related("item"))
    lots = {strip.pk: [None, *(strip.item.lots.all() if strip.item else [])] for strip in strips}
    for _ in range(random.randint(6, 18)):
        strip = random.choices(strips, (6, 2, 4, 1)[: len(strips)])[0]
        StripResult.objects.report(
            strip,
            random.choices(StripResult.Reading.values, (3, 12, 1, 2))[0],
            month=first,
            sold_as=random.choice(choices["sold_as"]),
            lot=random.choice(lots[strip.pk]),
        )


def _add_naloxone(random: Random, first: dt.date, choices: dict[str, list[Choice | None]]) -> None:
    products = list(Item.objects.filter(naloxone=True).order_by("slug"))
    for _ in range(random.randint(8, 16)):
        again = random.choice((None, False, False, True))
        NaloxoneGiven.objects.give(
            random.choice(products),
            random.choice((1, 1, 1, 2, 2, 3)),
            month=first,
            again=again,
            why_again=random.choice(choices["why_again"]) if again else None,
            trained=random.choice((None, True, True, False)),
            recipient=random.choice(choices["recipient"]),
        )


def add_present(today: dt.date) -> None:
    """Add drug alerts, services and one incident."""
    _add_alerts(today)
    kinds = {kind.slug: kind for kind in PathwayKind.objects.all()}
    Pathway.objects.bulk_create(
        Pathway(
            kind=kinds[kind],
            name=name,
            how_to_reach=how,
            hours=hours,
            checked_on=today - dt.timedelta(days=days),
            safe_whatever_status=safe,
            may_involve_police=police,
            heard=heard,
        )
        for kind, name, how, hours, days, safe, police, heard in MADE_UP
    )
    Pathway.objects.create(
        kind=kinds["treatment"],
        name="A service that has closed",
        hide_after=today - dt.timedelta(days=3),
        checked_on=today - dt.timedelta(days=200),
    )
    kind, needs = Choice.objects.offered("incident"), Choice.objects.offered("need")
    Incident.objects.report(kind[1], month=today.replace(day=1), first_aid=True, needs=[needs[0], needs[2]])


def _add_alerts(today: dt.date) -> None:
    week = monday_of(today)
    published = Alert.objects.create(
        what="Pale brown heroin that is much stronger than it looks",
        area="East London",
        week=week - dt.timedelta(days=7),
        source="People at the desk, and two nitazene strips without a test line",
        what_to_do="Start with much less than usual.\nNot alone: ask somebody to look in on you.\n"
        "Have naloxone near. It may take more than one dose.",
        expires_on=today + dt.timedelta(days=21),
    )
    published.publish()
    Alert.objects.create(
        what="Blue pills sold as diazepam that make people sleep for a day",
        area="South London",
        week=week,
        source="Somebody at the desk; nothing tested yet",
        what_to_do="Take a quarter and wait two hours.\nDo not mix them with opioids or alcohol.",
        expires_on=today + dt.timedelta(days=14),
    )
    over = Alert.objects.create(
        what="Cocaine cut with something that numbs for hours",
        area="North London",
        week=week - dt.timedelta(days=70),
        source="Another service",
        what_to_do="Crush it well. Small lines first.",
        expires_on=today + dt.timedelta(days=1),
    )
    over.publish()
    Alert.objects.filter(pk=over.pk).update(expires_on=today - dt.timedelta(days=30))
