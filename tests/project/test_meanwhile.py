"""Two people in one row: whoever comes second is told, in words, and nothing of the first is undone."""

import ast
import datetime as dt
import uuid

import pytest
from django.db import transaction
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from hub.core import periods
from hub.core.embedded_postgres import PROJECT
from hub.logs.models.base import create_once
from hub.models import DeskSettings, Question, Reversal
from hub.people.erasure import erase_person
from hub.web.middleware import ConflictMiddleware
from supplies.models import Fund, Supplier, Wish
from tests.school.makers import a_course
from tests.volunteers.rota_world import a_pattern, a_period, a_shift, qualification
from tests.volunteers.threads import Meanwhile
from volunteers.models import Invitation, RotaPeriod, RotaProposal, User

pytestmark = pytest.mark.django_db(transaction=True)

SOON = timezone.localdate() + dt.timedelta(days=20)


# --- What this was about is gone, or is there already: (what the first does, address, what the second sends).


def a_draft_is_deleted(by):
    shift = a_shift(state="draft")
    return (lambda: shift.discard(by=by)), reverse("rota:shift-publish", args=[shift.pk]), {}


def a_draft_is_deleted_twice(by):
    shift = a_shift(state="draft")
    return (lambda: shift.discard(by=by)), reverse("rota:shift-delete", args=[shift.pk]), {}


def a_pattern_is_deleted(by):
    pattern = a_pattern()
    return (lambda: pattern.discard(by=by)), reverse("rota:pattern-delete", args=[pattern.pk]), {}


def somebody_is_erased(by):
    person = User.objects.create_user("jules", chosen_name="Jules")
    typed = {"qualification": qualification("keyholder").pk, "reason": "Seen"}
    address = reverse("volunteers:holding-grant", args=[person.pk])
    return (lambda: erase_person(User.objects.get(pk=person.pk), by=by)), address, typed


def somebody_is_erased_and_let_in_again(by):
    person = User.objects.create_user("jules", chosen_name="Jules", is_active=False)
    address = reverse("volunteers:person-resume", args=[person.pk])
    return (lambda: erase_person(User.objects.get(pk=person.pk), by=by)), address, {}


def somebody_is_erased_and_given_a_link(by):
    person = User.objects.create_user("jules", chosen_name="Jules")
    address = reverse("volunteers:invitation", args=[person.pk])
    return (lambda: erase_person(User.objects.get(pk=person.pk), by=by)), address, {}


def an_address_is_invited_twice(by):
    typed = {"chosen_name": "Jules", "email": "jules@example.org"}
    return (lambda: Invitation.objects.invite("Jules", by=by, email="jules@example.org")), "/people/invite/", typed


def the_same_days_are_asked_for(by):
    shift = a_shift(state="draft")
    days = (shift.day, shift.day, timezone.localdate())
    typed = dict(zip(("first_day", "last_day", "answer_by"), map(str, days), strict=True))
    return (lambda: RotaPeriod.objects.ask(*days, by=by)), reverse("periods:list"), typed


def a_course_is_added(_by):
    typed = {"name": "Evening", "nearly_left": 2, "stalled_weeks": 8}
    return (lambda: a_course(name="Evening", slug="evening")), reverse("school:course-add"), typed


def a_wish_is_added(_by):
    return (lambda: Wish.objects.create(name="Socks")), reverse("supplies:wish-add"), {"name": "Socks"}


def a_supplier_is_added(_by):
    typed = {"name": "Exchange"}
    return (lambda: Supplier.objects.create(name="Exchange")), reverse("supplies:supplier-new"), typed


def a_fund_is_added(_by):
    return (lambda: Fund.objects.create(name="Grant")), reverse("supplies:fund-new"), {"name": "Grant"}


def the_desk_is_set_up(_by):
    return (lambda: DeskSettings(pk=1, checklist="x").save()), reverse("hub:desk-setup"), {"checklist": "Lights"}


def a_question_is_turned_on(_by):
    typed = {"asked_by": "The union", "purpose": "A bus", "until": f"{SOON:%Y-%m-%d}"}
    turned_on = Question(slug="topics", asked_by="The union", purpose="A bus", until=SOON)
    return turned_on.save, reverse("hub:desk-question", args=["topics"]), typed


MET = [
    *(a_draft_is_deleted, a_draft_is_deleted_twice, a_pattern_is_deleted),
    *(somebody_is_erased, somebody_is_erased_and_let_in_again, somebody_is_erased_and_given_a_link),
    *(an_address_is_invited_twice, the_same_days_are_asked_for, a_course_is_added, a_wish_is_added),
    *(a_supplier_is_added, a_fund_is_added, the_desk_is_set_up, a_question_is_turned_on),
]


@pytest.mark.parametrize("meeting", MET, ids=lambda meeting: meeting.__name__)
def test_second_of_two_is_told(client, sign_in, demo, admin, coordinator, meeting):
    first, address, typed = meeting(admin)
    sign_in(client, coordinator)
    with transaction.atomic():
        first()
        second = Meanwhile(lambda: client.post(address, typed | {"sure": "yes"}))

    assert getattr(second.answer, "status_code", second.answer) in (302, 404, 409, 422)


