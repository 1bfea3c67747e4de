"""What happens around every request. Idle sign-out is with the sessions, the second step with its own tests."""

import pytest
from allauth.mfa.models import Authenticator
from pghistory.models import Context

from hub.web.middleware import IDLE_COOKIE
from volunteers.models import Qualification

pytestmark = pytest.mark.django_db


def test_signed_in_pages_are_kept_nowhere(client, sign_in, volunteer):
    sign_in(client, volunteer)
    answer = client.get("/people/me/")

    assert answer.headers["Cache-Control"] == "no-store"
    assert {"Cookie", "HX-Request"} <= set(answer.headers["Vary"].split(", "))


def test_public_pages_vary_on_htmx(client):
    answer = client.get("/accounts/password/reset/done/")

    assert "HX-Request" in answer.headers["Vary"]


def test_expired_fragment_loads_sign_in_whole(client):
    answer = client.get("/people/", headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=/people/"
    assert "Location" not in answer.headers


def test_sign_out_fragment_clears_its_cookies(client, sign_in, volunteer):
    sign_in(client, volunteer)
    client.cookies[IDLE_COOKIE] = "forged"

    answer = client.get("/people/me/", headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"].startswith("/accounts/login/")
    assert answer.cookies["s"].value == ""
    assert answer.cookies[IDLE_COOKIE].value == ""


def test_every_page_has_the_strict_policy(client, sign_in, volunteer):
    sign_in(client, volunteer)

    for path in ("/people/me/", "/accounts/login/", "/accounts/email/", "/nothing-here/"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "data:" not in policy


@pytest.mark.usefixtures("demo")
def test_history_names_person_without_url(client, sign_in, coordinator, volunteer):
    keys = Qualification.objects.create(name="Keyholder", slug="keyholder")
    sign_in(client, coordinator)

    client.post(f"/people/{volunteer.pk}/holdings/", {"qualification": keys.pk, "reason": "Trained"})

    assert [context.metadata for context in Context.objects.all()] == [{"user": str(coordinator.pk)}]


@pytest.mark.usefixtures("demo")
def test_looking_writes_no_history(client, sign_in, coordinator):
    sign_in(client, coordinator)
    client.get("/people/")

    assert not Context.objects.exists()


@pytest.mark.parametrize("who", ["trainee", "volunteer"])
def test_identifying_the_person_takes_two_statements(client, sign_in, request, who, django_assert_num_queries):
    sign_in(client, request.getfixturevalue(who))

    with django_assert_num_queries(3):  # session, the person with all their rights, what they hold
        client.get("/people/me/")


def test_second_step_role_costs_no_more(client, sign_in, coordinator, django_assert_num_queries):
    Authenticator.objects.create(user=coordinator, type=Authenticator.Type.WEBAUTHN, data={"name": "A key"})
    sign_in(client, coordinator)

    with django_assert_num_queries(3):
        client.get("/people/me/")
