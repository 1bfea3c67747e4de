"""What can be known of a deployment without a container engine."""

import fnmatch
import http.client
import re
import socket
from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from hub.core.embedded_postgres import PROJECT, QUIET
from supplies.models.literature import MAX_FILE_BYTES
from tests.project.conftest import DEPLOYED, serving
from tests.wait_for_server import PATIENCE

DOCKERFILE = (PROJECT / "Dockerfile").read_text()
HOST = "hub.example"
VISITOR = "203.0.113.9"


def copied():
    """What the Dockerfile takes from this folder."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    return [source for line in lines for source in line.split()[:-1]]


def test_image_copies_only_existing_files():
    let_in = re.findall(r"^!(.+)$", (PROJECT / ".dockerignore").read_text(), re.MULTILINE)
    for source in copied():
        assert (PROJECT / source).exists()
        assert any(fnmatch.fnmatch(source, pattern) for pattern in let_in)


def test_the_image_gets_all_of_the_app():
    ours = {config.name for config in apps.get_app_configs() if PROJECT / config.name in PROJECT.iterdir()}
    assert ours | {"templates", "static", "locale", "manage.py", "gunicorn.conf.py"} <= set(copied())


def test_image_installs_by_hash_without_root():
    assert "--require-hashes -r requirements.lock" in DOCKERFILE
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["hub"]


def test_example_lists_exactly_our_settings():
    settings = (PROJECT / "hub" / "settings.py").read_text()
    read = set(re.findall(r'env(?:\.\w+)?\(\s*"(\w+)"', settings))
    for path in (PROJECT / "hub").rglob("*.py"):
        read |= set(re.findall(r'environ\.get\("(\w+)"\)', path.read_text()))
    read |= set(re.findall(r"\$\{(\w+)", (PROJECT / "compose.yaml").read_text()))
    read |= set(re.findall(r"\{\$(\w+)\}", (PROJECT / "Caddyfile").read_text()))
    named = re.findall(r"^#?([A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(named) == sorted(read)


def test_caddy_limits_uploads_except_leaflets():
    let_in = dict(re.findall(r"request_body @(\w+) {\s*max_size (\d+)MB", (PROJECT / "Caddyfile").read_text()))
    assert let_in == {"leaflets": "6", "all_else": "1"}
    assert int(let_in["leaflets"]) * 1000 * 1000 > MAX_FILE_BYTES + 100_000
    for noun in ("leaflet", "leaflet-new"):
        address = reverse(f"supplies:{noun}", kwargs={"slug": "card"} if noun == "leaflet" else {})
        assert address.startswith("/stock/literature/")


def test_offline_copy_has_its_own_volume():
    compose, dockerfile = ((PROJECT / name).read_text() for name in ("compose.yaml", "Dockerfile"))
    (place,) = re.findall(r"LAST_PAGE: (\S+)/[^/\s]+", compose)
    assert f'volumes: ["kept:{place}"]' in compose
    assert f"install -d -o hub -g hub {place}" in dockerfile


def test_deployment_database_is_quiet():
    asked = dict(re.findall(r"^ *- -c(\w+)=(.*)$", (PROJECT / "compose.yaml").read_text(), re.MULTILINE))
    assert asked == {
        name: value for name, value in QUIET.items() if name not in ("listen_addresses", "max_connections")
    }


def database_url():
    at = connection.settings_dict
    who = quote(at["USER"], safe="") + (":" + quote(at["PASSWORD"], safe="") if at["PASSWORD"] else "")
    # A socket's folder does not fit where a host's name goes.
    return f"postgres://{who}@/{at['NAME']}?host={quote(at['HOST'], safe='')}&port={at['PORT'] or 5432}"


@pytest.fixture
def site(transactional_db, static_files):
    """The image's own command with a deployment's settings, the tests' database, and a port."""
    settings = {
        **DEPLOYED,
        "DATABASE_URL": database_url(),
        "ALLOWED_HOSTS": HOST,
        "TRUSTED_PROXIES": "1",
        "STATIC_ROOT": str(static_files),
    }
    with serving(**settings) as served:
        yield served


def get(port, path, **headers):
    # Connections wait in the socket until the server is up.
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    asked.request("GET", path, headers={"Host": HOST, "X-Forwarded-For": VISITOR, **headers})
    answer = asked.getresponse()
    body = answer.read()
    asked.close()
    return answer, body.decode("utf-8", "replace")


def over_https(port, path, **headers):
    return get(port, path, **{"X-Forwarded-Proto": "https", **headers})


def test_deployment_serves_safely_without_a_diary(site):
    process, port = site

    plain, _ = get(port, "/")
    assert (plain.status, plain.headers["Location"]) == (301, f"https://{HOST}/")
    assert get(port, "/healthz")[0].status == 200
    assert over_https(port, "/readyz")[0].status == 200

    page, html = over_https(port, "/accounts/login/")
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    cookies = page.headers.get_all("Set-Cookie")
    assert cookies
    assert all("Secure" in cookie and "SameSite=Lax" in cookie for cookie in cookies)

    stylesheet = re.search(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', html).group(1)
    asset, _ = over_https(port, stylesheet, **{"Accept-Encoding": "br"})
    assert asset.status == 200
    assert asset.headers["Content-Encoding"] == "br"
    assert asset.headers["Cache-Control"] == "max-age=315360000, public, immutable"

    assert over_https(port, "/nowhere/", Host="evil.example")[0].status == 400
    assert over_https(port, "/nowhere/?name=Marisol")[0].status in (302, 404)
    with socket.create_connection(("127.0.0.1", port)) as nonsense:
        nonsense.sendall(b"no request at all\r\n\r\n")
        assert b"400" in nonsense.recv(1000)

    process.terminate()
    out, err = process.communicate(timeout=PATIENCE)
    assert out == ""
    assert [line for line in err.splitlines() if not line.startswith(" ")] == ["ERROR django.security.DisallowedHost"]
    assert not any(value in err for value in (VISITOR, "evil.example", "nowhere", "Marisol", "no request"))


def test_lock_files_name_no_host():
    pins = {}
    for name in ("requirements.lock", "requirements-local.lock", "requirements-test.lock"):
        text = (PROJECT / name).read_text()
        assert "://" not in text
        pins[name] = dict(re.findall(r"^([\w.-]+)==([^ ;\\]+)", text, re.MULTILINE))
    assert pins["requirements.lock"].items() <= pins["requirements-local.lock"].items()
    assert pins["requirements-local.lock"].items() <= pins["requirements-test.lock"].items()
    assert "embedded-postgres" not in pins["requirements.lock"]
