"""The rota's pages: who sees what, what each button does, and what it costs.

Also tries volunteers/views/cover.py and volunteers/views/telling.py.
"""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.volunteers.rota_world import a_shift, at, grant, on, post_of, somebody
from volunteers.models import Offer, Shift, Signup
from volunteers.views.rota import MAX_SHOWN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
THURSDAY = at("2026-11-26")
WEEK = "/rota/weeks/2026-11-23/"


@pytest.fixture
def ash(volunteer):
    volunteer.contact = "07700 900123"
    volunteer.save()
    return grant(volunteer, "school-done")


@pytest.fixture
def as_(client, sign_in, demo):
    def go(person):
        sign_in(client, person)
        return client

    return go


@pytest.fixture
def read(as_):
    """The main part of a page as somebody reads it, without the tags."""

    def main(person, path):
        response = as_(person).get(path)
        assert response.status_code == 200
        return words(response)

    return main


def words(response):
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def do(client, name, *args, **data):
    return client.post(reverse(f"rota:{name}", args=args), data)


def test_week_shows_names_to_volunteers_only(read, ash, trainee, coordinator):
    post_of(a_shift(THURSDAY)).book(somebody("Bo"), by=coordinator)

    assert "Bo" in read(ash, WEEK)
    assert "6 pm to 9 pm Drop-in One person alone" in read(trainee, WEEK)
    for path in (WEEK, "/rota/gaps/", "/rota/take/", f"/rota/shifts/{Shift.objects.get().pk}/"):
        assert "Bo" not in read(trainee, path)


def test_school_graduate_sees_names_before_role(read, trainee, coordinator):
    post_of(a_shift(THURSDAY)).book(somebody("Bo"), by=coordinator)
    grant(trainee, "school-done")

    assert "Bo" in read(trainee, WEEK)


@pytest.mark.parametrize("path", [WEEK, "/rota/months/2026-11/", "/rota/gaps/", "/rota/take/", WEEK + "wall/"])
def test_drafts_are_nobodys_business_but_who_plans(read, ash, coordinator, path):
    a_shift(THURSDAY, state="draft", title="Secret supper")
    shift = Shift.objects.get()

    assert "6 pm" not in read(ash, path)
    seen = read(coordinator, path)
    assert ("6 pm" in seen) == (path in (WEEK, "/rota/months/2026-11/"))
    assert shift.is_draft


def test_a_draft_has_no_page_for_volunteers(as_, ash):
    shift = a_shift(THURSDAY, state="draft")

    assert as_(ash).get(shift.get_absolute_url()).status_code == 404
    assert do(as_(ash), "signup", post_of(shift).pk).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/rota/weeks/2026-02-30/", "/rota/weeks/1026-11-23/", "/rota/months/2026-13/", "/rota/shifts/0/",
        "/rota/shifts/99999999999999999999999/", "/rota/posts/99999999999999999999999/suggestions/",
    ],
)  # fmt: skip
def test_addresses_of_nothing_are_not_found(as_, coordinator, path):
    assert as_(coordinator).get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/rota/weeks/2000-01-01/", "/rota/weeks/2099-12-31/", "/rota/months/2000-01/", "/rota/months/2099-12/"]
)
def test_calendar_limits_are_ordinary_pages(as_, coordinator, path):
    response = as_(coordinator).get(path)

    assert response.status_code == 200
    assert 'href=""' not in response.content.decode()


def test_taking_shift_twice_is_once(as_, ash):
    shift = a_shift(THURSDAY)

    for _ in range(2):
        response = do(as_(ash), "signup", post_of(shift).pk)
        assert (response.status_code, response.headers["Location"]) == (302, f"/rota/shifts/{shift.pk}/")

    assert on(shift) == ["Ash"]


def test_what_cannot_be_taken_says_every_reason(as_, read, ash, coordinator):
    shift = a_shift(at("2027-03-04"), posts=[("Lead", 1, 1, "shift-lead")])

    response = do(as_(ash), "signup", post_of(shift, "Lead").pk)

    assert response.status_code == 409
    assert "It needs “Shift lead”. You can take it from Thursday 7 January on." in words(response)


