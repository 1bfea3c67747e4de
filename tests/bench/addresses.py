"""Where to go: every address there is, with the fullest thing of a world behind it.

The addresses are those of the table of doors, so that a new page is measured by itself. What its address speaks of is
looked for in the world first; where nobody has said here what that would be, what the tests put
behind the door will do.
"""

from http import HTTPStatus

from django.db import transaction
from django.db.models import Count
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from hub.models import Alert, Choice, Edition, Opening, Pathway, Strip
from hub.periods import Period as Numbers
from hub.periods import Span, month_of, months_on
from school.models import Cohort, Course, Module, Session
from school.models import Proposal as Offered

from supplies.models import Category, Count as Stocktake  # isort: skip
from supplies.models import Delivery, Fund, Item, Leaflet, Lot, Order, Recall, Supplier, Wish
from tests.project.behind_doors import arguments_of
from tests.project.doors import DOORS
from volunteers.models import Offer, Pattern, Period, Post, Shift, Signup, User

SEEN = (HTTPStatus.OK,)
# Nobody would look at these: they ask for another address, or a page, or a key that only a letter holds.
MAY_BE_SHUT = {302, 403, 404, 405, 409, 410, 422}


def every_address(resolver=None, spaces=(), outer=()):
    """Name and arguments of every address outside the admin."""
    for entry in (resolver or get_resolver()).url_patterns:
        arguments = (*outer, *entry.pattern.converters)
        if isinstance(entry, URLPattern):
            yield ":".join((*spaces, entry.name or "(no name)")), arguments
        elif entry.namespace != "admin":
            yield from every_address(entry, (*spaces, entry.namespace) if entry.namespace else spaces, arguments)


