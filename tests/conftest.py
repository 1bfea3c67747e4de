"""The cast everybody knows, a way to sign them in, and a browser the size of a phone."""

import gc
import os

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connections
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as examples
from playwright.sync_api import expect

from hub.web.middleware import IDLE_COOKIE, sign_idle_cookie
from tests.browsers import AGAIN, ARGUMENTS
from tests.database import a_database_of_its_own
from tests.flush_db import empty
from tests.look import Console
from tests.volunteers.threads import wait_for_the_post
from tests.wait_for_server import PATIENCE
from volunteers.shared import locality

PASSWORD = "a long password"
PHONE = {"width": 390, "height": 844}
# Whole servers, and every page for everybody. Begun last, they would keep one process busy when all others are done.
LONGEST = {
    "test_run",
    "test_no_small_counts",
    "test_paired",
    "test_shipping",
    "test_embedded_postgres",
    "test_refuses_to_start",
    "test_public_pages",
    "test_fuzz",
    "test_past",
    "test_access",
}
# A page that fails to reach us tries again after 20 s, and a machine full of other work may stand still for a moment.
expect.set_options(timeout=PATIENCE * 1000)

# How long an example takes says how busy the machine is.
examples.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("patient")


def pytest_collection_finish(session):
    """What was loaded by now stays: looking it through for garbage again and again took a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """What takes longest comes first; the rest stays in its random order."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)
    for item in items:
        if item.path.stem in LONGEST:
            item.add_marker(AGAIN)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown():
    """What a test wrote to somebody is sent in a thread of its own: it is through before the database is taken away."""
    wait_for_the_post()


@pytest.fixture(autouse=True)
def london():
    """Every test begins in London, and what it makes of its hub is forgotten after it."""
    locality.adopt(locality.Locality())
    yield
    locality.adopt(locality.Locality())


def _person(name, *roles):
    make = get_user_model().objects.create_user
    return make(name.lower(), chosen_name=name, password=PASSWORD, roles=roles)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, testrun_uid):
    """The run's own database, or this process's copy of it."""
    # Not a `with` around the tests: between them the database stays closed to whatever did not ask for it.
    database = a_database_of_its_own(testrun_uid, os.environ.get("PYTEST_XDIST_WORKER"))
    with django_db_blocker.unblock():
        database.__enter__()
    yield
    with django_db_blocker.unblock():
        database.__exit__(None, None, None)


@pytest.fixture
def admin(db):
    return _person("Robin", "admin")


@pytest.fixture
def coordinator(db):
    return _person("Mo", "coordinator")


@pytest.fixture
def trainer(db):
    return _person("Ida", "trainer")


@pytest.fixture
def volunteer(db):
    return _person("Ash", "volunteer")


@pytest.fixture
def trainee(db):
    return _person("Jules")


@pytest.fixture
def demo(settings):
    """As in the demo: coordinators and admins come in without a second step."""
    settings.DEMO = True


@pytest.fixture
def sign_in():
    """Sign somebody in to a test client, awake."""

    def into(client, person):
        client.force_login(person)
        client.cookies[IDLE_COOKIE] = sign_idle_cookie(client.session.session_key)

    return into


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    path = os.environ.get("CHROMIUM_PATH")
    return {**browser_type_launch_args, "headless": True, "executable_path": path, "args": ARGUMENTS}


def patient(make):
    def made(*arguments, **about):
        opened = make(*arguments, **about)
        opened.set_default_timeout(PATIENCE * 1000)
        return opened

    return made


@pytest.fixture(scope="session")
def browser(browser):
    """The plugin's own, and a database that can be dropped after it.

    While Playwright's event loop runs, Django keeps another connection for the same thread than before and after.
    Its pages wait as long as everything else here does.
    """
    for name in ("new_context", "new_page"):
        setattr(browser, name, patient(getattr(browser, name)))
    yield browser
    connections.close_all()


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "locale": "en-GB",
        "timezone_id": "Europe/London",
        "viewport": PHONE,
        "reduced_motion": "reduce",
    }


@pytest.fixture
def console(page, live_server):
    """What went wrong in the page: complaints in its console, and requests to anywhere but us."""
    return Console(page, live_server.url)


@pytest.fixture
def page_as(page, live_server, client, sign_in):
    """The page, signed in as somebody: `page_as(volunteer).goto(…)`."""

    def as_(person):
        sign_in(client, person)
        page.context.add_cookies(
            [{"name": name, "value": morsel.value, "url": live_server.url} for name, morsel in client.cookies.items()]
        )
        return page

    return as_


@pytest.fixture(scope="session", autouse=True)
def emptied_quickly():
    """What tests commit is taken away without a flush."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield


@pytest.fixture(scope="session", autouse=True)
def last_page_elsewhere(tmp_path_factory):
    """The page that is kept for when the database is away: not over the one of a hub that runs in this folder."""
    settings.LAST_PAGE = tmp_path_factory.mktemp("kept") / "last-page.html"


@pytest.fixture(autouse=True)
def fresh_memory():
    """What a process remembers would be remembered from one test to the next."""
    from django.core.cache import caches  # noqa: PLC0415 -- settings are ready by now

    caches["memory"].clear()


@pytest.fixture(autouse=True)
def only_english(settings):
    """Whatever translators have brought: which languages there are is asked of the database, and tests count that."""
    if len(settings.LANGUAGES) > 1:
        settings.LANGUAGES = settings.LANGUAGES[:1]


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Hashing a password properly takes a third of a second, for each of the cast."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