def test_take_lists_possible_first_with_reasons(read, ash):
    a_shift(THURSDAY, posts=[("Lead", 1, 1, "shift-lead")])
    a_shift(at("2026-11-28"))

    shown = read(ash, "/rota/take/")

    assert shown.index("Sat 28 Nov") < shown.index("What you cannot take now") < shown.index("Thursday 26 November")
    assert "It needs “Shift lead”." in shown


def test_take_tells_somebody_in_training_what_comes_first(read, trainee):
    a_shift(THURSDAY)

    assert "The School comes first, and is not done yet." in read(trainee, "/rota/take/")


def test_reasons_of_several_posts_are_said_once(read, trainee):
    a_shift(THURSDAY, posts=[("Desk", 1, 1, None), ("Lead", 1, 1, "shift-lead")])

    shown = read(trainee, "/rota/take/")

    assert shown.count("The School comes first") == 1
    assert "Lead: It needs “Shift lead”." in shown


def test_withdrawing_is_one_tap_and_reversible(as_, ash):
    shift = a_shift(THURSDAY)
    signup = post_of(shift).book(ash, by=ash)

    assert do(as_(ash), "signup-withdraw", signup.pk).status_code == 302
    assert on(shift) == []
    do(as_(ash), "signup", post_of(shift).pk)
    assert on(shift) == ["Ash"]


def test_nobody_withdraws_another_person(as_, ash, coordinator):
    bo = somebody("Bo")
    signup = post_of(a_shift(THURSDAY)).book(bo, by=bo)

    assert do(as_(ash), "signup-withdraw", signup.pk).status_code == 403
    assert do(as_(ash), "signup-stay", signup.pk).status_code == 403
    assert as_(coordinator).get(reverse("rota:signup-cover", args=[signup.pk])).status_code == 404
    assert do(as_(coordinator), "signup-withdraw", signup.pk).status_code == 302


def test_looking_for_cover_and_being_covered(as_, read, ash):
    signup = post_of(a_shift(THURSDAY)).book(ash, by=ash)
    assert do(as_(ash), "signup-cover", signup.pk, how="everybody").status_code == 302
    bo = somebody("Bo")

    assert "instead of Ash" in read(bo, "/rota/take/")
    offer = Offer.objects.get()
    assert "Could you take over?" in read(bo, offer.get_absolute_url())
    assert do(as_(bo), "offer-accept", offer.pk).status_code == 302

    assert on(signup.shift) == ["Bo"]
    assert as_(bo).get(offer.get_absolute_url()).status_code == 410
    assert do(as_(bo), "offer-accept", offer.pk).status_code == 410


def test_a_swap_is_asked_shown_and_done(as_, read, ash):
    bo = somebody("Bo")
    mine = post_of(a_shift(THURSDAY)).book(ash, by=ash)
    theirs = post_of(a_shift(at("2026-11-28"))).book(bo, by=bo)
    assert "Saturday 28 November, 6 pm to 9 pm Bo" in read(ash, reverse("rota:signup-cover", args=[mine.pk]))
    do(as_(ash), "signup-cover", mine.pk, how="swap", others=[theirs.pk])

    assert "for yours on Saturday 28 November" in read(bo, "/rota/mine/")
    assert "to swap with Bo" in read(ash, "/rota/mine/")
    assert "In return they take yours: Saturday 28 November" in read(bo, Offer.objects.get().get_absolute_url())
    do(as_(bo), "offer-accept", Offer.objects.get().pk)

    assert (on(mine.shift), on(theirs.shift)) == (["Bo"], ["Ash"])


def test_swap_with_self_or_outsider_is_refused(as_, ash):
    mine = post_of(a_shift(THURSDAY)).book(ash, by=ash)
    own = post_of(a_shift(at("2026-11-28"))).book(ash, by=ash)

    response = do(as_(ash), "signup-cover", mine.pk, how="swap", others=[own.pk])

    assert response.status_code == 422
    assert Offer.objects.count() == 0


def test_swap_can_be_asked_of_all_eligible(as_, ash):
    mine = post_of(a_shift(THURSDAY)).book(ash, by=ash)
    for number, day in enumerate(("2026-11-28", "2026-11-30")):
        person = somebody(f"Person {number}")
        post_of(a_shift(at(day))).book(person, by=person)

    assert do(as_(ash), "signup-cover", mine.pk, how="swap", all="all").status_code == 302
    assert Offer.objects.filter(in_return__isnull=False).count() == 2


