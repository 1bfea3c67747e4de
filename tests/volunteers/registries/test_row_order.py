"""Every table says whether it is rewritten in key order; that it tells nothing then is in `tests/privacy`."""

import pytest

from supplies.models import Outgoing
from tests.volunteers.registries.test_retention import tables
from volunteers.shared.registries import row_order


@pytest.mark.django_db
def test_every_model_says_what_becomes_of_its_order():
    assert [model._meta.label for model in tables() if not row_order.knows(model)] == []  # noqa: SLF001 -- Django's own public name for it


def test_no_model_is_both_rewritten_and_left():
    rewritten = [entry.model for entry in row_order._REWRITTEN]  # noqa: SLF001 -- what the registry is made of
    assert len(set(rewritten)) == len(rewritten)
    assert {*rewritten}.isdisjoint(row_order._LEFT)  # noqa: SLF001 -- the same


def test_every_table_left_says_why():
    assert all(row_order._LEFT.values())  # noqa: SLF001 -- the same


def test_nothing_is_rewritten_while_somebody_is_busy(monkeypatch):
    monkeypatch.setattr(row_order, "_BUSY", [lambda: True])
    assert row_order.rewrite_in_key_order() is False


@pytest.mark.django_db
def test_missing_index_is_no_order():
    """Only when there is something to put in order; a lock that is not had looks the same."""
    assert row_order.RowOrder(Outgoing, ("nonsense",), "nowhere").rewrite() is False
