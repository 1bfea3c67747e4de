"""Shortfalls at the desk: counted once, by month and beside no visit, from a form or from a device."""

import datetime as dt
import uuid

import pytest
import time_machine

from supplies.models import Item, Shortfall, Wish
from tests.supplies.makers import an_item

MISSING = "/desk/missing/"


def test_shortfall_counts_once_by_month(client, volunteer, sign_in, db):
    sign_in(client, volunteer)
    spoon, wish = an_item("Spoon"), Wish.objects.create(name="Pipes")
    asked = {"key": str(uuid.uuid4()), "thing": f"item-{spoon.pk}", "reason": "out"}

    for _time in range(2):
        assert client.post(MISSING, asked).status_code == 302
    client.post(MISSING, {"key": str(uuid.uuid4()), "thing": f"wish-{wish.pk}", "reason": "law"})

    rows = Shortfall.objects.values_list("item__name", "wish__name", "reason", "number")
    assert {*rows} == {("Spoon", None, "out", 1), (None, "Pipes", "law", 1)}


@pytest.mark.parametrize("wrong", [{"thing": "item-999999"}, {"thing": ""}, {"reason": "mood"}, {"key": "x"}])
def test_what_is_no_shortfall_is_refused(client, volunteer, sign_in, db, wrong):
    sign_in(client, volunteer)
    spoon = an_item("Spoon")
    asked = {"key": str(uuid.uuid4()), "thing": f"item-{spoon.pk}", "reason": "out", **wrong}

    assert client.post(MISSING, asked).status_code == 422
    assert not Shortfall.objects.exists()


def test_shortfall_is_undone_once(client, volunteer, sign_in, db):
    sign_in(client, volunteer)
    spoon = an_item("Spoon")
    for _time in range(2):
        client.post(MISSING, {"key": str(uuid.uuid4()), "thing": f"item-{spoon.pk}", "reason": "out"})

    assert "That is written down." in client.get(MISSING).content.decode()
    said = [client.post(f"{MISSING}undo/", follow=True).content.decode() for _time in range(2)]

    assert ["There is nothing left to undo." in page for page in said] == [False, True]
    assert Shortfall.objects.get().number == 1
    client.post(MISSING, {"key": str(uuid.uuid4()), "thing": f"item-{spoon.pk}", "reason": "out"})
    Shortfall.objects.all().delete()
    assert "That is already undone." in client.post(f"{MISSING}undo/", follow=True).content.decode()
    assert "That is written down." not in client.get(MISSING).content.decode()


@pytest.fixture
def sent(client, volunteer, sign_in, db):
    """Send what a device kept: `sent(thing=…)`; what it became."""
    sign_in(client, volunteer)
    spoon = an_item("Spoon")

    def send(**said):
        said = {"id": str(uuid.uuid4()), "evening": "2026-05-20", "thing": f"item-{spoon.pk}", "reason": "out"} | said
        answer = client.post(f"{MISSING}sent/", said, content_type="application/json")
        return answer.status_code, answer.json()["results"][said["id"] or "None"]

    with time_machine.travel("2026-05-20 18:30 +0100", tick=False):
        yield send


def test_offline_shortfall_counts_once_in_its_month(sent):
    key = str(uuid.uuid4())

    assert [sent(id=key, evening="2026-04-30") for _time in range(2)] == [(200, {"status": "created"})] * 2
    assert sent() == (200, {"status": "created"})

    rows = Shortfall.objects.order_by("month").values_list("month", "number")
    assert [*rows] == [(dt.date(2026, 4, 1), 1), (dt.date(2026, 5, 1), 1)]


@pytest.mark.parametrize("order", [(False, True), (True, False), (False, True, True, False)])
def test_undone_offline_shortfall_never_counts_in_any_order(sent, order):
    key = str(uuid.uuid4())

    assert [sent(id=key, void=void)[0] for void in order] == [200] * len(order)

    assert not Shortfall.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"thing": "item-999999"}, "That is not on our list any more. Load the page again. Nothing was counted."),
        ({"thing": ["item-1"]}, "That is not on our list any more. Load the page again. Nothing was counted."),
        ({"reason": "mood"}, "We could not read that. Nothing was changed."),
        ({"id": "x"}, "We could not read that. Nothing was changed."),
        ({"evening": "tonight"}, "We could not read that. Nothing was changed."),
    ],
)
def test_invalid_offline_shortfall_is_refused_with_reason(sent, wrong, why):
    assert sent(**wrong) == (422, {"status": "refused", "why": why})
    assert not Shortfall.objects.exists()


@pytest.mark.parametrize("void", [False, True])
def test_other_shortfall_under_a_key_shows_both(sent, void):
    key, fork = str(uuid.uuid4()), an_item("Fork")
    sent(id=key)

    status, result = sent(id=key, thing=f"item-{fork.pk}", reason="law", void=void)

    assert (status, result["status"]) == (409, "refused")
    assert result["versions"] == [
        "Written down: Spoon · we were out.",
        "Sent now: Fork · the law stops us.",
    ]
    assert [*Shortfall.objects.values_list("item__name", "number")] == [("Spoon", 1)]


def test_form_with_used_key_shows_both_shortfalls(sent, client):
    spoon, fork = Item.objects.get(name="Spoon"), an_item("Fork")
    said = {"key": str(uuid.uuid4()), "thing": f"item-{spoon.pk}", "reason": "out"}
    assert [client.post(MISSING, said).status_code for _time in range(2)] == [302, 302]

    answer = client.post(MISSING, said | {"thing": f"item-{fork.pk}"})

    assert answer.status_code == 409
    assert "Sent now: Fork · we were out." in answer.content.decode()
    again = answer.context["form"]["key"].value()
    assert client.post(MISSING, said | {"thing": f"item-{fork.pk}", "key": again}).status_code == 302
    assert {*Shortfall.objects.values_list("item__name", "number")} == {("Spoon", 1), ("Fork", 1)}


@pytest.mark.parametrize("evening", ["2026-05-21", "2026-04-24", "2025-05-20", "2027-05-20"])
def test_shortfall_of_a_wrong_clock_is_asked_again(sent, evening):
    status, result = sent(evening=evening)

    assert (status, result["status"]) == (409, "later")
    assert "on this device" in result["why"]
    assert not Shortfall.objects.exists()


@pytest.mark.parametrize("body", ["[]", "no", "{}", "1"])
def test_what_is_nothing_a_device_keeps_changes_nothing(client, volunteer, sign_in, db, body):
    sign_in(client, volunteer)

    assert client.post(f"{MISSING}sent/", body, content_type="application/json").status_code == 422
    assert not Shortfall.objects.exists()
