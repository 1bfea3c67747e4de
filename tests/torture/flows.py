"""The people who write while things are killed, and what each of them was told was done.

Every flow makes one step at a time. A step that got no answer is made again, the same one, until it is answered: that
is what a device and a person at a form do. What was answered stands in `told`, and is looked for in the database.
"""

import re
import threading
from collections import Counter

from django.db import connection

from hub.core.periods import Period, Span
from hub.models import Edition, Opening
from supplies.models import CompletedMonth
from tests.torture.browsing import Browser, Lost, Refused
from volunteers.models import Signup

AGAIN_SECONDS = 0.05


class Flow(threading.Thread):
    """One person doing one thing over and over. `gate` shut: they finish the step they are at, and wait."""

    name = ""

    def __init__(self, world, port, person, random):
        super().__init__(name=f"{self.name} {person}", daemon=True)
        self.world, self.random = world, random
        self.browser = Browser(port, person)
        self.gate, self.waiting, self.over = threading.Event(), threading.Event(), threading.Event()
        self.told = {}
        self.answered = self.asked_again = self.refused = 0
        self.problem = None

    def run(self):
        """Until it is over."""
        try:
            while not self.over.is_set():
                if not self.gate.is_set():
                    connection.close()
                    self.waiting.set()
                    self.gate.wait(0.1)
                    continue
                self.waiting.clear()
                self.step()
        except BaseException as problem:  # noqa: BLE001 -- it is told at the end of the round
            self.problem = problem
            self.waiting.set()
        finally:
            connection.close()

    def until_answered(self, ask, *, counts=0):
        """Make this step until somebody answers; `counts` it if it wrote something."""
        while not self.over.is_set():
            try:
                done = ask()
            except Lost:
                self.asked_again += 1
                self.over.wait(AGAIN_SECONDS)
            except Exception as problem:
                # Asking the database ourselves, for what a page would show.
                if "Operational" not in type(problem).__name__ and "Interface" not in type(problem).__name__:
                    raise
                connection.close()
                self.over.wait(AGAIN_SECONDS)
            else:
                self.answered += counts
                return done
        return None

    def post(self, path, data=None, **more):
        """One form, until it is answered."""
        return self.until_answered(lambda: self.browser.post(path, data, **more), counts=1)

    def step(self):
        """Whatever they do."""
        raise NotImplementedError


class Logging(Flow):
    """A device at the desk: it logs visits and undoes some, whether the desk is open or was closed meanwhile."""

    name = "logging visits"
    opening = None

    def step(self):
        """A visit, or the undoing of one of the last."""
        if self.opening is None:
            self.opening = self.until_answered(_the_opening)
            return
        id_, entry = self._another()
        answer = self.post("/desk/visits/", said={"visits": [entry]})
        if answer is None:
            return
        status = answer["results"][id_]["status"]
        if status == "refused":
            self.refused += 1
        else:
            self.told[id_] = entry

    def _another(self):
        recent = [id_ for id_, entry in list(self.told.items())[-20:] if not entry["void"]]
        if recent and self.random.random() < 0.1:
            id_ = self.random.choice(recent)
            return id_, self.told[id_] | {"void": True}
        items = self.random.sample(self.world.items, self.random.randint(0, 3))
        entry = {
            "id": str(self.world.key()),
            "opening": self.opening,
            "people": self.random.randint(1, 4),
            "items": {str(item): self.random.randint(1, 12) for item in items},
            "void": False,
        }
        return entry["id"], entry


class Folding(Flow):
    """A volunteer who closes the desk, and opens it again, all evening long."""

    name = "folding"

    def step(self):
        """Open, a moment for others, close."""
        self.post("/desk/open/")
        self.told = {"open": True}
        self.over.wait(self.random.uniform(0.1, 1))
        opening = self.until_answered(_the_opening)
        try:
            self.post(
                f"/desk/{opening}/close/", {"note": "The kettle.", "empty": "nobody_came", "bins-small-full": "2"}
            )
        except Refused:
            self.refused += 1
        else:
            self.told = {"open": False}