class Addresses:
    """Name → address, in the world that is laid out in our database."""

    def __init__(self, only=""):
        self.volunteer = User.objects.get(username="volunteer")
        self.today = timezone.localdate()
        self.arguments = dict(every_address())
        self.missing = {}
        self.all = {name: address for name in DOORS if only in name and (address := self._address(name))}

    def promised(self, name, role):
        """Whether the table of doors says that this role sees something there."""
        return getattr(DOORS[name], role) in SEEN

    def may_open(self, name, role):
        """Whether there may be something to see, once there is something behind it: not turned away for who one is."""
        return getattr(DOORS[name], role) not in {HTTPStatus.FOUND, HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED}

    def _address(self, name):
        wanted = self.arguments[name]
        if not wanted:
            return reverse(name)
        known = self._in_this_world(name)
        try:
            if any(known.get(argument) is None for argument in wanted):
                with transaction.atomic():
                    known = arguments_of(name, self.volunteer) | {k: v for k, v in known.items() if v is not None}
            return reverse(name, kwargs={argument: known[argument] for argument in wanted})
        except Exception as problem:  # noqa: BLE001 -- whatever it is, it is said, and the others are measured
            self.missing[name] = f"{type(problem).__name__}: {problem}"
            return None

    def _in_this_world(self, name):
        app, _colon, noun = name.rpartition(":")
        of = {
            "hub": self._hub,
            "volunteers": self._people,
            "rota": self._rota,
            "periods": self._periods,
            "supplies": self._stock,
            "school": self._school,
        }
        return of[app](noun) if app in of else {}

    def _hub(self, noun):
        edition = Edition.objects.first()
        known = {
            "first": months_on(month_of(self.today), -2),
            "name": "strips",
            "of": "topic",
            "kind": "first",
            "format": "csv",
            "number": 1,
            # The last whole year, which reads the most; what is published is a quarter.
            "written_period": str(Numbers.of(self.today, Span.YEAR).before),
        }
        if noun.startswith(("edition", "numbers")) and edition:
            known["written_period"] = str(edition.period)
        things = {
            "answer": Choice, "strip": Strip, "pathway": Pathway, "alert": Alert,
        }  # fmt: skip
        first = noun.partition("-")[0]
        if first in things:
            known["pk"] = _pk(things[first].objects.order_by("-pk"))
        elif first in {"desk", "evening", "catch"}:
            known["pk"] = _pk(Opening.objects.tonight())
        elif first in {"erase", "merge"}:
            known |= self._people(noun)
        return known

    def _people(self, _noun):
        return {"pk": _pk(User.objects.annotate(n=Count("hours")).order_by("-n", "pk"))}

    def _rota(self, noun):
        ahead = Shift.objects.published().filter(starts_at__gt=timezone.now())
        busy = ahead.annotate(n=Count("signups")).order_by("-n", "pk")
        things = {
            "post": Post.objects.filter(shift__in=ahead, needs=None).order_by("pk"),
            "signup": Signup.objects.filter(shift__in=ahead, state="confirmed", person=self.volunteer).order_by("pk"),
            "pattern": Pattern.objects.order_by("pk"),
            "offer": Offer.objects.order_by("pk"),
        }
        pk = _pk(things.get(noun.partition("-")[0], busy))
        return {"day": self.today, "month": month_of(self.today), "pk": pk}

    def _periods(self, _noun):
        return {"pk": _pk(Period.objects.open())}

    def _stock(self, noun):
        delivery = Delivery.objects.filter(state="draft").order_by("begun_on").last()
        came = Delivery.objects.filter(state="received").annotate(n=Count("lines")).order_by("-n", "pk").first()
        correct = noun in {"delivery", "delivery-correct"}
        boxes = came if correct and came else delivery
        busiest = Item.objects.annotate(n=Count("movements")).order_by("-n", "pk")
        if noun in {"item-assemble", "item-take-apart"}:
            busiest = Item.objects.filter(kind="pack")
        order = Order.objects.annotate(n=Count("lines")).order_by("-n", "pk").first()
        first = noun.partition("-")[0]
        pks = {
            "lot": Lot.objects.annotate(n=Count("movements")).order_by("-n", "pk"),
            "recall": Recall.objects.order_by("pk"),
            "count": Stocktake.objects.order_by("-pk"),
            "fund": Fund.objects.annotate(n=Count("payments")).order_by("-n", "pk"),
            "supplier": Supplier.objects.order_by("pk"),
            "wish": Wish.objects.order_by("pk"),
        }
        if noun == "lot-notice":
            pks["lot"] = Lot.objects.filter(recalls__isnull=False)
        known = {
            "item": {"slug": busiest.values_list("slug", flat=True).first()},
            "leaflet": {}
            if noun == "leaflet-file"
            else {"slug": _pk(Leaflet.objects.values_list("item__slug", flat=True))},
            "delivery": {"pk": boxes and boxes.pk, "key": boxes and _pk(boxes.lines)},
            "order": {"pk": order and order.pk, "kind": "csv"},
        }
        if first in known:
            return known[first]
        slug = Category.objects.annotate(n=Count("items")).order_by("-n", "pk").values_list("slug", flat=True).first()
        return {"pk": _pk(pks[first]) if first in pks else None, "slug": slug}

    def _school(self, noun):
        tonight = Session.objects.filter(settled_on=None, ends_at__gt=timezone.now()).order_by("starts_at").first()
        first = noun.partition("-")[0]
        things = {
            "course": Course.objects.order_by("pk"),
            "module": Module.objects.annotate(n=Count("outcomes")).order_by("-n", "pk"),
            "cohort": Cohort.objects.annotate(n=Count("members")).order_by("-n", "pk"),
            "person": User.objects.annotate(n=Count("outcomes")).order_by("-n", "pk"),
            "certificate": User.objects.none(),
            "proposal": Offered.objects.order_by("pk"),
        }
        pk = (
            _pk(things["course" if noun in {"module-add", "before"} else first])
            if first in things or noun in {"module-add", "before"}
            else tonight and tonight.pk
        )
        enrolment = tonight and _pk(tonight.enrolments.order_by("line"))
        return {"pk": pk, "key": tonight and tonight.feedback_key, "enrolment": enrolment}


def _pk(things):
    """The first of them; a queryset of values is the value itself."""
    found = things.first()
    return getattr(found, "pk", found)
