import pytest
from django.db.migrations.recorder import MigrationRecorder

from tests.project.conftest import UNSET, ended
from tests.wait_for_server import a_free_port

ASK_READY = """
import django; django.setup()
from django.test import Client
answer = Client(headers={"host": "localhost"}).get("/readyz")
print(answer.status_code, answer.content.decode().strip())
"""


def test_alive_answers_without_the_database(client):
    # No `db` fixture: pytest-django fails whatever touches the database.
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("host", ["10.0.0.7:8000", "evil.example", "web", "[::1]:8000", "", "a b", "x" * 300, "_.é"])
def test_health_answers_whatever_the_host(client, settings, path, host):
    settings.DEBUG, settings.ALLOWED_HOSTS = False, ["hub.example"]

    answer = client.get(path, HTTP_HOST=host)

    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert client.get("/", HTTP_HOST=host).status_code == 400


def test_liveness_answers_without_https(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200
    assert client.get("/").status_code == 301


@pytest.mark.django_db
def test_ready_when_every_migration_is_applied(client):
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_not_ready_while_a_migration_waits(client):
    newest = MigrationRecorder.Migration.objects.filter(app="hub").order_by("-name").first()
    newest.delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"migrations are waiting\n")


def test_not_ready_without_a_database():
    nowhere = {
        "DATABASE_URL": f"postgres://nobody@127.0.0.1:{a_free_port()}/none",
        "DJANGO_SETTINGS_MODULE": "hub.settings",
    }
    code, out, _err = ended("-c", ASK_READY, **{**UNSET, "DEBUG": "true", **nowhere})
    assert (code, out) == (0, "503 the database does not answer\n")


@pytest.mark.django_db
def test_health_pages_are_never_kept(client):
    for path in ("/healthz", "/readyz"):
        assert "no-store" in client.get(path).headers["Cache-Control"]