def test_cover_asks_whom_to_ask(as_, ash):
    mine = post_of(a_shift(THURSDAY)).book(ash, by=ash)

    for wrong in ({"how": "people"}, {"how": "swap"}, {}, {"how": "everything"}, {"how": "people", "people": "x\x00"}):
        assert do(as_(ash), "signup-cover", mine.pk, **wrong).status_code == 422


def test_declining_and_taking_back(as_, read, ash):
    bo = somebody("Bo")
    mine = post_of(a_shift(THURSDAY)).book(ash, by=ash)
    do(as_(ash), "signup-cover", mine.pk, how="people", people=[bo.pk])
    do(as_(bo), "offer-decline", Offer.objects.get().pk)
    assert not Offer.objects.exists()
    assert do(as_(bo), "offer-decline", 1).status_code == 302

    do(as_(ash), "signup-cover", mine.pk, how="people", people=[bo.pk])
    assert do(as_(bo), "offer-take-back", Offer.objects.get().pk).status_code == 404
    do(as_(ash), "offer-take-back", Offer.objects.get().pk)
    assert not Offer.objects.exists()


def test_taking_a_break_until_a_day_and_back(as_, ash):
    for day, status in (("2026-12-24", 302), ("2026-11-19", 422), ("2999-01-01", 422), ("soon", 422), ("", 302)):
        assert do(as_(ash), "break", on_break_until=day).status_code == status
        ash.refresh_from_db()
        assert ash.on_break_until == (None if not day else dt.date(2026, 12, 24))


def test_contacts_are_for_planners_and_current_lead(read, as_, ash, coordinator, now):
    bo = somebody("Bo", "shift-lead")
    shift = a_shift(THURSDAY, posts=[("Desk", 1, 4, None)])
    for person in (ash, bo):
        post_of(shift).book(person, by=person)
    address = shift.get_absolute_url()

    def sees(person):
        sheet = as_(person).get(address + "sheet/")
        return ("07700" in read(person, address), sheet.status_code, b"07700" in sheet.content)

    assert (sees(bo), sees(coordinator)) == ((False, 403, False), (True, 200, True))
    now.move_to(at("2026-11-26", "19:00"))
    assert (sees(bo), sees(ash)) == ((True, 200, True), (False, 403, False))
    now.move_to(at("2026-11-26", "22:00"))
    assert sees(bo) == (False, 403, False)


def test_the_lead_runs_the_evening_alone(as_, read, ash, now):
    bo = somebody("Bo", "shift-lead")
    shift = a_shift(THURSDAY, posts=[("Desk", 1, 4, None)])
    signups = [post_of(shift).book(person, by=person) for person in (bo, ash)]
    cam = somebody("Cam")
    now.move_to(at("2026-11-26", "18:15"))

    assert "Nobody naloxone-trained" in read(bo, shift.get_absolute_url())
    assert do(as_(bo), "signup-mark", signups[1].pk, came="no").status_code == 302
    assert do(as_(bo), "post-people", post_of(shift).pk, person=cam.pk, how="put").status_code == 302
    assert on(shift) == ["Bo", "Cam"]
    assert "Not there Ash" in read(bo, shift.get_absolute_url())
    assert do(as_(bo), "shift-cancel", shift.pk, reason="No power").status_code == 302
    shift.refresh_from_db()
    assert (shift.state, shift.reason) == ("cancelled", "No power")


def test_who_is_not_the_lead_runs_nothing(as_, ash, now):
    bo = somebody("Bo", "shift-lead")
    shift = a_shift(THURSDAY, posts=[("Desk", 1, 4, None)])
    signup = post_of(shift).book(ash, by=ash)
    now.move_to(at("2026-11-26", "18:15"))

    for person in (ash, bo):
        assert do(as_(person), "signup-mark", signup.pk, came="yes").status_code == 403
        assert do(as_(person), "post-people", post_of(shift).pk, person=bo.pk, how="put").status_code == 403
        assert do(as_(person), "shift-cancel", shift.pk, reason="No power").status_code == 403
        assert as_(person).get(shift.get_absolute_url() + "sheet/").status_code == 403


