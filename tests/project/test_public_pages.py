"""Public pages, as a deployment serves them: how heavy they are, who may keep them, and what is left of them.

Tries hub/public/views/leaflets.py among them; its file stands in test_ways_in.py.
"""

import datetime as dt
import http.client
import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from hub.models import Hub
from tests.project.conftest import DEPLOYED, serving
from tests.project.wire import Wire
from tests.volunteers.rota_world import a_shift
from tests.wait_for_server import PATIENCE

FIRST, LATER = 120_000, 15_000
PAGES = (
    "/",
    "/supplies/",
    "/literature/",
    "/alerts/",
    "/pathways/",
    "/numbers/",
    "/why/",
    "/confidentiality/",
    "/safe-online/",
    "/school/",
)
# With a form on them, and so new for everybody.
NOT_KEPT = ("/ideas/", "/school/join/", "/accounts/login/")
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@pytest.fixture
def hub(db):
    return Hub.objects.create(pk=1, name="Corner House", usual_hours="Tuesdays at six")


@pytest.mark.parametrize("path", PAGES)
def test_public_page_can_be_left_and_names_nothing(client, hub, path):
    answer = client.get(path)
    page = answer.content.decode()

    assert answer.status_code == 200
    assert re.findall(r'<a [^>]*data-leave[^>]*rel="noreferrer"', page)
    assert (answer.cookies, client.cookies) == ({}, {})
    assert answer.headers["Cache-Control"] == "public, max-age=60, stale-if-error=86400"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert "Corner House" not in TITLE.search(page)[1]
    assert "csrf" not in page

    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    # What to do in an overdose: in the bar, and said in full at the foot.
    assert page.count('href="/#overdose"') == 2
    assert ('id="overdose"' in page) == (path == "/")
    # The way to whatever else is for strangers.
    assert {f'href="{address}"' for address in PAGES} <= set(re.findall(r'href="[^"]*"', page))


@pytest.mark.parametrize("path", NOT_KEPT)
def test_public_forms_can_be_left_and_unlisted(client, hub, path):
    answer = client.get(path)

    assert re.findall(r'<a [^>]*data-leave[^>]*rel="noreferrer"', answer.content.decode())
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert "public" not in answer.headers.get("Cache-Control", "")
    # What a form needs on a borrowed phone is gone with the browser, and says nothing.
    assert [(name, cookie["max-age"], cookie["expires"]) for name, cookie in answer.cookies.items()] in (
        [],
        [("t", "", "")],
    )


def test_search_engines_enter_only_by_choice(client, hub):
    assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"

    Hub.objects.update(search_engines=True)

    assert "Disallow: /\n" not in client.get("/robots.txt").content.decode()
    for path in PAGES:
        assert "X-Robots-Tag" not in client.get(path).headers
    for path in ("/accounts/login/", "/school/join/", "/today/"):
        assert client.get(path).headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"


def test_signed_in_pages_are_never_cached(client, hub, sign_in, volunteer):
    client.cookies["anything"] = "at all"
    assert client.get("/").headers["Cache-Control"] == "private, no-cache"

    sign_in(client, volunteer)
    assert client.get("/").headers["Cache-Control"] == "no-store"


@pytest.fixture
def wire(transactional_db):
    at_database = connection.settings_dict
    wire = Wire(f"{at_database['HOST']}/.s.PGSQL.{at_database['PORT'] or 5432}")
    yield wire
    wire.cut()


@pytest.fixture
def site(wire, static_files, tmp_path):
    """What a deployment serves, with the database at the other end of the wire."""
    database = connection.settings_dict
    settings = {
        **DEPLOYED,
        "DATABASE_URL": f"postgres://{quote(database['USER'])}@127.0.0.1:{wire.port}/{database['NAME']}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "false",
        "STATIC_ROOT": str(static_files),
        "LAST_PAGE": str(tmp_path / "kept" / "last.html"),
    }
    with serving(**settings) as (_process, port):
        yield port


def get(port, path, **headers):
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    asked.request("GET", path, headers=headers)
    answer = asked.getresponse()
    body = answer.read().decode()
    asked.close()
    return answer, body


class Scale:
    """What the network really carried to a page: heads and bodies, as compressed as they came."""

    def __init__(self, page):
        self.bytes = 0
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.loadingFinished", self._add)

    def _add(self, loaded):
        self.bytes += loaded["encodedDataLength"]

    def read(self):
        read, self.bytes = self.bytes, 0
        return read


@pytest.mark.browser
def test_public_pages_stay_light_without_database(site, wire, page, tmp_path):
    Hub.objects.create(pk=1, name="Corner House", usual_hours="Tuesdays at six")
    a_shift(timezone.now() + dt.timedelta(days=400))  # far off: it is not on the page
    scale, home = Scale(page), f"http://127.0.0.1:{site}"

    page.goto(f"{home}/", wait_until="networkidle")
    first = scale.read()
    later = {}
    for path in (*PAGES[1:], *NOT_KEPT[:1]):
        page.goto(home + path, wait_until="networkidle")
        later[path] = scale.read()
    # The browser has it all now, and a page it comes back to is the least of it.
    assert 40_000 < first <= FIRST
    assert {path: size for path, size in later.items() if not 1_000 < size <= LATER} == {}

    wire.cut()

    # More often than there are workers: one of them had never seen the front page.
    for _ in range(6):
        answer, body = get(site, "/")
        assert (answer.status, answer.headers["Cache-Control"]) == (503, "no-store")
        assert "Tuesdays at six" in body
        assert "Call 999" in body
    # The last of them asks for a session, which is looked for before any page.
    for path, cookie in (("/alerts/", ""), ("/nowhere/", ""), ("/today/", f"s={'a' * 32}")):
        answer, body = get(site, path, Cookie=cookie)
        assert (answer.status, "We cannot reach our database" in body) == (503, True), path
    assert get(site, "/healthz")[0].status == 200
    assert (tmp_path / "kept" / "last.html").stat().st_mtime % 60 == 0
