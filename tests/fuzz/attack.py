"""One who tries everything, at every address, as everybody: hostile values in every form and every parameter.

Which forms there are is read from the pages, which parameters from the views. The same seed asks the same.
"""

import datetime as dt
import random
import re
from collections import Counter
from urllib.parse import quote, urlencode, urlsplit

from allauth.account.models import EmailAddress
from django.urls import Resolver404, resolve
from django.utils import timezone

from hub.models import Feed
from tests.fuzz import hostile
from tests.fuzz.pages import Forms
from tests.fuzz.verdict import wrong_with
from tests.project.access_matrix import DOORS, EVERYBODY
from tests.volunteers.rota_world import a_shift, grant, post_of
from volunteers.models import Holding, Invitation, Signup, User

SECRET = "of-vic-alone"
# Whoever has no business with somebody else's contact, places and papers; coordinators look after people.
NOBODYS_BUSINESS = ("anonymous", "device", "trainee", "volunteer", "lead", "trainer")
AN_ARGUMENT = re.compile(r"(?<=/)(\d+|[0-9a-f-]{36}|unknown|20\d\d-[\w-]+)(?=[/.])")


class Somebody:
    """A person who is not there, and whose things nobody else may read or touch."""

    def __init__(self):
        self.person = User.objects.create_user(
            "vic", chosen_name="Vic", email=f"{SECRET}@example.org", roles=["volunteer"], password="a long password"
        )
        self.person.contact = self.person.access_needs = SECRET
        self.person.save()
        grant(self.person, "school-done")
        EmailAddress.objects.create(user=self.person, email=self.person.email, verified=True, primary=True)
        shift = a_shift(timezone.now() + dt.timedelta(days=9))
        signup = Signup.objects.create(person=self.person, post=post_of(shift), shift=shift)
        Feed.objects.renew(self.person)
        invitation = Invitation.renew(self.person)
        holding = self.person.holdings.get()
        self.ids = [self.person.pk, signup.pk, holding.pk, invitation.pk, shift.pk, post_of(shift).pk]
        self.before = self._now()

    def _now(self):
        of_them = {"person": self.person}
        rows = [model.objects.filter(**of_them).values_list() for model in (Holding, Signup, Feed, Invitation)]
        rows += [User.objects.filter(pk=self.person.pk).values_list()]
        rows += [EmailAddress.objects.filter(user=self.person).values_list()]
        return [sorted(map(str, each)) for each in rows]

    def wrong_with(self, response):
        """What of theirs was read or touched."""
        if not response.streaming and SECRET.encode() in response.content:
            return "tells what is somebody else’s"
        return "" if self._now() == self.before else "changes what is somebody else’s"


