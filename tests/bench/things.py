"""The fullest thing of each kind in a world: the busiest item, the longest delivery, whoever has done the most."""

from functools import cache

from django.db.models import Count as HowMany
from django.utils import timezone

from hub.core.periods import Period, Span, month_of, months_on
from hub.models import Alert, Choice, Edition, Import, Opening, Pathway, Strip
from school.models import Cohort, Completion, Course, Module, Session
from supplies.models import Category, Count, Delivery, Fund, Item, Leaflet, Lot, Order, Recall, Supplier, Wish
from volunteers.models import Offer, Pattern, Post, RotaPeriod, Shift, Signup, User


def fullest(things, of):
    """The one that has the most of something."""
    return things.annotate(how_many=HowMany(of)).order_by("-how_many", "pk").first()


def key(thing):
    """Its primary key, if there is such a thing at all."""
    return thing and thing.pk


class Things:
    """Finds them, by the name of the address that wants one."""

    def __init__(self):
        self.today, self.now = timezone.localdate(), timezone.now()
        self.apps = {
            "hub": self._hub,
            "volunteers": self._people,
            "rota": self._rota,
            "periods": self._periods,
            "supplies": self._stock,
            "school": self._school,
        }
        self.behind = cache(self._behind)

    def _behind(self, name):
        """Arguments of an address: what is not there, or not known here, is None or missing."""
        app, _colon, noun = name.rpartition(":")
        return self.apps[app](noun, noun.partition("-")[0]) if app in self.apps else {}

    def _hub(self, noun, first):
        # A report of the last whole year reads the most; what is published is a quarter.
        year, published = Period.of(self.today, Span.YEAR).before, Edition.objects.first()
        of = published.period if published and first in {"edition", "numbers"} else year
        known = {"of": "topic", "kind": "first", "format": "csv", "number": 1, "written_period": str(of)}
        known |= {"first": months_on(month_of(self.today), -2), "name": "strips"}
        lists = {"answer": Choice, "strip": Strip, "pathway": Pathway}
        if first in lists:
            known["pk"] = key(lists[first].objects.order_by("pk").first())
        elif first == "import":
            known |= {"kind": "items", "pk": key(Import.objects.first())}
        elif first == "alert":
            known["pk"] = key(Alert.objects.filter(published_on=None).first())
        elif first in {"desk", "evening", "catch"}:
            known["pk"] = key(Opening.objects.current())
        elif first in {"erase", "merge"}:
            known |= self._people(noun, first)
        return known

    def _people(self, _noun, _first):
        return {"pk": key(fullest(User.objects, "hours"))}

    def _rota(self, _noun, first):
        ahead = Shift.objects.published().filter(starts_at__gt=self.now)
        found = {
            "post": lambda: fullest(Post.objects.filter(shift__in=ahead, needs=None), "signups"),
            "signup": lambda: Signup.objects.filter(shift__in=ahead, person__username="volunteer").live().first(),
            "pattern": Pattern.objects.first,
            "offer": Offer.objects.first,
        }.get(first, lambda: fullest(ahead, "signups"))
        return {"day": self.today, "month": month_of(self.today), "pk": key(found())}

    def _periods(self, _noun, _first):
        return {"pk": key(RotaPeriod.objects.open().first())}

    def _stock(self, noun, first):
        items, lots = Item.objects, Lot.objects
        if noun in {"item-assemble", "item-take-apart"}:
            items = items.filter(kind="pack")
        if noun == "lot-notice":
            lots = lots.filter(recalls__isnull=False)
        state = "received" if noun in {"delivery", "delivery-correct"} else "draft"
        found = {
            "item": lambda: fullest(items, "movements"),
            "leaflet": lambda: Leaflet.objects.order_by("item__slug").first(),
            "delivery": lambda: fullest(Delivery.objects.filter(state=state), "lines"),
            "order": lambda: fullest(Order.objects, "lines"),
            "lot": lambda: fullest(lots, "movements"),
            "recall": Recall.objects.first,
            "count": Count.objects.order_by("-pk").first,
            "fund": lambda: fullest(Fund.objects, "payments"),
            "supplier": Supplier.objects.first,
            "wish": Wish.objects.first,
        }.get(first, lambda: None)()
        known = {"pk": key(found), "kind": "csv", "slug": fullest(Category.objects, "items").slug}
        if first in {"item", "leaflet"}:
            known["slug"] = found.slug if first == "item" else found.item.slug
        if first == "delivery" and found:
            known["key"] = key(found.lines.first())
        return known

    def _school(self, noun, first):
        tonight = Session.objects.filter(settled_on=None, starts_at__lt=self.now, ends_at__gt=self.now).first()
        found = {
            "course": Course.objects.first,
            "module": lambda: fullest(Module.objects, "outcomes"),
            "cohort": lambda: fullest(Cohort.objects, "members"),
            "person": lambda: fullest(User.objects, "outcomes"),
            "certificate": Completion.objects.first,
        }.get("course" if noun in {"module-add", "before"} else first, lambda: tonight)
        return {"pk": key(found()), "key": tonight and tonight.feedback_key}
