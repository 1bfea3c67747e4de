"""What stands behind the doors: for each address with arguments, something of that kind, made on the spot."""

import datetime as dt
import uuid

from hub.core.periods import opening_month
from hub.directory.models.alerts import monday_of
from hub.imports.kinds.base import Understood
from hub.models import (
    AgendaPoint,
    Alert,
    Choice,
    Idea,
    Import,
    ImportLine,
    Language,
    Opening,
    Pathway,
    PathwayKind,
    Strip,
    Text,
)
from school.models import Cohort, Course, Module, Proposal, Session
from supplies.models import Count, Delivery, Fund, Leaflet, Order, Recall, Store, Supplier, Wish
from tests.school.makers import enrol, something_for
from tests.supplies.makers import a_lot, an_item
from tests.volunteers.rota_world import a_pattern, a_proposal, a_shift, grant, post_of, somebody
from volunteers.models import Offer, Signup

NOBODY = 999_999
DAY = dt.date(2026, 11, 26)


def arguments_of(name, volunteer):
    """The arguments of one address: of something that is there, or of a key that opens nothing."""
    app, _colon, noun = name.rpartition(":")
    known = {"holding": NOBODY, "token": "unknown", "key": "unknown", "sealed": "unknown"}
    if name == "volunteers:holding-end":
        known["holding"] = grant(volunteer, "school-done").holdings.latest("pk").pk
    return known | {"pk": volunteer.pk} | OF_AN_APP.get(app, lambda _noun: {})(noun)


def of_the_hub(noun):
    """An evening, an answer of a list, a strip, a pathway, an alert or an idea; a month, a quarter nobody knows."""
    makes = {"answer": _answer, "strip": _strip, "pathway": _pathway, "alert": _alert, "idea": _idea}
    makes |= {"agenda": _agenda_point, "import": _import}
    makes |= dict.fromkeys(("desk", "evening", "catch"), _evening)
    make = _idea_for_the_meeting if noun == "idea-decide" else makes.get(noun.partition("-")[0])
    known = {"first": opening_month(), "name": "naloxone", "of": "place", "written_period": "2026-q1", "number": 1}
    known["format"] = "csv"
    known["kind"] = "items" if noun.startswith("import") else "first"
    if noun.startswith("translation"):
        known |= {"code": Language.objects.get_or_create(code="pl")[0].code}
        known |= {"of": "hub.pathway", "key": _pathway().pk} if noun == "translation" else {}
    if noun == "poster":
        known |= {"code": "en-gb", "size": "a4"}
    if noun == "hsds-service":
        known["reference"] = _pathway().reference
    if noun == "literature-file":
        known["slug"] = _leaflet(an_item("Leaflet")).slug
    if noun == "settings-group":
        known["slug"] = "hub"
    if noun == "text":
        known["slug"] = Text.write("why", title="Ours", body="Come in.", instead_of=Text.starting("why").mark).slug
    return known | ({"pk": make().pk} if make else {})


def of_the_rota(noun):
    """A shift, its post, somebody else's sign-up for it or what they are offered, or a pattern."""
    shift = a_shift()
    makes = {
        "post": lambda: post_of(shift).pk,
        "signup": lambda: Signup.objects.create(person=somebody("Bo"), post=post_of(shift), shift=shift).pk,
        "pattern": lambda: a_pattern().pk,
        "offer": lambda: Offer.objects.create(post=post_of(shift), to=somebody("Bo"), until=shift.starts_at).pk,
    }
    # “signup” alone is the address of a post, where somebody takes a place.
    noun = "post" if noun == "signup" else noun.partition("-")[0]
    return {"day": DAY, "month": DAY, "pk": makes.get(noun, lambda: shift.pk)()}


def of_a_period(_noun):
    """Days people are asked about, with a proposal of how to fill them."""
    return {"pk": a_proposal().period_id}


def of_the_stock(noun):
    """The arguments of an address about supplies: of an item, a lot, a count, an order, a fund, a delivery…"""
    item = an_item(kind="pack")
    makes = {
        "item": lambda: {"slug": item.slug},
        "act": lambda: {"act": uuid.UUID(int=4)},
        "lot": lambda: {"pk": _recall(item).lot_id},
        "recall": lambda: {"pk": _recall(item).pk},
        "count": lambda: {"pk": Count.objects.start(Store.objects.main()).pk, "slug": item.category.slug},
        "leaflet": lambda: {"slug": _leaflet(item).slug},
        "delivery": lambda: {"pk": _delivery(item).pk, "key": uuid.UUID(int=2)},
        "fund": lambda: {"pk": Fund.objects.create(name="Bucket").pk},
        "supplier": lambda: {"pk": Supplier.objects.create(name="Works").pk},
        "wish": lambda: {"pk": Wish.objects.create(name="Pipes").pk},
        "order": lambda: {"pk": Order.objects.start({item: 1}, key=uuid.UUID(int=3)).pk, "kind": "csv"},
    }
    return makes[noun.partition("-")[0]]()


def _recall(item):
    return Recall.objects.pull(a_lot(item, 5), reason="Said so")


def _leaflet(item):
    Leaflet.objects.create(item=item).keep_file(b"%PDF-1.7 %%EOF")
    return item


def _delivery(item):
    delivery = Delivery.objects.start(key=uuid.UUID(int=1))
    delivery.write_line(uuid.UUID(int=2), item=item, quantity=1)
    return delivery


def of_the_school(noun):
    """A session and somebody's place on it, a course, a module and what it is taught with, a group or a person."""
    known = {"pk": something_for(noun), "key": uuid.UUID(int=4), "course": Course.objects.latest("pk").pk}
    member = Cohort.objects.latest("pk").members.get()
    known["person"] = member.pk
    if noun == "cohort-detach":
        known["session"] = Session.objects.latest("pk").pk
    if noun.startswith(("enrolment-", "register-mark")):
        known["enrolment"] = enrol(Session.objects.get(pk=known["pk"]), member).pk
    if noun in ("material-remove", "material-leaflet"):
        known["material"] = Module.objects.get(pk=known["pk"]).materials.create(title="Cards", edition="First").pk
    if noun.startswith("proposal-"):
        known["pk"] = Proposal.objects.create(person=somebody("Bo"), title="Wounds", about="Care").pk
    return known


def _evening():
    Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    return Opening.objects.current()


def _answer():
    return Choice.objects.create(of="place", name="Home")


def _strip():
    return Strip.objects.create(name="Nitazene strip", limits="Misses some.")


def _pathway():
    return Pathway.objects.create(kind=PathwayKind.objects.create(name="Housing", slug="housing"), name="Shelter")


def _import():
    batch = Import.objects.create(kind="items")
    cells = {"name": "Cam", "category": "Preparing"}
    ImportLine.build(batch, 2, cells, Understood(label="Cam")).save()
    return batch


def _alert():
    monday = monday_of(opening_month())
    return Alert.objects.create(
        what="Strong", area="East side", week=monday, source="Us", what_to_do="Go slow.", expires_on=opening_month()
    )


def _idea():
    return Idea.objects.create(words="A warm drink")


def _idea_for_the_meeting():
    return Idea.objects.create(words="A warm drink", state=Idea.State.HEARD, for_meeting=True)


def _agenda_point():
    return AgendaPoint.objects.create(words="New chairs")


OF_AN_APP = {
    "hub": of_the_hub,
    "periods": of_a_period,
    "rota": of_the_rota,
    "school": of_the_school,
    "supplies": of_the_stock,
}
