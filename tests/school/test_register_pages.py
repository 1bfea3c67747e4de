"""The register and the outcomes as pages, and the grid.

Tries views.registers, views.outcomes and views.progress.
"""

import datetime as dt

import pytest
from django.utils import timezone

from school.models import Course, Enrolment, Module, Outcome, Register
from tests.school.makers import DAY, HOUR, a_course, a_person, a_session, enrol, people, states
from tests.school.test_manage_pages import page_of
from tests.school.test_mine import words
from tests.volunteers.rota_world import a_shift, post_of
from volunteers.models import Signup, User

HTMX = {"HX-Request": "true", "HX-Target": "rows"}


@pytest.fixture
def as_ida(client, sign_in, trainer):
    sign_in(client, trainer)
    return client


@pytest.fixture
def tonight(course):
    return a_session(course, starts_at=timezone.now() - HOUR, places=3)


def test_register_is_marked_with_and_without_scripts(as_ida, tonight):
    ash, bo = (enrol(tonight, person) for person in people("Ash", "Bo"))

    plain = as_ida.post(page_of(tonight, f"register/{ash.pk}/"), {"there": "yes", "was": "enrolled"})
    part = as_ida.post(page_of(tonight, f"register/{bo.pk}/"), {"there": "no", "was": "enrolled"}, headers=HTMX)

    assert plain.headers["Location"] == page_of(tonight, f"register/#row-{ash.pk}")
    assert states(tonight) == {"Ash": "there", "Bo": "not_there"}
    html = part.content.decode()
    assert html.strip().startswith('<section id="rows"')
    assert "1 person here" in html
    assert 'hx-swap-oob="innerHTML:#say"' in html
    undone = as_ida.post(page_of(tonight, f"register/{bo.pk}/"), {"there": "unknown", "was": "not_there"})
    assert undone.status_code == 302
    assert states(tonight)["Bo"] == "enrolled"


def test_register_marked_meanwhile_is_shown_as_is(as_ida, tonight):
    ash = enrol(tonight, a_person("Ash"))
    ash.mark(True, now=timezone.now())

    answer = as_ida.post(page_of(tonight, f"register/{ash.pk}/"), {"there": "no", "was": "enrolled"})

    assert answer.status_code == 409
    assert "Somebody else marked this: there" in words(answer)
    assert states(tonight) == {"Ash": "there"}
    part = as_ida.post(page_of(tonight, f"register/{ash.pk}/"), {"there": "no", "was": "enrolled"}, headers=HTMX)
    assert part.status_code == 422, "what htmx swaps in"
    assert part.content.decode().strip().startswith('<section id="rows"')
    assert "Somebody else marked this: there" in part.content.decode()


@pytest.mark.parametrize("said", [{}, {"there": "maybe"}, {"there": "yes", "was": "\x00"}])
def test_mark_that_says_nothing_changes_nothing(as_ida, tonight, said):
    ash = enrol(tonight, a_person("Ash"))

    assert as_ida.post(page_of(tonight, f"register/{ash.pk}/"), said).status_code in {409, 422}
    assert states(tonight) == {"Ash": "enrolled"}


def test_walk_ins_are_added_until_full(as_ida, tonight):
    for name in ("Ash", "Bo", "Cam"):
        assert as_ida.post(page_of(tonight, "register/walk-in/"), {"name": name}).status_code == 302
    full = as_ida.post(page_of(tonight, "register/walk-in/"), {"name": "Dee"})

    assert full.status_code == 409
    assert "All 3 places are taken" in words(full)
    assert 'value="Dee"' in full.content.decode()
    assert not User.objects.filter(chosen_name="Dee").exists(), "all of it or nothing"
    assert as_ida.post(page_of(tonight, "register/walk-in/"), {"name": " "}).status_code == 422


def test_register_of_tomorrow_cannot_be_taken_today(as_ida, course):
    tomorrow = a_session(course, starts_at=timezone.now() + DAY)
    ash = enrol(tomorrow, a_person("Ash"))

    assert "opens two hours before" in words(as_ida.get(page_of(tomorrow, "register/")))
    for path, said in (
        (f"register/{ash.pk}/", {"there": "yes"}),
        ("register/walk-in/", {"name": "Bo"}),
        ("register/close/", {}),
    ):
        answer = as_ida.post(page_of(tomorrow, path), said)
        assert answer.status_code == 409
        assert "has not begun" in words(answer)
    assert states(tomorrow) == {"Ash": "enrolled"}


def test_register_is_closed_and_reopened(as_ida, tonight):
    enrol(tonight, a_person("Ash"))
    early = as_ida.post(page_of(tonight, "register/close/"))
    assert early.status_code == 409
    assert "not marked yet" in words(early)

    closed = as_ida.post(page_of(tonight, "register/close/"), {"rest": "yes"})
    assert closed.headers["Location"] == page_of(tonight, "outcomes/")
    assert "Nobody is marked as there" in words(as_ida.get(closed.headers["Location"]))
    as_ida.post(page_of(tonight, "register/reopen/"))
    tonight.refresh_from_db()
    assert tonight.register_closed_on is None