def test_qualification_lapsed_meanwhile_is_shown(read, coordinator):
    bo = somebody("Bo", "shift-lead")
    shift = a_shift(THURSDAY, posts=[("Lead", 1, 1, "shift-lead")])
    post_of(shift, "Lead").book(bo, by=coordinator)
    assert "The School will not count on that day any more." not in read(coordinator, shift.get_absolute_url())
    bo.holdings.update(until=dt.date(2026, 11, 26))

    shown = read(coordinator, shift.get_absolute_url())

    assert "The School will not count on that day any more." in shown
    assert "“Shift lead” will not count on that day any more." in shown


def test_suggestions_start_with_least_busy(as_, read, coordinator):
    shift = a_shift(THURSDAY, posts=[("Desk", 1, 3, None)])
    bo, cam, dee = somebody("Bo"), somebody("Cam"), somebody("Dee", school=False)
    post_of(a_shift(at("2026-11-23"))).book(bo, by=bo)
    post_of(a_shift(at("2026-11-26", "08:00"))).book(somebody("Eli"), by=coordinator)
    post = post_of(shift)
    address = reverse("rota:post-people", args=[post.pk])

    shown = read(coordinator, address)
    assert shown.index("Cam") < shown.index("Bo") < shown.index("These cannot, and why") < shown.index("Eli")
    assert "Dee" not in shown

    assert do(as_(coordinator), "post-people", post.pk, person=cam.pk, how="ask").status_code == 302
    assert "Asked" in read(coordinator, address)
    refused = do(as_(coordinator), "post-people", post.pk, person=dee.pk, how="put")
    assert (refused.status_code, "School comes first" in words(refused)) == (409, True)
    for wrong in ({}, {"person": 99_999, "how": "put"}, {"person": cam.pk, "how": "shout"}):
        assert do(as_(coordinator), "post-people", post.pk, **wrong).status_code == 422


def test_moving_somebody_by_a_dialog_or_a_page(as_, read, coordinator, ash):
    first, second = a_shift(THURSDAY), a_shift(at("2026-11-28"))
    signup = post_of(first).book(ash, by=ash)
    address = reverse("rota:signup-move", args=[signup.pk])

    assert "Move Ash" in read(coordinator, address)
    inside = as_(coordinator).get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<main" not in inside
    assert do(as_(coordinator), "signup-move", signup.pk, post=99_999).status_code == 422
    assert do(as_(coordinator), "signup-move", signup.pk, post=post_of(second).pk).status_code == 302
    assert (on(first), on(second)) == ([], ["Ash"])


ROWS = {
    "posts-TOTAL_FORMS": "2", "posts-INITIAL_FORMS": "2", "posts-MIN_NUM_FORMS": "0", "posts-MAX_NUM_FORMS": "12",
    "posts-0-role": "Lead", "posts-0-minimum": "1", "posts-0-maximum": "1",
    "posts-1-role": "Desk", "posts-1-minimum": "1", "posts-1-maximum": "3",
}  # fmt: skip
A_SHIFT = {"title": "Drop-in", "day": "2026-11-26", "starts": "22:00", "ends": "02:00", "drop_in": "on", **ROWS}


def test_adding_a_shift_over_midnight_makes_a_draft(as_, coordinator):
    assert do(as_(coordinator), "shift-new", **A_SHIFT).status_code == 302

    shift = Shift.objects.get()
    assert (shift.starts_at, shift.ends_at, shift.state) == (
        at("2026-11-26", "22:00"), at("2026-11-27", "02:00"), "draft",
    )  # fmt: skip
    assert [post.shape[:3] for post in shift.posts.all()] == [("Lead", 1, 1), ("Desk", 1, 3)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ends": "22:00"}, "The end must differ from the start."),
        ({"day": "1066-10-14"}, "Choose a day in this century."),
        ({"day": "2026-03-29", "starts": "01:00", "ends": "02:00"}, "The clocks go forward that night"),
        ({"title": ""}, "This field is required"),
        ({"title": "x" * 61}, "at most 60 characters"),
        ({"title": "a\x00b"}, "Null characters are not allowed"),
        ({"posts-1-role": "lead"}, "Two roles have the same name."),
        ({"posts-0-role": "", "posts-1-role": ""}, "Add one role or more, or nobody can be on it."),
        ({"posts-1-minimum": "4"}, "The least cannot be more than the most."),
        ({"posts-1-maximum": "9999999999999999"}, "less than or equal to 50"),
        ({"posts-1-maximum": ""}, "How many?"),
        ({"posts-TOTAL_FORMS": "9999"}, "at most 12 forms"),
        ({"posts-TOTAL_FORMS": "many"}, "Enter a whole number"),
    ],
)
def test_invalid_shift_is_refused_and_kept(as_, coordinator, wrong, said):
    response = do(as_(coordinator), "shift-new", **A_SHIFT | {"note": "Bring the urn"} | wrong)

    assert response.status_code == 422
    assert said in words(response)
    assert "Bring the urn" in response.content.decode()
    assert Shift.objects.count() == 0