class Attack:
    """Asks, judges, and remembers what was wrong with which request."""

    def __init__(self, cast, seed):
        self.cast, self.rng = cast, random.Random(seed)  # noqa: S311 -- the same again, not secret
        self.vic = Somebody()
        self.parameters = hostile.parameters()
        self.wrong, self.asked, self.answered = {}, Counter(), Counter()
        self._seen = {}

    def at(self, name, role, *, rounds=1):
        """Look at one address as one role; then try its query, its own address, and every form found there."""
        with self.cast.behind(name) as address:
            page = self._ask(name, role, "GET", address)
            forms = self._forms(page, address)
            for _round in range(rounds):
                self._ask(name, role, "GET", f"{address}?{urlencode(self._query(forms))}", **self._odd_headers())
                self._ask(name, role, "GET", self._bent(address))
                posts = [form for form in forms if form.method == "post"] + self._seen.get(name, [])[:3]
                for form in posts:
                    self._send(name, role, form, address)
                if not posts:
                    self._ask(name, role, "POST", address, data={"words": self._value()})
                if name == "hub:desk-visits":
                    kind = {"content_type": "application/json"}
                    self._ask(name, role, "POST", address, data=hostile.body(self.rng), **kind)

    def everywhere(self, most, roles=EVERYBODY):
        """As every role at every address, in a new order each time, until so many requests have been made."""
        while self.asked.total() < most:
            for name in self.rng.sample(sorted(DOORS), len(DOORS)):
                self.at(name, self.rng.choice(roles), rounds=2)
                if self.asked.total() >= most:
                    return

    def _forms(self, page, address):
        if "text/html" not in page.headers.get("Content-Type", "") or page.streaming:
            return []
        forms = Forms(page.content.decode(errors="replace")).forms
        for form in forms:
            form.action = form.action or address
            if form.method == "post" and (to := _name_of(form.action)):
                kept = self._seen.setdefault(to, [])
                if len(kept) < 3:
                    kept.append(form)
        return forms

    def _send(self, name, role, form, address):
        """One form, with one field hostile or all of them."""
        names = sorted(set(form.fields) - {"csrfmiddlewaretoken"})
        one = self.rng.choice(names) if names and self.rng.random() < 0.5 else None
        data = {}
        for each in names:
            known = form.fields[each]
            if one not in {None, each}:
                data[each] = known.plausible(self.rng)
            elif known.kind == "file":
                data[each] = hostile.file(self.rng)
            else:
                data[each] = [self._value() for _n in range(self.rng.choice((1, 1, 3)))]
        to = form.action if form.action.startswith("/") else address
        # A page's form goes where it says; one seen elsewhere goes to what is behind this door now.
        to = address if _name_of(to) == name else to
        self._ask(name, role, "POST", to, data=data, **self._odd_headers())

    def _ask(self, name, role, method, address, *, cookies=None, **more):
        findings = []
        watched = role in NOBODYS_BUSINESS

        def look(response):
            findings.append(wrong_with(response) or (self.vic.wrong_with(response) if watched else ""))

        response = self.cast.ask(role, method, address, patient=True, cookies=cookies, look=look, **more)
        self.asked[name] += 1
        self.answered[response.status_code] += 1
        for problem in filter(None, findings):
            self.wrong.setdefault((name, problem), (role, method, address[:200], str(more)[:600]))
        return response

    def _value(self):
        return hostile.value(self.rng, self.vic.ids)

    def _query(self, forms):
        names = {field for form in forms if form.method == "get" for field in form.fields}
        names |= set(self.rng.sample(self.parameters, 4))
        return {name: self._value()[:4000] for name in sorted(names)}

    def _bent(self, address):
        """The same address with something else where an argument is."""
        if not AN_ARGUMENT.search(address):
            return address + quote(self.rng.choice(hostile.SEGMENTS)) + "/"
        ids = [str(id_) for id_ in self.vic.ids]
        value = self.rng.choice((*ids, *hostile.SEGMENTS, *hostile.NUMBERS, *hostile.TIMES))
        return AN_ARGUMENT.sub(lambda _found: quote(value, safe=""), address, count=1)

    def _odd_headers(self):
        if self.rng.random() < 0.7:
            return {}
        headers = {self.rng.choice(hostile.HEADERS): _in_a_line(self._value())}
        cookies = {self.rng.choice(hostile.COOKIES): quote(self._value()[:1000])}
        return {"headers": headers, "cookies": cookies} if self.rng.random() < 0.3 else {"headers": headers}


def _in_a_line(value):
    """As a server would hand it on: in one line, of bytes."""
    return value.replace("\r", "").replace("\n", "").replace("\x00", "")[:2000].encode().decode("latin-1")


def _name_of(address):
    try:
        return resolve(urlsplit(address).path).view_name
    except (Resolver404, ValueError):
        return None


def furthest(name):
    """The role that gets furthest at a door: admins, but strangers where the signed-in are sent on."""
    door = DOORS[name]
    return "anonymous" if door.anonymous == 200 and door.admin == 302 else "admin"


def sent_to(name):
    """Whether a POST does anything there."""
    return DOORS[name].answers("POST")[furthest(name)] != 405
