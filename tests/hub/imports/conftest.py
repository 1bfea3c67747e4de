"""A shelf with one item and a group, and a directory with one service."""

import pytest

from hub.models import Pathway, PathwayKind
from tests.supplies.makers import an_item
from volunteers.models import Qualification


@pytest.fixture
def spoon(db):
    return an_item("Spoon", unit="spoon", units="spoons", pack_size=50)


@pytest.fixture
def shelter(db):
    kind = PathwayKind.objects.create(name="Housing", slug="housing")
    return Pathway.objects.create(kind=kind, name="Shelter")


@pytest.fixture
def naloxone_trained(db):
    return Qualification.objects.create(name="Naloxone-trained", slug="naloxone-trained", refresh_months=24)