def test_changing_shift_moves_posts_or_nothing(as_, coordinator, ash):
    shift = a_shift(THURSDAY, posts=[("Desk", 1, 2, None), ("Kettle", 1, 1, None)])
    signup = post_of(shift).book(ash, by=ash)
    desk, kettle = post_of(shift), post_of(shift, "Kettle")
    data = A_SHIFT | {
        "title": "Late", "starts": "19:00", "ends": "23:00",
        "posts-0-key": str(desk.pk), "posts-0-role": "Kettle", "posts-0-maximum": "2",
        "posts-1-key": str(kettle.pk), "posts-1-role": "Desk",
    }  # fmt: skip

    assert do(as_(coordinator), "shift-edit", shift.pk, **data).status_code == 302
    shift.refresh_from_db()
    assert (shift.title, shift.starts_at) == ("Late", at("2026-11-26", "19:00"))
    signup.refresh_from_db()
    assert signup.post.role == "Kettle"

    gone = data | {"title": "Later", "posts-0-role": ""}
    response = do(as_(coordinator), "shift-edit", shift.pk, **gone)
    assert (response.status_code, "somebody is on “Kettle”" in words(response)) == (409, True)
    small = data | {"title": "Later", "posts-0-role": "Kettle", "posts-0-minimum": "0", "posts-0-maximum": "0"}
    assert do(as_(coordinator), "shift-edit", shift.pk, **small).status_code == 422
    shift.refresh_from_db()
    assert shift.title == "Late"


@pytest.mark.parametrize(
    ("day", "suggested"), [("2026-11-26", "2026-12-03"), ("2026-10-29", "2026-11-26"), ("2026-11-17", "2026-11-24")]
)
def test_copy_is_another_draft_next_week(as_, coordinator, ash, day, suggested):
    shift = a_shift(at(day), posts=[("Desk", 1, 2, None), ("Kettle", 2, 4, "shift-lead")], place="Arch 4")
    page = as_(coordinator).get(reverse("rota:shift-copy", args=[shift.pk]))
    form = page.context["form"]
    sent = {field.html_name: field.value() for field in form if field.value() not in (None, False)}
    sent |= {
        field.html_name: field.value()
        for row in [form.posts.management_form, *form.posts.forms]
        for field in row
        if field.value() is not None
    }

    assert (Shift.objects.count(), str(sent["day"])) == (1, suggested)
    assert f'action="{reverse("rota:shift-new")}"' in page.content.decode()
    assert do(as_(coordinator), "shift-new", **sent).status_code == 302
    made = Shift.objects.exclude(pk=shift.pk).get()
    assert (made.starts_at, made.place, made.state) == (at(suggested), "Arch 4", "draft")
    posts = [list(one.posts.order_by("pk").values_list("role", "minimum", "maximum", "needs")) for one in (shift, made)]
    assert posts[0] == posts[1]
    shift.refresh_from_db()
    assert shift.starts_at == at(day)


def test_copy_is_found_on_shifts_page(as_, coordinator, ash):
    shift = a_shift(THURSDAY)
    address = reverse("rota:shift-copy", args=[shift.pk])
    assert address in as_(coordinator).get(shift.get_absolute_url()).content.decode()
    assert address not in as_(ash).get(shift.get_absolute_url()).content.decode()


def test_moving_onto_same_persons_shift_is_refused(as_, coordinator, ash):
    first, second = a_shift(THURSDAY), a_shift(at("2026-11-28"))
    for shift in (first, second):
        post_of(shift).book(ash, by=ash)
    keyed = {"posts-0-key": str(post_of(first).pk), "posts-0-role": "Desk", "posts-1-role": ""}
    data = A_SHIFT | keyed | {"day": "2026-11-28", "starts": "17:00", "ends": "19:00"}

    response = do(as_(coordinator), "shift-edit", first.pk, **data)

    assert response.status_code == 409
    assert "Ash is on another shift then: Saturday 28 November, 6 pm to 9 pm." in words(response)
    assert 'value="17:00"' in response.content.decode()
    first.refresh_from_db()
    assert first.starts_at == THURSDAY


