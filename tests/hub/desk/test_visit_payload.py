"""Visit payloads: everything that is not a visit is refused with a sentence."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.desk.exceptions import InvalidPayload
from hub.desk.visit_payload import MAX_AT_ONCE, MAX_OF_ONE_ITEM, MAX_PEOPLE, VisitPayload, read_visit, read_visits

ID = "0b0f3c9e-6a51-4a58-8a4e-2f6d3a1f7c11"
GOOD = {"id": ID, "opening": 7, "people": 2, "items": {"12": 3, "4": 1}}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def test_entry_reads_what_a_device_sends():
    assert read_visit(GOOD) == VisitPayload(uuid.UUID(ID), 7, 2, {4: 1, 12: 3}, void=False)


def test_entry_reads_its_own_json():
    entry = read_visit(GOOD).as_void()

    assert entry.void
    assert read_visit(entry.as_json()) == entry


def test_entry_may_have_no_items():
    assert read_visit({"id": ID, "opening": 7, "people": 1}).items == {}


@pytest.mark.parametrize(
    "change",
    [
        {"id": None},
        {"id": "12"},
        {"id": "0b0f3c9e-6a51-1a58-8a4e-2f6d3a1f7c11"},
        {"opening": None},
        {"opening": "7"},
        {"opening": True},
        {"opening": 2**63},
        {"people": 0},
        {"people": MAX_PEOPLE + 1},
        {"people": 1.0},
        {"people": True},
        {"items": None},
        {"items": []},
        {"items": {"12": 0}},
        {"items": {"12": -1}},
        {"items": {"12": MAX_OF_ONE_ITEM + 1}},
        {"items": {"12": 10_000}},
        {"items": {"12": "3"}},
        {"items": {"12": 1.5}},
        {"items": {"needle": 1}},
        {"items": {"-1": 1}},
        {"items": {"²": 1}},
        {"items": {"9" * 40: 1}},
        {"void": 1},
        {"void": "yes"},
    ],
    ids=str,
)
def test_payload_out_of_bounds_is_refused(change):
    with pytest.raises(InvalidPayload, match=r"^[A-Z].*[.]$"):
        read_visit(GOOD | change)


@given(anything)
def test_payload_from_any_input_is_read_or_refused(raw):
    try:
        entry = read_visit(raw)
    except InvalidPayload:
        return
    assert 1 <= entry.people <= MAX_PEOPLE


@given(anything)
def test_body_from_any_input_is_read_or_refused(body):
    try:
        raws = read_visits(body)
    except InvalidPayload:
        return
    assert 1 <= len(raws) <= MAX_AT_ONCE


@pytest.mark.parametrize("body", [None, [], {}, {"visits": []}, {"visits": [GOOD] * (MAX_AT_ONCE + 1)}], ids=repr)
def test_body_without_visit_list_is_refused(body):
    with pytest.raises(InvalidPayload, match=r"[.]$"):
        read_visits(body)
