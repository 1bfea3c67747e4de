"""Every table says whether it is rewritten in key order; that it tells nothing then is in `tests/privacy`."""

import pytest

from tests.supplies.makers import an_item
from tests.volunteers.registries.test_retention import tables
from volunteers.shared.registries import row_order
from volunteers.shared.registries.table_rewrite import TableRewrite, rewrite_tables


@pytest.mark.django_db
def test_every_model_says_what_becomes_of_its_order():
    assert [model._meta.label for model in tables() if not row_order.knows(model)] == []  # noqa: SLF001 -- Django's own public name for it


def test_no_model_is_both_rewritten_and_left():
    assert {*row_order._REWRITTEN}.isdisjoint(row_order._LEFT)  # noqa: SLF001 -- what the registry is made of


def test_every_table_left_says_why():
    assert all(row_order._LEFT.values())  # noqa: SLF001 -- the same


@pytest.mark.django_db
def test_a_table_without_its_index_is_unclean():
    """A lock that is not had looks the same."""
    an_item("Spoon")
    assert rewrite_tables([TableRewrite("supplies_item", "id", "nowhere")]) == {"supplies_item"}