def test_outcomes_are_set_singly_and_for_rest(as_ida, tonight, course):
    naloxone, calm = course.modules.all()
    ash, bo = people("Ash", "Bo")
    for person in (ash, bo):
        enrol(tonight, person, "there")
    assert "4 still open" in words(as_ida.get(page_of(tonight, "outcomes/")))

    as_ida.post(page_of(tonight, "outcomes/"), {f"o-{ash.pk}-{naloxone.pk}": "together", "all": naloxone.pk})
    as_ida.post(
        page_of(tonight, "outcomes/"),
        {f"o-{ash.pk}-{naloxone.pk}": "together", f"o-{bo.pk}-{naloxone.pk}": "done", f"o-{bo.pk}-{calm.pk}": "done"},
    )

    said = dict(Outcome.objects.values_list("person__chosen_name", "state").filter(module=naloxone))
    assert said == {"Ash": "together", "Bo": "done"}
    page = words(as_ida.get(page_of(tonight, "outcomes/")))
    assert "Bo has completed" in page
    assert "1 still open" in page
    assert bo.holds("school-done", timezone.localdate())


def test_outcome_of_unmarked_person_is_refused_alone(as_ida, tonight, course, trainer):
    naloxone = course.modules.first()
    ash, bo = people("Ash", "Bo")
    rows = [enrol(tonight, person, "there") for person in (ash, bo)]
    Register(tonight).close(now=timezone.now())
    asked = {f"o-{person.pk}-{naloxone.pk}": "done" for person in (ash, bo)}
    before = Outcome.objects.record

    def meanwhile(self, session, person, *rest, **more):
        if person.pk == ash.pk:
            Enrolment.objects.filter(pk=rows[1].pk).update(state="not_there")
        return before(session, person, *rest, **more)

    type(Outcome.objects).record, original = meanwhile, type(Outcome.objects).record
    try:
        answer = as_ida.post(page_of(tonight, "outcomes/"), asked)
    finally:
        type(Outcome.objects).record = original

    assert answer.status_code == 409
    assert "Bo was not there" in words(answer)
    assert list(Outcome.objects.values_list("person__chosen_name", flat=True)) == ["Ash"]


def test_outcome_set_meanwhile_stays_and_rest_saves(as_ida, tonight, course, trainer):
    naloxone, calm = course.modules.all()
    ash = a_person("Ash")
    enrol(tonight, ash, "there")
    fields = [f"o-{ash.pk}-{module.pk}" for module in (naloxone, calm)]
    opened = {f"was-{field}": "not_yet" for field in fields}
    Outcome.objects.record(tonight, ash, naloxone, "done", by=trainer, now=timezone.now())

    untouched = as_ida.post(page_of(tonight, "outcomes/"), opened | dict.fromkeys(fields, "not_yet"))
    assert untouched.status_code == 302
    changed = as_ida.post(page_of(tonight, "outcomes/"), opened | dict.fromkeys(fields, "together"))

    assert changed.status_code == 409
    assert "Ash, Naloxone: somebody else chose “done”" in words(changed)
    assert dict(Outcome.objects.values_list("module", "state")) == {naloxone.pk: "done", calm.pk: "together"}


@pytest.mark.parametrize("value", ["finished", "\x00", "9" * 50])
def test_outcome_nobody_knows_is_refused(as_ida, tonight, course, value):
    ash = a_person("Ash")
    enrol(tonight, ash, "there")

    answer = as_ida.post(page_of(tonight, "outcomes/"), {f"o-{ash.pk}-{course.modules.first().pk}": value})

    assert answer.status_code == 422
    assert not Outcome.objects.exists()


def test_corrected_register_shows_lost_grants_and_shifts(as_ida, tonight, course, coordinator):
    ash = a_person("Ash")
    row = enrol(tonight, ash, "there")
    for module in course.modules.all():
        as_ida.post(page_of(tonight, "outcomes/"), {"all": module.pk})
    shift = a_shift(timezone.now() + 9 * DAY)
    Signup.objects.create(person=ash, post=post_of(shift), shift=shift)
    as_ida.get("/school/manage/")

    as_ida.post(page_of(tonight, f"register/{row.pk}/"), {"there": "no", "was": "there"})

    page = as_ida.get(page_of(tonight, "register/")).content.decode()
    assert "no longer has “School done”" in page
    assert shift.when in page.replace("&#x27;", "'")
    theirs = words(as_ida.get(f"/school/manage/people/{ash.pk}/"))
    assert "Shifts that this affects" in theirs
    assert "asks for School done" in theirs
    assert Signup.objects.live().filter(person=ash).exists(), "nobody is taken off by itself"


