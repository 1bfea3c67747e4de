"""Hostile values through the real addresses: a small part of it here, as much as you like by `make fuzz`."""

import os

import pytest

from tests.fuzz.attack import Attack, furthest, sent_to
from tests.project.access_matrix import DOORS
from tests.project.access_requests import Cast

SEED = int(os.environ.get("FUZZ_SEED", "9"))
REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "0"))


@pytest.fixture
def attack(admin, coordinator, trainer, volunteer, trainee, demo, sign_in):
    people = {"trainee": trainee, "volunteer": volunteer, "trainer": trainer}
    return Attack(Cast(people | {"coordinator": coordinator, "admin": admin}, sign_in), SEED)


def told(wrong):
    return "\n".join(f"{name}: {problem}\n    {how}" for (name, problem), how in sorted(wrong.items()))


@pytest.mark.skipif(REQUESTS > 0, reason="the long one is running")
def test_every_form_withstands_hostile_values_once(attack):
    for name in filter(sent_to, DOORS):
        attack.at(name, furthest(name), rounds=1)
    assert attack.asked.total() > 2 * len(DOORS)
    # Most of it has to get through to the forms: answered with what is wrong with them, or taken and sent on.
    assert attack.answered[422] > 100
    assert attack.answered[302] > 50
    assert not attack.wrong, told(attack.wrong)


@pytest.mark.skipif(REQUESTS == 0, reason="thousands of requests: make fuzz")
@pytest.mark.timeout(24 * 60 * 60)
def test_everybody_everywhere_with_everything(attack):
    attack.everywhere(REQUESTS)
    print(f"{attack.asked.total()} requests at {len(attack.asked)} addresses, seed {SEED}: {attack.answered}")
    assert not attack.wrong, told(attack.wrong)