class Receiving(Flow):
    """Somebody who takes in deliveries: begun, written down line by line, put on the shelf."""

    name = "receiving a delivery"

    def step(self):
        """A whole delivery."""
        key = str(self.world.key())
        lines = {f"T-{self.world.key().hex[:20]}".upper(): self.random.randint(1, 90) for _n in range(2)}
        where = self.post("/stock/deliveries/new/", {"key": key})
        for lot, quantity in lines.items():
            line = {"key": str(self.world.key()), "quantity": quantity, "counted": "units"}
            line |= {"lot_number": lot, "expires_on": "2027-05-20"}
            self.post(f"{where}lines/new/?item={self.world.water}", line)
        self.post(f"{where}receipt/")
        self.told |= lines


class SigningUp(Flow):
    """Somebody who takes shifts, and gives them up again."""

    name = "signing up"

    def step(self):
        """Onto one, or off it."""
        post, shift = self.random.choice(self.world.posts[:12])
        if self.told.get(shift):
            mine = self.until_answered(lambda: Signup.objects.get(person=self.browser.person, shift=shift).pk)
            path, then = f"/rota/signups/{mine}/withdraw/", False
        else:
            path, then = f"/rota/posts/{post}/signup/", True
        try:
            self.post(path)
        except Refused:
            self.refused += 1
        else:
            self.told[shift] = then


class Registering(Flow):
    """A trainer at the register: there, not known, there."""

    name = "the register"

    def step(self):
        """One tap."""
        enrolment = self.random.choice(self.world.places)
        was = self.told.get(enrolment, "enrolled")
        then, there = ("enrolled", "unknown") if was == "there" else ("there", "yes")
        path = f"/school/manage/sessions/{self.world.session}/register/{enrolment}/"
        self.post(path, {"there": there})
        self.told[enrolment] = then


class Completing(Flow):
    """A coordinator who completes months, one after the other, and publishes some."""

    name = "sealing"

    def step(self):
        """One month."""
        left = [month for month in self.world.past if month not in self.told]
        if not left:
            self.over.wait(0.2)
            return
        month = left[0]
        self.post(f"/months/{month:%Y-%m}/complete/", {"seen": "0"})
        self.told[month] = "sealed"
        self.over.wait(self.random.uniform(0.2, 1.5))


class Publishing(Flow):
    """A coordinator who publishes what is complete, having looked at it."""

    name = "publishing"

    def step(self):
        """One report of a month, once it is complete."""
        if len(self.told) >= len(self.world.past):
            return
        month = self.world.past[len(self.told)]
        period = Period(month, Span.MONTH)
        if not self.until_answered(lambda: CompletedMonth.objects.filter(month=month).exists()):
            self.over.wait(0.1)
            return
        page = self.until_answered(lambda: self.browser.read(f"/reports/{period}/share/"))
        if page is None:
            return
        seen = re.search(r'name="seen" value="(\w+)"', page)[1]
        words = {"learned": "People stay longer.", "argument": "", "number": 1, "seen": seen}
        try:
            self.post(f"/reports/{period}/publish/", words)
        except Refused:
            # A number was put right meanwhile: they look again.
            self.refused += 1
        if self.until_answered(lambda: Edition.objects.of(period).exists()):
            self.told[month] = "published"


def _the_opening():
    found = Opening.objects.filter(kind="unplanned").order_by("-pk").values_list("pk", flat=True).first()
    if found is None:
        raise Lost("nobody has opened yet")
    return found


def everybody(world, port, random_of):
    """All of them."""
    return [
        *(Logging(world, port, person, random_of()) for person in world.desk[:3]),
        Folding(world, port, world.desk[3], random_of()),
        Receiving(world, port, world.desk[3], random_of()),
        *(SigningUp(world, port, person, random_of()) for person in world.takers),
        Registering(world, port, world.ida, random_of()),
        Completing(world, port, world.office, random_of()),
        Publishing(world, port, world.office, random_of()),
    ]


def answered(flows):
    """How many steps were answered, by what they were."""
    sums = Counter()
    for flow in flows:
        sums[flow.name] += flow.answered
    return sums