def test_make_up_is_said_on_the_persons_page(as_ida, course, tonight):
    ash = a_person("Ash")
    enrol(tonight, ash, "not_there")
    naloxone = course.modules.first()
    path = f"/school/manage/people/{ash.pk}/courses/{course.pk}/"
    # Within the two years it counts, whenever this runs.
    on = timezone.localdate() - dt.timedelta(days=300)
    asked = {"module": naloxone.pk, "state": "done", "on": on.isoformat(), "note": "An evening with Ida"}
    prefixed = {f"c{course.pk}-{name}": value for name, value in asked.items()}

    assert as_ida.post(path, {**prefixed, f"c{course.pk}-note": ""}).status_code == 422
    assert as_ida.post(path, {**prefixed, f"c{course.pk}-on": "2999-01-01"}).status_code == 422
    assert as_ida.post(path, prefixed).status_code == 302

    assert "An evening with Ida" in words(as_ida.get(f"/school/manage/people/{ash.pk}/"))
    assert ash.holdings.get().qualification.slug == "naloxone-trained"


def test_grid_shows_levels_in_words_and_narrows(as_ida, course, tonight, trainer):
    ash, bo, cam = people("Ash", "Bo", "Cam")
    for person in (ash, bo, cam):
        enrol(tonight, person, "there")
    naloxone, calm = course.modules.all()
    for person, modules in ((ash, (naloxone, calm)), (bo, (naloxone,))):
        for module in modules:
            Outcome.objects.record(tonight, person, module, "done", by=trainer, now=timezone.now())

    page = words(as_ida.get("/school/manage/progress/"))
    assert "Ash ready ✓ done ✓ done" in page
    assert "Bo nearly · 1/2 ✓ done · not yet" in page
    narrowed = words(as_ida.get("/school/manage/progress/", {"level": "ready"}))
    assert "Ash ready" in narrowed
    assert "Bo nearly" not in narrowed
    assert "Nobody matches that." in words(as_ida.get("/school/manage/progress/", {"words": "zz"}))
    assert as_ida.get("/school/manage/progress/", {"level": "x", "cohort": "x", "course": "x"}).status_code == 200


def test_grid_of_300_people_takes_twelve_statements(as_ida, django_assert_num_queries, django_assert_max_num_queries):
    course = a_course(*[f"Module {number}" for number in range(20)])
    modules = list(Module.objects.filter(course=course))
    crowd = User.objects.bulk_create(
        User(username=f"p{n}", chosen_name=f"Person {n}", password="!") for n in range(300)
    )
    day = timezone.localdate()
    Outcome.objects.bulk_create(
        Outcome(person=person, module=module, state="together", how="made_up", note="Seen", said_on=day)
        for person in crowd
        for module in modules
    )
    Course.objects.filter(pk=course.pk).update(nearly_left=1)

    with django_assert_num_queries(9):
        page = as_ida.get("/school/manage/progress/")

    assert page.context["page"].paginator.count == 300
    assert page.content.decode().count('class="t"') == 60 * 20
    last = as_ida.get("/school/manage/progress/", {"page": "5", "words": "person"}).content.decode()
    assert last.count('class="t"') == 60 * 20
    assert "Page 5 of 5" in last
    assert "words=person&amp;page=4" in last or "page=4&amp;words=person" in last
    assert "attachment" not in page.headers.get("Content-Disposition", "")


def test_full_room_takes_one_more_with_a_reason(as_ida, tonight):
    """One tap, or a reason in words; without one it is refused, and nothing typed is lost."""
    for person in people("Ash", "Bo", "Cam"):
        enrol(tonight, person)
    walk_in = page_of(tonight, "register/walk-in/")
    refused = as_ida.post(walk_in, {"name": "Wren", "room": ""})
    assert (refused.status_code, states(tonight).get("Wren")) == (409, None)
    assert 'value="Wren"' in refused.content.decode()
    assert 'name="room" value="A chair is free"' in refused.content.decode()

    as_ida.post(walk_in, {"name": "Wren", "room": "A chair is free"})
    as_ida.post(walk_in, {"name": "Zoe", "room": "", "other": "She stands"})
    tonight.refresh_from_db()
    assert (states(tonight)["Wren"], states(tonight)["Zoe"], tonight.places) == ("there", "there", 5)
    assert set(tonight.enrolments.exclude(out_of_turn="").values_list("out_of_turn", flat=True)) == {
        "A chair is free",
        "She stands",
    }


def test_room_with_a_place_asks_no_reason(as_ida, tonight):
    assert "Why is there space for one more?" not in words(as_ida.get(page_of(tonight, "register/")))
    as_ida.post(page_of(tonight, "register/walk-in/"), {"name": "Wren", "room": "A chair is free"})
    tonight.refresh_from_db()

    assert (states(tonight), tonight.places) == ({"Wren": "there"}, 3)


def test_everybody_is_here_in_one_tap(as_ida, tonight):
    """Who was marked already stays so; once closed it is refused."""
    _ash, bo, _cam = (enrol(tonight, person) for person in people("Ash", "Bo", "Cam"))
    bo.mark(False, now=timezone.now())
    page = as_ida.post(page_of(tonight, "register/everybody/"), follow=True)

    assert "2 people marked as here." in words(page)
    assert states(tonight) == {"Ash": "there", "Bo": "not_there", "Cam": "there"}
    assert "Everybody is here" not in words(page)
    Register(tonight).close(now=timezone.now())
    assert as_ida.post(page_of(tonight, "register/everybody/")).status_code == 409
