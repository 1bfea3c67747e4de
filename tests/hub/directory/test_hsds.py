"""The directory as Open Referral UK: what goes out, what comes in, and what is never taken at its word."""

import datetime as dt
import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.directory.hsds import NotHSDS, describe_service, make_id, read_services
from hub.models import Pathway, PathwayKind

BASE = "/pathways/hsds/"
REFERENCE = uuid.UUID("ac148810-d857-441c-9679-408f346de14b")
BOROUGH = {
    "id": str(REFERENCE),
    "name": "Community Counselling",
    "description": "Talking with trained people.",
    "url": "https://example.org/counselling",
    "email": "hello@example.org",
    "status": "active",
    "assured_date": "2026-11-01",
    "eligibility_description": "Anyone over 18",
    "phones": [{"id": str(uuid.uuid4()), "number": "020 7946 0000"}],
    "schedules": [{"id": str(uuid.uuid4()), "byday": "TH,FR", "opens_at": "10:00:00", "closes_at": "18:00:00"}],
    "service_at_locations": [
        {"location": {"addresses": [{"address_1": "1 Example Street", "city": "London", "postal_code": "N1 1AA"}]}}
    ],
    "organization": {"id": str(uuid.uuid4()), "name": "Example Trust", "description": "A charity"},
    "attributes": [{"id": str(uuid.uuid4()), "link_type": "need", "taxonomy_term": {"name": "Mental health"}}],
}


@pytest.fixture
def service(db):
    kind = PathwayKind.objects.create(name="Housing", slug="housing")
    return Pathway.objects.create(
        kind=kind,
        name="Shelter",
        phone="0808 800 4444",
        website="https://example.org",
        address="1 Example Street",
        hours="Every day",
        who_for="Anyone",
        how_to_reach="Ring first",
        checked_on=dt.date(2026, 11, 2),
        safe_whatever_status=Pathway.Known.YES,
        heard="Rude on the phone",
    )


def test_public_services_are_listed_for_others(client, service):
    Pathway.objects.create(kind=service.kind, name="Hidden", withdrawn=True)

    page = client.get(BASE + "services").json()

    assert (page["total_items"], page["last_page"]) == (1, True)
    assert [entry["name"] for entry in page["contents"]] == ["Shelter"]
    assert page["contents"][0] == client.get(f"{BASE}services/{service.reference}").json()
    assert client.get(BASE).json()["version"] == "3.0"


def test_hidden_or_unknown_services_are_not_found(client, service):
    Pathway.objects.update(withdrawn=True)

    assert client.get(f"{BASE}services/{service.reference}").status_code == 404
    assert client.get(f"{BASE}services/{uuid.uuid4()}").status_code == 404


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "\u0661", "9" * 30, ""])
def test_page_that_is_none_is_not_found(client, service, page):
    assert client.get(BASE + "services", {"page": page}).status_code == 404


def test_what_we_heard_never_leaves(client, service):
    assert "Rude" not in client.get(BASE + "services").content.decode()


def test_answers_of_ours_go_out_as_extensions(service):
    described = describe_service(service, "https://hub.example/pathways/")

    extensions = {a["taxonomy_term"]["code"]: a["value"] for a in described["attributes"]}
    assert extensions["may_involve_police"] == "not_known"
    assert extensions["safe_whatever_immigration_status"] == "yes"
    assert extensions["last_checked_by_this_hub"] == described["assured_date"] == "2026-11-02"
    assert describe_service(service, "https://hub.example/pathways/") == described


def test_described_service_has_required_fields(service):
    service.website = ""
    described = describe_service(service, "https://hub.example/pathways/")

    assert {"id", "name", "status", "url"} <= described.keys()
    assert described["url"] == "https://hub.example/pathways/"
    assert {"id", "name", "description"} <= described["organization"].keys()


def test_our_own_services_come_back_as_they_were(service):
    (read,) = read_services(json.loads(json.dumps(describe_service(service, "https://hub.example/pathways/"))))

    for field in ("reference", "name", "phone", "website", "address", "hours", "who_for", "how_to_reach"):
        assert getattr(read, field) == getattr(service, field)
    assert read.kind == "Housing"


@pytest.mark.parametrize("wrap", [lambda s: s, lambda s: [s], lambda s: {"contents": [s]}, lambda s: {"services": [s]}])
def test_borough_service_is_read(wrap):
    (service,) = read_services(wrap(BOROUGH))

    assert service.reference == REFERENCE
    assert service.name == "Community Counselling, Example Trust"
    assert service.address == "1 Example Street, London, N1 1AA"
    assert service.hours == "TH,FR 10:00–18:00"
    assert (service.kind, service.phone) == ("Mental health", "020 7946 0000")
    assert not hasattr(service, "checked_on")


def test_number_that_cannot_be_rung_becomes_words():
    (service,) = read_services(BOROUGH | {"phones": [{"number": "020 7946 0000 or ask Bo"}]})

    assert service.phone == ""
    assert service.how_to_reach == "020 7946 0000 or ask Bo. Talking with trained people."


def test_unsafe_website_is_left_out():
    (service,) = read_services(BOROUGH | {"url": "javascript:alert(1)"})

    assert service.website == ""


@pytest.mark.parametrize("document", [{}, [], "services", None, 3, {"contents": "all"}, [{"id": 3}], {"contents": [1]}])
def test_document_without_services_is_refused(document):
    with pytest.raises(NotHSDS):
        read_services(document)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*BOROUGH, "number", "name"]), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from([*BOROUGH]), JSON))
def test_any_document_is_read_or_refused(changes):
    try:
        services = read_services(BOROUGH | changes)
    except NotHSDS:
        return
    for service in services:
        for field in ("name", "phone", "website", "email", "address", "how_to_reach", "hours", "who_for"):
            assert len(getattr(service, field)) <= Pathway._meta.get_field(field).max_length  # noqa: SLF001 -- Django's own public name for it


def test_same_parts_give_same_id():
    assert make_id("a", 1) == make_id("a", 1) != make_id("a", 2)
