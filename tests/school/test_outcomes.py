"""What people have done: only with being there or a reason, granted and taken away in the same transaction.

Tries school.models: outcomes, completions, completion_counts, grant_changes and affected_shifts.
"""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from school.completion import OutcomeState
from school.models import Completion, CompletionCount, Enrolment, Outcome
from tests.school.makers import DAY, HOUR, NOW, TODAY, a_course, a_person, a_session, enrol, say_done
from tests.volunteers.threads import at_once
from volunteers.models import Holding, Letter
from volunteers.shared.refusals import NotAllowed

pytestmark = pytest.mark.usefixtures("evening")
say = Outcome.objects.record


@pytest.fixture
def ash(db):
    return a_person("Ash", email="ash@example.org")


@pytest.fixture
def tonight(course):
    """Began an hour ago, with room for ten."""
    return a_session(course, starts_at=NOW - HOUR)


@pytest.fixture
def there(tonight, ash):
    return enrol(tonight, ash, "there")


def commit():
    """What the database checks at the end of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def breaks(doing):
    """Whether the database refuses this, at once or when it is committed."""
    try:
        with transaction.atomic():
            doing()
            commit()
    except IntegrityError:
        return True
    return False


def holds(person, on=TODAY):
    return set(person.holdings.on(on).values_list("qualification__slug", flat=True))


def counts(what):
    """Month, name and number of all that was completed, as the reports read it."""
    rows = CompletionCount.objects.filter(number__gt=0).exclude(**{what: None}).order_by("month")
    return list(rows.values_list("month", what).annotate(n=Sum("number")))


def naloxone(course):
    return course.modules.get(slug="naloxone")


def test_being_there_is_not_yet_done(there, ash):
    assert not Outcome.objects.filter(state="done").exists()
    assert holds(ash) == set()


def test_done_outcome_grants_and_points_at_itself(tonight, there, ash, trainer, course):
    changes = say(tonight, ash, naloxone(course), OutcomeState.DONE, by=trainer, now=NOW)

    (completion,) = changes.gained
    assert completion.holding.qualification.slug == "naloxone-trained"
    assert (completion.holding.granted_by, completion.holding.until) == (None, dt.date(2028, 5, 13))
    assert list(completion.rests_on.all()) == [Outcome.objects.get()]
    assert holds(ash) == {"naloxone-trained"}
    assert Letter.objects.count() == 1
    commit()


def test_last_required_module_completes_the_course(tonight, there, ash, trainer):
    say_done(tonight, ash, trainer)

    assert holds(ash) == {"naloxone-trained", "school-done"}
    assert Completion.objects.get(course__isnull=False).completed_on == TODAY
    commit()


def test_saying_it_again_changes_nothing(tonight, there, ash, trainer):
    say_done(tonight, ash, trainer)
    say_done(tonight, ash, trainer)

    assert Holding.objects.count() == 2
    assert Completion.objects.count() == 2


@pytest.mark.parametrize("state", ["enrolled", "not_there", "withdrawn", None])
def test_done_outcome_needs_attendance(tonight, ash, trainer, course, state):
    if state:
        enrol(tonight, ash, state)

    with pytest.raises(NotAllowed, match="Ash was not there"):
        say(tonight, ash, naloxone(course), OutcomeState.DONE, by=trainer, now=NOW)
    assert not Outcome.objects.exists()


def test_done_outcome_needs_a_taught_module(course, ash, trainer):
    session = a_session(course, starts_at=NOW - HOUR, teaches=course.modules.filter(slug="de-escalation"))
    enrol(session, ash, "there")

    with pytest.raises(NotAllowed, match="Naloxone was not part of this session"):
        say(session, ash, naloxone(course), OutcomeState.DONE, by=trainer, now=NOW)


def test_make_up_in_another_cohort_counts(course, ash, trainer):
    spring, summer = (course.cohorts.create(name=name) for name in ("Spring", "Summer"))
    one, other = course.modules.all()
    for cohort, module, hours in ((spring, one, 48), (summer, other, 1)):
        session = a_session(course, starts_at=NOW - hours * HOUR, cohort=cohort, teaches=[module])
        enrol(session, ash, "there")
        say_done(session, ash, trainer)

    assert "school-done" in holds(ash)


def test_made_up_another_way_needs_words_for_it(course, ash, trainer):
    module = naloxone(course)
    asked = {"on": TODAY, "by": trainer, "now": NOW}
    with pytest.raises(NotAllowed, match="Say how we know"):
        Outcome.objects.record_elsewhere(ash, module, OutcomeState.DONE, note=" ", **asked)
    with pytest.raises(NotAllowed, match="has not come yet"):
        Outcome.objects.record_elsewhere(ash, module, OutcomeState.DONE, note="Seen", **asked | {"on": TODAY + DAY})

    Outcome.objects.record_elsewhere(ash, module, OutcomeState.DONE, note="One evening with Ida", **asked)

    assert holds(ash) == {"naloxone-trained"}
    assert Outcome.objects.get().how == "made_up"


def test_earlier_course_expires_like_any_other(course, ash, trainer):
    Outcome.objects.record_elsewhere(
        ash,
        naloxone(course),
        OutcomeState.DONE,
        note="Certificate",
        on=dt.date(2024, 6, 1),
        by=trainer,
        now=NOW,
        before=True,
    )
    assert ash.holdings.get().until == dt.date(2026, 6, 1)

    bo = a_person("Bo")
    Outcome.objects.record_elsewhere(
        bo,
        naloxone(course),
        OutcomeState.DONE,
        note="Certificate",
        on=dt.date(2024, 5, 1),
        by=trainer,
        now=NOW,
        before=True,
    )
    assert holds(bo) == set()


def test_more_to_do_revokes_done_and_grant(tonight, there, ash, trainer, coordinator, course):
    coordinator.email = "mo@example.org"
    coordinator.save()
    say_done(tonight, ash, trainer)
    Letter.objects.all().delete()

    changes = say(tonight, ash, naloxone(course), OutcomeState.TOGETHER, by=trainer, now=NOW)

    assert sorted(lost.qualification for lost in changes.lost) == ["Naloxone-trained", "School done"]
    assert holds(ash) == set()
    assert not Completion.objects.exists()
    assert Letter.objects.count() == 1, "the coordinator is told"
    commit()


def test_correcting_the_register_weighs_again(tonight, there, ash, trainer):
    say_done(tonight, ash, trainer)

    marked = there.mark(False, now=NOW)

    assert len(marked.lost) == 2
    assert holds(ash) == set()
    assert set(Outcome.objects.values_list("state", "how")) == {("not_yet", "nobody")}
    commit()


def test_outcome_from_elsewhere_survives_corrected_register(tonight, there, ash, trainer, course):
    Outcome.objects.record_elsewhere(
        ash, naloxone(course), OutcomeState.DONE, note="Seen", on=TODAY, by=trainer, now=NOW
    )
    say(tonight, ash, course.modules.get(slug="de-escalation"), OutcomeState.DONE, by=trainer, now=NOW)

    there.mark(False, now=NOW)

    assert holds(ash) == {"naloxone-trained"}


def test_new_module_revokes_no_earlier_completion(tonight, there, ash, trainer, course):
    say_done(tonight, ash, trainer)
    commit()
    new = course.modules.create(title="New", slug="new", strand=course.modules.first().strand)

    Completion.objects.recalculate(ash, now=NOW)
    commit()

    assert "school-done" in holds(ash)
    bo = a_person("Bo")
    enrol(tonight, bo, "there")
    say_done(tonight, bo, trainer)
    assert holds(bo) == {"naloxone-trained"}
    assert new.required


def test_agreed_exception_is_taken_over_when_ending(tonight, there, ash, trainer, coordinator, course):
    by_hand = ash.grant(course.grants, by=coordinator, reason="Founder")
    say_done(tonight, ash, trainer)
    completion = Completion.objects.get(course=course)
    assert completion.holding is None

    by_hand.end(TODAY, by=coordinator)
    Completion.objects.recalculate(ash, now=NOW)

    completion.refresh_from_db()
    assert completion.holding.until is None
    assert holds(ash) == {"naloxone-trained", "school-done"}


def test_repeating_before_expiry_grants_anew(course, ash, trainer):
    with time_machine.travel(NOW - 365 * DAY, tick=False):
        Outcome.objects.record_elsewhere(
            ash, naloxone(course), OutcomeState.DONE, note="Seen", on=TODAY - 365 * DAY, by=trainer, now=NOW - 365 * DAY
        )
    Outcome.objects.record_elsewhere(
        ash, naloxone(course), OutcomeState.DONE, note="Again", on=TODAY, by=trainer, now=NOW
    )
    commit()

    assert list(ash.holdings.order_by("since").values_list("since", "until")) == [
        (TODAY - 365 * DAY, TODAY),
        (TODAY, dt.date(2028, 5, 13)),
    ]
    assert Completion.objects.get().completed_on == TODAY


def test_finished_counts_by_month_and_takes_back(tonight, there, ash, trainer, course):
    say_done(tonight, ash, trainer)
    Outcome.objects.record_elsewhere(
        a_person("Bo"), naloxone(course), OutcomeState.DONE, note="Long ago", on=TODAY, by=trainer, now=NOW, before=True
    )
    may = TODAY.replace(day=1)
    assert counts("module__strand__name") == [(may, "Practical", 2)]
    assert counts("course__name") == [(may, "The School", 1)]

    there.mark(False, now=NOW)
    assert counts("module__strand__name") == []
    assert counts("course__name") == []


def test_repeated_outcome_counts_and_undoes_alone(course, ash, trainer):
    module, may = naloxone(course), TODAY.replace(day=1)
    april = dt.date(2026, 4, 2)
    asked = {"note": "Seen", "by": trainer, "now": NOW}
    for day in (april, TODAY):
        Outcome.objects.record_elsewhere(ash, module, OutcomeState.DONE, on=day, **asked)
    first = april.replace(day=1)
    assert counts("module__strand__name") == [
        (first, "Practical", 1),
        (may, "Practical", 1),
    ]

    Outcome.objects.record_elsewhere(ash, module, OutcomeState.TOGETHER, on=TODAY, **asked)

    assert counts("module__strand__name") == [(first, "Practical", 1)]


def test_expiring_grants_are_reminded_of_once(course, ash, trainer):
    Outcome.objects.record_elsewhere(
        ash, naloxone(course), OutcomeState.DONE, note="Seen", on=dt.date(2024, 6, 1), by=trainer, now=NOW
    )
    Letter.objects.all().delete()

    assert Completion.objects.send_reminders(TODAY, 60 * DAY) == 1
    assert Completion.objects.send_reminders(TODAY, 60 * DAY) == 0
    assert Letter.objects.count() == 1
    assert list(Completion.objects.expiring(TODAY, 10 * DAY)) == []


def test_database_knows_no_done_without_being_there(tonight, there, ash, trainer, course):
    module = naloxone(course)
    about = {"person": ash, "module": module, "said_on": TODAY, "state": "done"}
    wrong = [
        {"how": "register"},
        {"how": "register", "session": a_session(course, starts_at=NOW - DAY)},
        {"how": "nobody"},
        {"how": "made_up"},
        {"how": "register", "session": tonight, "person": a_person("Bo")},
    ]
    for more in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Outcome.objects.create(**about | more)
    Outcome.objects.create(**about, how="register", session=tonight)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE school_enrolment SET state = 'not_there'",
        "DELETE FROM school_enrolment",
        "UPDATE school_outcome SET state = 'together'",
        "DELETE FROM school_completion_rests_on; DELETE FROM school_completion",
        "UPDATE school_completion SET holding_id = NULL",
        "DELETE FROM school_outcome",
        "DELETE FROM school_part",
    ],
)
def test_database_lets_nothing_drift_apart(tonight, there, ash, trainer, statement):
    say_done(tonight, ash, trainer)
    commit()
    with connection.cursor() as cursor:
        assert breaks(lambda: cursor.execute(statement))


def test_database_knows_no_completion_without_all_it_needs(tonight, there, ash, trainer, course):
    say(tonight, ash, naloxone(course), OutcomeState.DONE, by=trainer, now=NOW)
    commit()

    def complete(outcomes):
        Completion.objects.create(person=ash, course=course, completed_on=TODAY).rests_on.set(outcomes)

    assert breaks(lambda: complete([]))
    assert breaks(lambda: complete(Outcome.objects.all()))
    say(tonight, ash, course.modules.get(slug="de-escalation"), OutcomeState.DONE, by=trainer, now=NOW)
    commit()


def test_database_refuses_grant_of_other_person(tonight, there, ash, trainer, course):
    say_done(tonight, ash, trainer)
    bo = a_person("Bo")
    theirs = bo.grant(course.grants, by=None, reason="By hand")
    for completion in Completion.objects.all():
        with pytest.raises(IntegrityError, match="its own person"), transaction.atomic():
            Completion.objects.filter(pk=completion.pk).update(holding=theirs)


def test_person_leaving_takes_all_outcomes(tonight, there, ash, trainer):
    say_done(tonight, ash, trainer)
    ash.delete()
    commit()

    assert not Completion.objects.exists()
    assert not Enrolment.objects.exists()
    assert CompletionCount.objects.count() == 3, "the numbers stay"


@pytest.mark.django_db(transaction=True)
def test_two_trainers_saying_done_at_once_grant_once(tonight, there, ash, trainer, course):
    module = naloxone(course)

    answers = at_once(*[lambda: say(tonight, ash, module, OutcomeState.DONE, by=trainer, now=NOW) for _ in range(2)])

    assert sorted(len(changes.gained) for changes in answers) == [0, 1]
    assert Holding.objects.count() == 1


def test_course_of_another_name_is_weighed_by_itself(tonight, there, ash, trainer):
    other = a_course("Something else", name="Another")
    say_done(tonight, ash, trainer)

    assert not Completion.objects.filter(course=other).exists()
