"""Two people of one name: told apart wherever somebody has to choose.

Tries volunteers/models/namesakes.py.
"""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from school.models.find_or_create_person import find_or_create_person
from school.person_lines import read_lines
from tests.school.makers import DAY, a_course, a_session, states
from tests.volunteers.rota_world import NOW, a_period, a_shift, at, grant, post_of, says, somebody
from volunteers.models import Hours, RotaProposal, User
from volunteers.models.namesakes import tell_apart
from volunteers.models.proposal_view import show_proposal
from volunteers.shared.refusals import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
THURSDAY = at("2026-11-26")


@pytest.fixture
def sams():
    """Three of one name: one with pronouns, one who has been on a shift, one of whom nothing is known."""
    one, two, three = (somebody(f"Sam {number}") for number in range(3))
    User.objects.filter(pk__in=[one.pk, two.pk, three.pk]).update(chosen_name="Sam", last_here="2026-06-01")
    User.objects.filter(pk=one.pk).update(chosen_name="SAM", pronouns="they")
    Hours.objects.create(person=two, quarter="2026-04-01", minutes=60, shifts=1, last_month="2026-05-01")
    return list(User.objects.filter(pk__in=[one.pk, two.pk, three.pk]).order_by("pk"))


def test_shared_name_is_told_apart(sams):
    one, two, three = sams
    wren = somebody("Wren")

    assert tell_apart([*sams, wren], NOW) == {
        one.pk: "they, here in June 2026",
        two.pk: "last on a shift in May 2026, here in June 2026",
        three.pk: "here in June 2026",
    }
    assert tell_apart([three, wren], NOW) == {}


def test_equal_in_everything_are_numbered(sams):
    User.objects.update(pronouns="")
    Hours.objects.all().delete()
    told = tell_apart(list(User.objects.all()), NOW)

    assert len(set(told.values())) == 3


def test_suggestions_tell_people_apart(client, sign_in, demo, coordinator, sams):
    sign_in(client, coordinator)
    page = client.get(reverse("rota:post-people", args=[post_of(a_shift(THURSDAY)).pk])).content.decode()

    assert "they, here in June 2026, signs in as sam-0" in page
    assert "last on a shift in May 2026" in page


def test_cover_tells_people_apart_without_sign_in_names(client, sign_in, demo, sams):
    ash = somebody("Ash2")
    mine = post_of(a_shift(THURSDAY)).put_on(ash)
    sign_in(client, ash)
    page = client.get(reverse("rota:signup-cover", args=[mine.pk])).content.decode()

    assert "they, here in June 2026" in page
    assert "sam-0" not in page


def test_proposal_tells_people_apart(coordinator, sams):
    shift = a_shift(THURSDAY, state="draft")
    for sam in sams:
        says(sam, "yes", shift)
    proposal = RotaProposal.objects.create(period=a_period(shift), state="ready")
    proposal.places.create(post=post_of(shift), person=sams[0])
    ((place,),) = [row.places for row in show_proposal(proposal)]

    assert [label for _key, label in place.options] == [
        "SAM (they, here in June 2026, signs in as sam-0)",
        "Sam (last on a shift in May 2026, here in June 2026, signs in as sam-1)",
        "Sam (here in June 2026, signs in as sam-2)",
    ]


def test_who_gives_a_session_is_told_apart(client, sign_in, trainer, sams):
    for sam in sams:
        sam.groups.set(trainer.groups.all())
    sign_in(client, trainer)
    labels = [
        label for _key, label in client.get(reverse("school:session-add")).context["form"].fields["gives"].choices
    ]

    assert "SAM (they, here in June 2026)" in labels
    assert "Sam (here in June 2026)" in labels


def test_merge_tells_records_apart(client, sign_in, demo, admin, sams):
    sign_in(client, admin)
    page = client.get(reverse("hub:merge", args=[sams[1].pk])).content.decode()

    assert "SAM (sam-0, they, here in June 2026)" in page


def test_trainer_can_follow_what_is_advised(client, sign_in, trainer, sams):
    """No sign-in name is needed, which a trainer does not see: the sentence names each, and what to write."""
    session = a_session(a_course(), starts_at=timezone.now() + DAY)
    sign_in(client, trainer)
    address = reverse("school:enrol-one", args=[session.pk])
    refused = client.post(address, {"name": "sam"})
    said = refused.context["person_form"].non_field_errors()[0]
    assert refused.status_code == 409
    assert "sam-1" not in said
    (write,) = re.findall(r"“([^”]*)” for last on a shift", said)

    client.post(address, {"name": write})
    assert list(session.enrolments.values_list("person", flat=True)) == [sams[1].pk]
    assert list(states(session).values()) == ["enrolled"]


@pytest.mark.parametrize("wrong", ["Sam =0", "Wren =1", "Sam =999999999"])
def test_number_of_somebody_else_is_refused(sams, wrong):
    grant(somebody("Wren"))
    (line,) = read_lines(wrong)

    with pytest.raises(NotAllowed, match="has that number"):
        find_or_create_person(line)


def test_three_of_one_name_cost_two_questions(sams, django_assert_num_queries):
    with django_assert_num_queries(2):
        tell_apart(sams, NOW + dt.timedelta(days=1))
    with django_assert_num_queries(0):
        tell_apart(sams[:1], NOW)
