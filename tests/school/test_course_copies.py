"""A curriculum copied from an older one. Tries models.course_copies."""

import datetime as dt
import re

import pytest

from school.models import Course, Material
from tests.school.makers import TODAY, a_course
from tests.school.test_mine import words

pytestmark = pytest.mark.usefixtures("evening")


@pytest.fixture
def as_ida(client, sign_in, trainer):
    sign_in(client, trainer)
    return client


@pytest.fixture
def older(course):
    naloxone, talk = course.modules.order_by("order")
    naloxone.refresh_months = 24
    naloxone.save()
    for edition, days in (("first", 90), ("second", 9), ("third", -30)):
        since = TODAY - dt.timedelta(days=days)
        Material.objects.create(module=naloxone, title="The card", edition=edition, since=since)
    course.modules.create(title="Old hat", slug="old-hat", strand=talk.strand, retired=True)
    course.says_done = "got it"
    course.save()
    return course


def copy_page(course):
    return f"/school/manage/courses/{course.pk}/copy/"


def form_of(course, **about):
    return {
        "name": "The School 2027",
        "grants": course.grants_id,
        "says_done": "got it",
        "says_together": "more",
        "says_not_yet": "not yet",
        "nearly_left": "2",
        "stalled_weeks": "8",
        "modules": [module.pk for module in course.modules.filter(retired=False)],
    } | about


def test_copy_has_modules_and_their_newest_materials(as_ida, older):
    page = as_ida.get(copy_page(older))
    assert 'value="got it"' in page.content.decode()
    assert "Old hat" not in words(page)

    answer = as_ida.post(copy_page(older), form_of(older))

    new = Course.objects.get(name="The School 2027")
    assert answer.headers["Location"] == "/school/manage/curriculum/"
    same = [
        module.values_list("title", "slug", "strand", "grants", "refresh_months", "required", "order")
        for module in (older.modules.filter(retired=False), new.modules.all())
    ]
    assert list(same[0]) == list(same[1])
    assert new.slug != older.slug
    editions = Material.objects.filter(module__course=new).values_list("title", "edition")
    assert set(editions) == {("The card", "second"), ("The card", "third")}
    older.refresh_from_db()
    assert (older.retired, older.modules.count()) == (False, 3)


def test_copy_takes_ticked_modules_and_retires_the_older(as_ida, older):
    only = older.modules.get(title="Naloxone")

    as_ida.post(copy_page(older), form_of(older, modules=[only.pk], retire_older="on"))

    new = Course.objects.get(name="The School 2027")
    older.refresh_from_db()
    assert [module.title for module in new.modules.all()] == ["Naloxone"]
    assert older.retired


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": "The School"}, "Something needs to be corrected"),
        ({"name": ""}, "Something needs to be corrected"),
        ({"modules": ["999999"]}, "Something needs to be corrected"),
        ({"modules": []}, "Something needs to be corrected"),
    ],
)
def test_wrong_copy_is_refused_keeping_input(as_ida, older, wrong, sentence):
    a_course(name="Another")

    answer = as_ida.post(copy_page(older), form_of(older, says_together="come again") | wrong)

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'value="come again"' in answer.content.decode()
    assert Course.objects.count() == 2


def test_foreign_modules_are_not_copied(as_ida, older):
    other = a_course("Wounds", name="Another")

    answer = as_ida.post(copy_page(older), form_of(older, modules=[other.modules.get().pk]))

    assert answer.status_code == 422


def test_curriculum_page_leads_to_the_copy(as_ida, older):
    page = as_ida.get("/school/manage/curriculum/").content.decode()

    assert f'href="{copy_page(older)}"' in page


def test_new_session_offers_no_retired_modules(as_ida, older):
    """Also where they were never taught: no session of theirs is no session yet."""
    as_ida.post(copy_page(older), form_of(older, retire_older="on"))
    new = Course.objects.get(name="The School 2027")

    page = as_ida.get("/school/manage/sessions/add/").content.decode()

    boxes = re.findall(r'<input[^>]*name="teaches"[^>]*>', page)
    offered = {int(re.search(r'value="(\d+)"', box)[1]) for box in boxes}
    assert offered == {module.pk for module in new.modules.all()}