def test_page_of_second_says_what_to_do(client, sign_in, demo, admin, coordinator):
    first, address, typed = somebody_is_erased(admin)
    sign_in(client, coordinator)
    with transaction.atomic():
        first()
        second = Meanwhile(lambda: client.post(address, typed | {"sure": "yes"}))

    assert second.answer.status_code == 409
    page = second.answer.content.decode()
    assert "Somebody was faster" in page
    assert "Nothing of yours was saved." in page


def test_device_is_not_told_of_a_conflict():
    """A page of words would be an answer to it: it keeps what it has, and tries again, after an error only."""
    sent = RequestFactory().post("/desk/visits/", "{}", content_type="application/json")

    assert ConflictMiddleware(None).process_exception(sent, User.DoesNotExist()) is None


# --- Verbs


def test_two_planners_drop_different_shifts():
    one, other = a_shift(state="draft"), a_shift(state="draft")
    gaps = [
        {"shift": shift.pk, "post": shift.posts.get().pk, "needs": [], "missing": 1, "why": {}}
        for shift in (one, other)
    ]
    proposal = RotaProposal.objects.create(period=a_period(one, other), state="ready", gaps=gaps)
    stale = RotaProposal.objects.get(pk=proposal.pk)
    with transaction.atomic():
        proposal.settle([one.pk])
        second = Meanwhile(lambda: stale.settle([other.pk]))

    assert second.answer is True
    assert not RotaProposal.objects.exists()
    stale.settle([other.pk])


def test_two_taps_at_once_are_one_row():
    key = uuid.uuid4()
    rows = [Reversal(pk=key, month=periods.opening_month()) for _tap in range(2)]
    with transaction.atomic():
        assert create_once(rows[0], has_key=True)
        second = Meanwhile(lambda: create_once(rows[1], has_key=True))

    assert second.answer is False
    assert Reversal.objects.count() == 1


def test_question_turned_off_stays_off():
    question = Question.objects.create(slug="topics", asked_by="The union", purpose="A bus", until=SOON)
    stale = Question.objects.get(pk="topics")
    question.turn_off(desk_is_open=False)
    off = question.until
    stale.turn_off(desk_is_open=True)

    assert Question.objects.get(pk="topics").until == off


# --- Every save of a row that is there already

WITHOUT_LOCK = {
    "hub/desk/models/openings.py save_totals": "the caller holds the row's lock",
    "hub/desk/models/visits.py log_again": "the opening is locked",
    "hub/reports/models/drafts.py write": "the last words written stand",
    "hub/people/merge.py _fill_in": "both people are locked",
    "school/models/enrolment_queryset.py _make_bigger": "the session is locked",
    "school/models/enrolment_queryset.py _make_room": "the session is locked",
    "school/models/session_moves.py hold_and_remind_again": "the session is locked",
    "school/models/completions.py grant": "the person is locked",
    "school/models/completions.py renew": "the person is locked",
    "school/models/merging.py finish": "both people are locked",
    "hub/imports/models/imports.py start": "`_begin` has locked it",
    "hub/imports/models/imports.py start_undoing": "`_begin` has locked it",
    "hub/imports/models/lines.py refuse": "its list is locked",
    "school/models/course_copies.py copy_modules": "sets what only one form unsets, of a row it names",
    "supplies/models/deliveries.py _set_price": "the delivery is locked",
    "supplies/models/items.py get_or_create_lot": "the item is locked",
    "supplies/models/orders.py _end": "the caller holds the row's lock",
    "supplies/models/orders.py update_state": "the caller holds the row's lock",
    "volunteers/models/offers.py _withdraw_signup": "shifts and people are locked",
    "volunteers/models/patterns.py _align": "the shifts are locked",
    "volunteers/models/person_rights.py save": "writes only what was changed",
    "volunteers/models/periods.py close": "sets what nothing unsets",
    "volunteers/models/shifts.py change": "`move` has locked it",
    "volunteers/models/shifts.py _save": "the caller holds the row's lock",
    "volunteers/models/signups.py _save_state": "the caller holds the locks",
}


def saves_without_lock():
    """Functions that save some fields of a row and take no lock themselves."""
    for app in ("hub", "school", "supplies", "volunteers"):
        for path in sorted((PROJECT / app).rglob("*.py")):
            where = path.relative_to(PROJECT)
            if {"migrations", "demo"} & set(where.parts):
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef) and saves(node) and not locks(node):
                    yield f"{where} {node.name}"


def saves(function):
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (
            node.func.attr == "_save"
            or (node.func.attr == "save" and {k.arg for k in node.keywords} & {"update_fields"})
        )
        for node in ast.walk(function)
    )


def locks(function):
    names = {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
    return any("lock" in name or name == "select_for_update" for name in names)


def test_every_save_of_some_fields_follows_a_lock():
    """One that is new here was not looked at: lock the row first, or say why there is no need."""
    assert sorted(set(saves_without_lock()) - set(WITHOUT_LOCK)) == []
