"""No page, file or command tells a small count about people, but the marked ones for coordinators.

Two worlds look alike to everybody: in one 3 people came, took, asked or told us, in the other 4. Whatever anybody can
ask for has to read the same in both, byte for byte. What does not tells one from the other, and so a small count.
"""

import io
import re

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import NoReverseMatch, get_resolver, reverse

from hub.models import Choice, Idea, Measure, NaloxoneGiven, Opening, Reversal, Strip, StripResult, Tally
from supplies.models import Shortfall, Wish
from tests.hub.reports.numbers_world import QUARTER, TODAY, a_month, publish
from tests.project.access_fixtures import arguments_of
from tests.project.access_matrix import DOORS, ROLES
from tests.project.access_requests import addresses
from tests.project.exports import NO_STATISTICS, TRUE_FIGURES
from tests.supplies.makers import an_item
from volunteers.models import Hours

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

MARKED = "True figures, do not share: small numbers can show who somebody is."
EDITIONS = {"hub:edition-file"}
# A token, a random id of a form, and a sealed link are new on each page.
ALWAYS_NEW = re.compile(
    r'(name="(?:(?:csrfmiddleware)?token|form_key)" value=|"csrf": ?)"[^"]*"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
)
JANUARY = QUARTER.first


def world(n):
    """A quarter in which everything that counts people counts `n` of them in January, and nothing else after."""
    item, kit = an_item("Rare thing"), an_item("Nasal spray", naloxone=True)
    wish = Wish.objects.create(name="Rare wish")
    strip = Strip.objects.create(name="Rare strip", limits="Misses some")
    a_month(JANUARY, visits=n, people=n, given={item: n})
    for month in QUARTER.months[1:]:
        a_month(month, visits=0, people=0)
    topic = Choice.objects.create(of="topic", name="Rare topic")
    said = {(Measure.ANSWERS, "first:yes"): n, (Measure.ANSWERS, f"topics:{topic.pk}"): n, (Measure.BINS, "some"): n}
    Tally.objects.add(JANUARY, said)
    NaloxoneGiven.objects.create(month=JANUARY, product=kit, kits=n)
    for reason in ("law", "not_stocked"):
        Shortfall.objects.create(month=JANUARY, wish=wish, reason=reason, number=n)
    StripResult.objects.create(month=JANUARY, strip=strip, line="absent")
    Hours.objects.create(person=None, quarter=JANUARY, minutes=60 * n, shifts=n, last_month=JANUARY)
    Idea.objects.create(words="A rare idea", state="heard", me_too=n)
    more(n)


def more(n):
    """Rows of logs up to `n`."""
    strip = Strip.objects.get(name="Rare strip")
    while Reversal.objects.count() < n:
        Reversal.objects.create(month=JANUARY)
    while StripResult.objects.count() < n:
        StripResult.objects.create(month=JANUARY, strip=strip, line="absent")


def become(n):
    """The same world, with `n` wherever there was another number, and its report published anew."""
    Opening.objects.filter(visits__gt=0).update(visits=n, people=n)
    Tally.objects.filter(value__gt=0).update(value=n)
    NaloxoneGiven.objects.update(kits=n)
    Shortfall.objects.update(number=n)
    Hours.objects.update(minutes=60 * n, shifts=n)
    Idea.objects.filter(words="A rare idea").update(me_too=n)
    more(n)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("TRUNCATE hub_edition, hub_publishedfigure RESTART IDENTITY")


def addresses_to_ask(volunteer):
    """Every address that can be looked at, with arguments that lead somewhere where they can."""
    found, last = {}, {}
    for name, _view, wanted in addresses(get_resolver()):
        app = name.rpartition(":")[0]
        if wanted:
            try:
                with transaction.atomic():
                    last[app] = last.get(app, {}) | arguments_of(name, volunteer)
            except Exception:  # noqa: BLE001 -- what it would make is there already, from an address before
                last.setdefault(app, {})
        known = last.get(app, {}) | {"first": JANUARY} if app == "hub" else last.get(app, {})
        try:
            found[name] = reverse(name, kwargs={argument: known[argument] for argument in wanted})
        except (KeyError, NoReverseMatch):
            # The arguments left over from an address before are of another kind.
            continue
    return found


@pytest.fixture
def everything(client, sign_in, admin, coordinator, trainer, volunteer, trainee, django_capture_on_commit_callbacks):
    people = dict(zip(ROLES[1:], (trainee, volunteer, trainer, coordinator, admin), strict=True))

    def ask(found):
        """(address, role) → what they are answered: status, kind of content, and the content itself."""
        answers = {}
        for role in ROLES:
            client.logout()
            client.cookies.clear()
            if role in people:
                sign_in(client, people[role])
            for name, address in found.items():
                response = client.get(address)
                content = b"".join(response) if response.streaming else response.content
                answers[name, role] = (response, _plain(response, content))
        return answers

    return ask


def _plain(response, content):
    if "spreadsheet" in response.headers.get("Content-Type", ""):
        return b""
    return ALWAYS_NEW.sub("", content.decode(errors="replace"))


@time_machine.travel(f"{TODAY} 12:00 +0100", tick=False)
def test_three_and_four_look_the_same(everything, volunteer):
    world(3)
    addresses = addresses_to_ask(volunteer)
    Tally.objects.filter(value=0).delete()
    publish(QUARTER)
    three = everything(addresses)
    # What is never the same twice would look as if it told: only of the marked pages nobody would notice.
    again = everything({name: address for name, address in addresses.items() if name in TRUE_FIGURES})
    become(4)
    publish(QUARTER)
    four = everything(addresses)

    assert len(addresses) > len(DOORS) * 0.9
    assert sorted({where for where, (_response, said) in again.items() if said != three[where][1]}) == []
    told = {where for where, (_response, said) in three.items() if said != four[where][1]}
    for name, role in sorted(told):
        assert name in TRUE_FIGURES, (name, role)
        assert role in ("coordinator", "admin"), (name, role)
        assert MARKED in three[name, role][1], (name, role)
    # It has to be able to see something: the marked page does tell.
    assert ("hub:month", "coordinator") in told

    # Whatever leaves as a file is an edition, or has its reason.
    files = {
        name
        for (name, _role), (response, _said) in three.items()
        if response.status_code == 200 and "attachment" in response.headers.get("Content-Disposition", "")
    }
    assert sorted(files - EDITIONS - set(NO_STATISTICS)) == []
    assert all(NO_STATISTICS.values())
    assert set(NO_STATISTICS) <= set(DOORS)


@pytest.mark.parametrize("command", ["fold", "tidy"])
def test_commands_treat_three_and_four_alike(command):
    said = []
    world(3)
    for n in (3, 4):
        become(n)
        out = io.StringIO()
        call_command(command, stdout=out)
        said.append(out.getvalue())

    assert said[0] == said[1]
