"""Who comes by: the demo's people by role, signed in, and an evening on which everything is going on."""

import datetime as dt
import uuid

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test import Client
from django.utils import timezone

from hub.models import Opening, PathwayKind
from hub.web.middleware import IDLE_COOKIE, sign_idle_cookie
from school.models import Enrolment, Module, Session
from supplies.models import Delivery, Item, Leaflet
from tests.bench.visitors import Visitor
from volunteers.models import Post, RotaPeriod, RotaProposal, Shift, User

SIGNED_IN = ("trainee", "volunteer", "trainer", "coordinator", "admin")
ROLES = ("anonymous", *SIGNED_IN)
LINES = 10
PDF = b"%PDF-1.7 %%EOF"


def cookies_of(person):
    """A sign-in, as the browser of this person would hold it."""
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    return {name: client.cookies[name].value, IDLE_COOKIE: sign_idle_cookie(client.session.session_key)}


def come(hub, role):
    """A visitor in this role."""
    if role == "anonymous":
        return Visitor(hub)
    return Visitor(hub, cookies_of(User.objects.get(username=role)))


def crew(number):
    """So many people of the rota."""
    return list(User.objects.filter(username__startswith="crew-").order_by("username")[:number])


def begin_the_evening():
    """An open desk, a session with its register, a delivery half written, and a rota that was just proposed.

    Coordinators and admins have their second step, as they must.
    """
    make_room()
    for name in ("coordinator", "admin"):
        Authenticator.objects.get_or_create(
            user=User.objects.get(username=name), type=Authenticator.Type.TOTP, defaults={"data": {"secret": ""}}
        )
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    tonight()
    a_delivery()
    volunteer = User.objects.get(username="volunteer")
    a_post(3, days=38).book(volunteer, by=volunteer)
    Leaflet.objects.order_by("item__slug")[0].keep_file(PDF)
    period = RotaPeriod.objects.open().first()
    if period and not RotaProposal.objects.filter(period=period).exists():
        RotaProposal.objects.create(period=period).work_out()


def make_room():
    """Call some of the demo's things otherwise: what the tests put behind a door may have their names."""
    for things in (Item.objects, PathwayKind.objects):
        things.update(slug=Concat(F("slug"), Value("-demo")), name=Concat(F("name"), Value(" (demo)")))
    of_nobody = User.objects.exclude(username__in=SIGNED_IN).exclude(username__regex=r"^(crew|school)-")
    of_nobody.update(username=Concat(F("username"), Value("-demo")))


def tonight(places=20):
    """A session of the School that has just begun, and everybody in it."""
    now = timezone.now()
    session = Session.objects.create(
        starts_at=now - dt.timedelta(minutes=20),
        ends_at=now + dt.timedelta(hours=2),
        place="The back room",
        places=places,
        state=Session.State.ANNOUNCED,
    )
    session.set_modules([Module.objects.order_by("pk")[0]])
    session.facilitators.set([User.objects.get(username="trainer")])
    people = User.objects.filter(username__startswith="school-").order_by("username")[:places]
    Enrolment.objects.bulk_create(
        Enrolment(session=session, person=person, state="enrolled", line=line)
        for line, person in enumerate(people, start=1)
    )
    return session


def a_delivery(lines=LINES):
    """Boxes that are being written down."""
    delivery = Delivery.objects.start(key=uuid.uuid4(), by=User.objects.get(username="coordinator"))
    about = {"quantity": 3, "lot_number": "B1", "expires_on": timezone.localdate() + dt.timedelta(days=900)}
    for item in Item.objects.active().filter(kind="thing", naloxone=False).order_by("slug")[:lines]:
        delivery.write_line(uuid.uuid4(), item=item, **about)
    return delivery


def a_post(places, *, days=40):
    """A shift to come with one post of so many places, on a day when nobody else is needed."""
    starts = timezone.now() + dt.timedelta(days=days)
    shift = Shift.objects.create(
        title="Stall", place="Fair", drop_in=False, starts_at=starts, ends_at=starts + dt.timedelta(hours=3),
        state=Shift.State.PUBLISHED,
    )  # fmt: skip
    return Post.objects.create(shift=shift, role="Stall", minimum=1, maximum=places)