def test_cancelling_asks_why_and_twice_says_so(as_, read, coordinator, ash):
    shift = a_shift(THURSDAY)
    post_of(shift).book(ash, by=ash)
    assert do(as_(coordinator), "shift-cancel", shift.pk, reason=" ").status_code == 422

    statuses = [do(as_(coordinator), "shift-cancel", shift.pk, reason="The boiler").status_code for _ in range(2)]

    assert statuses == [302, 409]
    assert "This shift is cancelled. The boiler" in read(ash, shift.get_absolute_url())
    assert do(as_(coordinator), "shift-restore", shift.pk).status_code == 302
    assert do(as_(coordinator), "shift-restore", shift.pk).status_code == 409


def test_message_names_told_and_unreachable_people(as_, coordinator):
    shift, other = a_shift(THURSDAY), a_shift(at("2026-11-28"))
    bo, cy = somebody("Bo"), somebody("Cy")
    cy.email = None
    cy.save()
    client = as_(coordinator)

    def said(name, *args, **data):
        return client.post(reverse(f"rota:{name}", args=args), data, follow=True).content.decode()

    assert "Bo is on. We tell them." in said("post-people", post_of(shift).pk, person=bo.pk, how="put")
    assert "Cy is on. We cannot reach them" in said("post-people", post_of(shift).pk, person=cy.pk, how="put")
    signup = Signup.objects.get(person=cy)
    assert "Cy is moved. We cannot reach them" in said("signup-move", signup.pk, post=post_of(other).pk)
    assert "We tell everybody who was on it." in said("shift-cancel", shift.pk, reason="No heating")
    assert "We cannot reach these people by e-mail. Please tell them: Cy." in said(
        "shift-cancel", other.pk, reason="No heating"
    )


def test_only_unseen_draft_is_deleted(as_, coordinator):
    draft, published = a_shift(THURSDAY, state="draft"), a_shift(THURSDAY)

    assert do(as_(coordinator), "shift-delete", draft.pk, sure="yes").status_code == 302
    assert do(as_(coordinator), "shift-delete", published.pk).status_code == 409
    assert list(Shift.objects.all()) == [published]


def test_publishing_a_month(as_, coordinator):
    for day in ("2026-11-26", "2026-12-03"):
        a_shift(at(day), state="draft")

    response = do(as_(coordinator), "publish", first="2026-11-01", last="2026-11-30", sure="yes")
    assert response.headers["Location"] == "/rota/months/2026-11/"
    assert list(Shift.objects.values_list("state", flat=True)) == ["published", "draft"]
    for wrong in ({"first": "2026-11-30", "last": "2026-11-01"}, {}, {"first": "x", "last": "0001-01-01"}):
        assert do(as_(coordinator), "publish", **wrong).status_code == 422


def test_gaps_show_only_what_lacks_somebody(read, ash, coordinator):
    full = a_shift(THURSDAY, drop_in=False, title="Packing")
    post_of(full).book(somebody("Bo"), by=coordinator)
    assert "No gaps" in read(ash, "/rota/gaps/")

    a_shift(at("2026-11-28"))
    shown = read(ash, "/rota/gaps/")
    assert "Nobody yet · 1 needed" in shown
    assert "Packing" not in shown


def test_gaps_lead_planners_to_candidates(as_, ash, coordinator):
    shift = a_shift(THURSDAY)
    link = reverse("rota:post-people", args=[post_of(shift).pk])

    assert link in as_(coordinator).get("/rota/gaps/").content.decode()
    assert link not in as_(ash).get("/rota/gaps/").content.decode()


def test_wall_sheet_has_times_without_names(read, ash, coordinator):
    post_of(a_shift(THURSDAY)).book(ash, by=ash)

    shown = read(coordinator, WEEK + "wall/")

    assert "Thu 26 6 pm to 9 pm Drop-in room for 1 more" in shown
    assert "Ash" not in shown


