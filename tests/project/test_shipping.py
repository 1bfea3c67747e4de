"""What can be known of a deployment without a container engine."""

import ast
import fnmatch
import http.client
import re
import socket
from urllib.parse import quote

import pytest
import yaml
from django.apps import apps
from django.db import connection
from django.urls import reverse

from hub.core.embedded_postgres import PROJECT, QUIET
from supplies.models.literature import MAX_FILE_BYTES
from tests.project.conftest import DEPLOYED, ended, serving
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


def services():
    """The services of compose.yaml, as a container engine reads them."""
    return yaml.safe_load((PROJECT / "compose.yaml").read_text())


def test_services_may_do_as_little_as_possible():
    for name, service in services()["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "caddy" else []), name
        assert service["logging"] == {"driver": "local", "options": {"max-size": "1m", "max-file": "2"}}, name
        assert not service.get("privileged"), name
    assert services()["services"]["db"]["user"] == "postgres"


def test_networks_part_database_and_proxy():
    compose = services()
    there = {name: set(service["networks"]) for name, service in compose["services"].items()}

    assert there["db"] == {"database"}
    assert there["caddy"] == {"proxy"}
    assert {name for name in there if "proxy" in there[name]} == {"caddy", "web"}
    assert {name for name in there if "mail" in there[name]} == {"worker"}
    assert compose["networks"]["database"] == {"internal": True}
    assert set(compose["networks"]) == set.union(*there.values())
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["caddy"]


def test_every_image_can_be_pinned():
    """By a variable that takes a digest, with the tag it has without one; `make pins` prints them all."""
    text = (PROJECT / "compose.yaml").read_text() + DOCKERFILE
    compose = services()["services"]
    images = [service["image"] for service in compose.values() if service["image"] != "harm-reduction-hub"]
    pins = dict(re.findall(r"([A-Z]+_IMAGE)=([\w.-]+:[\w.-]+)", (PROJECT / "Makefile").read_text()))

    assert len(images) == 2
    assert all(re.fullmatch(r"\$\{[A-Z]+_IMAGE:-[\w.-]+:[\w.-]+\}", image) for image in images)
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)) == {"${PYTHON_IMAGE}", "${POSTGRES_IMAGE}"}
    assert dict(re.findall(r"([A-Z]+_IMAGE)(?::-|=)([\w.-]+:[\w.-]+)", text)) == pins
    assert set(pins) == {"POSTGRES_IMAGE", "CADDY_IMAGE", "PYTHON_IMAGE"}


NAMES_OF_COOKIES = """
import django; django.setup()
from django.conf import settings
from hub.desk import access
from hub.desk.forms import shortfalls, visits
from hub.logs.forms import base
from hub.web import message_storage, middleware
print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, middleware.IDLE_COOKIE,
      access.DEVICE_COOKIE, access.DESK_COOKIE, base.LAST_ROWS_COOKIE, visits.LAST_VISIT_COOKIE,
      shortfalls.LAST_SHORTFALL_COOKIE, message_storage.PrefixedCookieStorage.cookie_name, access.DESK_COOKIE_PATH)
"""


def test_every_cookie_of_a_deployment_is_this_hosts():
    deployed = {**DEPLOYED, "DATABASE_URL": "postgres://127.0.0.1:1/none", "ALLOWED_HOSTS": HOST}
    code, out, err = ended("-c", NAMES_OF_COOKIES, DJANGO_SETTINGS_MODULE="hub.settings", **deployed)

    assert code == 0, err
    *names, path = out.split()
    assert len(names) == 10
    assert all(name.startswith("__Host-") for name in names)
    assert path == "/"


def test_no_cookie_is_named_in_place():
    """A name of its own would have no prefix: every cookie is set by a constant that begins with it."""
    for app in ("hub", "school", "supplies", "volunteers"):
        for path in (PROJECT / app).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text())):
                if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ("set_cookie", "set_signed_cookie"):
                    assert ast.unparse(call.args[0]) in {"IDLE_COOKIE", "name"}, path


def test_desk_cookies_are_secure_where_https_is(client, sign_in, coordinator, demo, settings):
    settings.SESSION_COOKIE_SECURE = True
    sign_in(client, coordinator)

    answer = client.post("/desk/open/", {"kind": "unplanned"})

    assert answer.cookies["at"]["secure"]


def test_caddy_limits_uploads_except_files():
    let_in = dict(re.findall(r"request_body @(\w+) {\s*max_size (\d+)MB", (PROJECT / "Caddyfile").read_text()))
    assert let_in == {"files": "6", "all_else": "1"}
    assert int(let_in["files"]) * 1000 * 1000 > MAX_FILE_BYTES + 100_000
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
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    cookies = page.headers.get_all("Set-Cookie")
    assert cookies
    assert all("Secure" in cookie and "SameSite=Lax" in cookie for cookie in cookies)
    assert all(re.match(r"__Host-\w+=.*; Path=/;", cookie) and "Domain" not in cookie for cookie in cookies)

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
