"""What a device keeps of the desk: files anybody may fetch, and pages with nobody and nothing counted in them."""

import re
import uuid

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.core.management import call_command

from hub.desk import kept_files
from hub.desk.visit_payload import VisitPayload
from hub.models import Opening, Visit
from tests.supplies.makers import an_item

WORKER, SHELL, MANIFEST = "/desk/sw.js", "/desk/shell/", "/desk/manifest.json"


def test_worker_script_is_uncached_and_asks_no_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        answer = client.get(WORKER)

    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_worker_keeps_every_file_of_the_page(client, volunteer, sign_in, db):
    text = client.get(WORKER).content.decode()
    kept = re.findall(r'"/static/([^"]+)": "sha256-', text)
    sign_in(client, volunteer)
    named = re.findall(r'(?:href|src)="/static/([^"#]+)', client.get(SHELL).content.decode())

    assert set(named) <= set(kept)
    assert "js/desk.js" in kept
    assert [path for path in kept if not finders.find(path)] == []
    assert len([path for path in kept if path.endswith(".woff2")]) == 3


@pytest.fixture
def files_with_a_version(settings, tmp_path):
    """Static files as production has them, each with a hash of itself in its name."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    kept_files._list_once.cache_clear()  # noqa: SLF001 -- it was asked under other names
    yield tmp_path
    kept_files._list_once.cache_clear()  # noqa: SLF001 -- the same


def test_worker_names_files_as_production_does(client, files_with_a_version, db):
    answer = client.get(WORKER)

    assert answer.status_code == 200
    kept = re.findall(r'"/static/([^"]+)": "sha256-', answer.content.decode())
    assert [path for path in kept if not (files_with_a_version / path).is_file()] == []
    assert len([path for path in kept if re.fullmatch(r"js/desk\.[0-9a-f]{12}\.js", path)]) == 1


def test_manifest_says_nothing_of_what_it_is_for(client, db):
    answer = client.get(MANIFEST)

    assert answer.headers["Content-Type"] == "application/manifest+json"
    said = answer.json()
    assert (said["name"], said["short_name"], said["start_url"], said["scope"]) == ("Hub", "Hub", "/desk/", "/desk/")
    for icon in said["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))


@time_machine.travel("2026-05-20 18:30 +0100", tick=False)
def test_shell_is_the_same_for_everybody(client, volunteer, coordinator, sign_in, demo):
    foil = an_item("Foil", desk_order=1)
    foil.receive(1)
    opening = Opening.objects.start(kind=Opening.Kind.UNPLANNED)
    sign_in(client, volunteer)
    before = client.get(SHELL)
    Visit.objects.log(VisitPayload(uuid.uuid4(), opening.pk, 7, {foil.pk: 3}))
    sign_in(client, coordinator)
    after = client.get(SHELL)

    assert before.content == after.content
    assert "csrf" not in after.content.decode()
    assert after.headers["Cache-Control"] == "no-store"
    assert f'"opening": {opening.pk}' in after.content.decode()


def test_shell_of_a_closed_desk_names_no_opening(client, volunteer, sign_in):
    sign_in(client, volunteer)
    assert '"opening": null' in client.get(SHELL).content.decode()