def busy(days, people):
    """So many shifts from a Monday, three people on each."""
    for number in range(days):
        shift = a_shift(
            at("2026-11-02", "09:00") + dt.timedelta(hours=3 * number), hours=2, posts=[("Desk", 2, 4, None)]
        )
        post = post_of(shift)
        Signup.objects.bulk_create(Signup(person=person, post=post, shift=shift) for person in people)


def test_month_of_200_shifts_stays_small(as_, coordinator):
    busy(200, [somebody(f"Person {n}", "shift-lead", "naloxone-trained") for n in range(3)])
    client = as_(coordinator)

    with CaptureQueriesContext(connection) as asked:
        response = client.get("/rota/months/2026-11/")

    assert response.content.count(b'class="line') == 200
    assert (len(asked), len(response.content) <= 60_000) == (6, True), len(response.content)


PAGES = {
    WEEK: 9,
    WEEK + "wall/": 6,
    "/rota/months/2026-11/": 6,
    "/rota/gaps/": 9,
    "/rota/take/": 11,
    "/rota/mine/": 5,
}


@pytest.mark.parametrize("path", PAGES)
def test_pages_take_constant_statements_per_shift(as_, ash, path):
    client, spent = as_(ash), []
    for number in range(3):
        shift = a_shift(at(f"2026-11-2{number + 6}"), posts=[("Desk", 2, 4, None), ("Lead", 1, 1, "shift-lead")])
        for person in (ash, somebody(f"Person {number}", "naloxone-trained")):
            Signup.objects.create(person=person, post=post_of(shift), shift=shift)
        Offer.objects.make(post_of(shift), covers=shift.signups.latest("pk"), tell=False)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        spent.append(len(asked))

    assert spent == [PAGES[path]] * 3


def test_shift_page_takes_constant_statements(as_, coordinator, ash, now):
    shift, client, spent = a_shift(THURSDAY, posts=[("Desk", 2, 9, None), ("Lead", 1, 1, None)]), as_(coordinator), []
    for number in range(3):
        Signup.objects.create(person=somebody(f"Person {number}"), post=post_of(shift), shift=shift)
        with CaptureQueriesContext(connection) as asked:
            client.get(shift.get_absolute_url())
        spent.append(len(asked))

    assert spent == [11] * 3


def test_name_permission_is_asked_once(as_, trainee, ash, now):
    shift, client = a_shift(THURSDAY), as_(trainee)
    post_of(shift).book(ash, by=ash)

    with CaptureQueriesContext(connection) as asked:
        client.get("/rota/take/")

    assert len(asked) == 12


def test_draft_is_planned_by_hand(as_, coordinator, ash):
    """Suggest works on a draft: for somebody else, and for who plans."""
    grant(coordinator, "school-done")
    draft = a_shift(THURSDAY, state="draft")
    client, address = as_(coordinator), reverse("rota:post-people", args=[post_of(draft).pk])
    assert sorted(person.chosen_name for person, _asked in client.get(address).context["can"]) == ["Ash", "Mo"]
    for person in (ash, coordinator):
        client.post(address, {"person": person.pk, "how": "put"})

    assert on(draft) == ["Ash", "Mo"]


@pytest.mark.parametrize("path", ["/rota/gaps/", "/rota/take/"])
def test_long_lists_keep_what_is_soonest(as_, ash, path):
    """The nearest shift was planned last: it stands first, and what is cut off is furthest away."""
    days = [THURSDAY + dt.timedelta(hours=6 * number) for number in range(MAX_SHOWN + 4)]
    for day in reversed(days):
        a_shift(day, hours=1)

    cards = as_(ash).get(path).context["cards" if "gaps" in path else "can"]

    assert [card.shift.starts_at for card in cards] == days[:MAX_SHOWN]


def test_moving_offers_the_soonest_shifts(as_, ash, coordinator):
    days = [THURSDAY + dt.timedelta(hours=6 * number) for number in range(124)]
    for day in reversed(days):
        a_shift(day, hours=1)
    signup = post_of(Shift.objects.get(starts_at=days[-1])).book(ash, by=coordinator)

    form = as_(coordinator).get(reverse("rota:signup-move", args=[signup.pk])).context["form"]

    offered = [when for when, _roles in form.fields["post"].choices]
    assert offered == [str(shift) for shift in Shift.objects.filter(starts_at__in=days[:120]).order_by("starts_at")]
