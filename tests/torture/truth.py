"""Whether what people were told is what is there: all of it, and all of it once."""

from collections import Counter

from django.db.models import Sum

from hub.models import Edition, Opening, SeenVisit, Tally, Visit, VisitItem
from hub.operations.invariants import find_broken
from school.models import Enrolment
from supplies.models import CompletedMonth, Movement
from tests.torture import flows
from volunteers.models import Signup


def nothing_is_lost(everybody):
    """Right after coming back, while nobody has asked anything again: sentences about what is missing or broken."""
    yield from (f"{check.name}: {check.says}" for check in find_broken())
    entries = _entries(everybody)
    there = {str(pk) for model in (Visit, SeenVisit) for pk in model.objects.values_list("pk", flat=True)}
    if missing := len(set(entries) - there):
        yield f"{missing} visits that were answered for are nowhere"
    sealed = set(CompletedMonth.objects.values_list("month", flat=True))
    if not _told(everybody, flows.Completing).keys() <= sealed:
        yield "a month that was completed is not"
    published = set(Edition.objects.values_list("first", flat=True))
    if not _told(everybody, flows.Publishing).keys() <= published:
        yield "a report that was published is not"
    yield from _deliveries(everybody, exactly=False)


def all_of_it_once(everybody, world):
    """Once everybody has an answer to everything: sentences about what is there twice, or not as it was told."""
    yield from (f"{check.name}: {check.says}" for check in find_broken())
    yield from _visits(everybody, world)
    yield from _deliveries(everybody, exactly=True)
    wanted = {
        (flow.browser.person.pk, shift)
        for flow in everybody
        if isinstance(flow, flows.SigningUp)
        for shift, on in flow.told.items()
        if on
    }
    if wanted != set(Signup.objects.live().values_list("person", "shift")):
        yield "who is on which shift is not what people were told"
    states = dict(Enrolment.objects.values_list("pk", "state"))
    if any(states[pk] != state for pk, state in _told(everybody, flows.Registering).items()):
        yield "the register says something else than what was tapped"
    if set(_told(everybody, flows.Completing)) != set(CompletedMonth.objects.values_list("month", flat=True)):
        yield "the months that are complete are not those that were completed"
    if (
        Counter(_told(everybody, flows.Publishing))
        != Counter(dict.fromkeys(Edition.objects.values_list("first", flat=True), "published"))
        or Edition.objects.filter(number__gt=1).exists()
    ):
        yield "the published reports are not those that were published"
    (folding,) = [flow for flow in everybody if isinstance(flow, flows.Folding)]
    if folding.told and folding.told["open"] != Opening.objects.open().exists():
        yield "the desk is open though it was closed, or the other way round"


def _visits(everybody, world):
    entries = _entries(everybody)
    counted = [entry for entry in entries.values() if not entry["void"]]
    live = Visit.objects.filter(pk__in=entries)
    said = {
        (measure, key): value
        for measure, key, value in Tally.objects.month(world.month).values_list("measure", "key", "value")
    }
    visits = said.get(("visits", ""), 0) + live.count()
    people = said.get(("people", ""), 0) + (live.aggregate(n=Sum("people"))["n"] or 0)
    if (visits, people) != (len(counted), sum(entry["people"] for entry in counted)):
        yield f"{len(counted)} visits were answered for, and {visits} are counted"
    given = Counter()
    for entry in counted:
        given.update(entry["items"])
    there = Counter({key: value for (measure, key), value in said.items() if measure == "given"})
    for item, n in VisitItem.objects.values_list("item").annotate(n=Sum("quantity")):
        there[str(item)] += n
    if given != there:
        yield "what was given out is not what was answered for"
    undone = {id_ for id_, entry in entries.items() if entry["void"]}
    if undone != {str(pk) for pk in SeenVisit.objects.filter(void=True).values_list("pk", flat=True)}:
        yield "the visits that are undone are not those that were"


def _deliveries(everybody, *, exactly):
    told = _told(everybody, flows.Receiving)
    received = Movement.objects.filter(kind="received", lot__number__startswith="T-")
    came = dict(received.values_list("lot__number").annotate(n=Sum("quantity")))
    if (came if exactly else {lot: n for lot, n in came.items() if lot in told}) != told:
        yield "what came in deliveries is not on the shelf as it was received"


def _entries(everybody):
    return _told(everybody, flows.Logging)


def _told(everybody, kind):
    found = {}
    for flow in everybody:
        if isinstance(flow, kind):
            found |= flow.told
    return found
