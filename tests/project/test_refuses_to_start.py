import pytest

from tests.project.conftest import UNSET, ended
from tests.wait_for_server import a_free_port

WHOLE = {
    "SECRET_KEY": "something-long-that-opens-nothing-at-all-0123456789-0123456789",
    "DATABASE_URL": "postgres://nobody@localhost/none",
    "ALLOWED_HOSTS": "hub.example",
}


@pytest.mark.parametrize("missing", WHOLE)
def test_deployment_names_its_missing_setting(missing):
    code, out, err = ended("manage.py", "check", **{**UNSET, **WHOLE, missing: ""})
    assert code != 0
    assert err.startswith(f"Set {missing} in the environment")
    assert "Traceback" not in out + err
    assert not any(other in err for other in WHOLE.keys() - {missing})


def test_debug_off_and_nothing_else_names_all_three():
    code, _out, err = ended("manage.py", "check", **{**UNSET, "DEBUG": "false"})
    assert code != 0
    assert err.startswith("Set SECRET_KEY, DATABASE_URL, ALLOWED_HOSTS in the environment")


@pytest.mark.parametrize("known", WHOLE)
def test_one_setting_of_a_deployment_turns_debug_off(known):
    code, _out, err = ended("-c", "import hub.settings", **{**UNSET, known: WHOLE[known]})
    assert code != 0
    assert "without DEBUG the app does not start on guesses" in err


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("DATABASE_URL", "mysql://hub:very-secret@db/hub"),
        # A password that was not written for an address.
        ("DATABASE_URL", "postgres://hub:very-secret/0@db:5432/hub"),
        ("EMAIL_URL", "very-secret"),
        ("TRUSTED_PROXIES", "very-secret"),
    ],
)
def test_meaningless_setting_is_named_not_shown(name, written):
    code, out, err = ended("manage.py", "check", **{**UNSET, **WHOLE, name: written})
    assert code != 0
    assert err.startswith(f"{name} ")
    assert len(err.splitlines()) == 1
    assert "secret" not in out + err


def test_address_makes_no_double_slash():
    code, out, _err = ended(
        "-c",
        "from hub import settings; print(settings.SITE_URL)",
        **{**UNSET, **WHOLE, "SITE_URL": "https://hub.example/"},
    )
    assert (code, out) == (0, "https://hub.example\n")


def test_whole_deployment_starts_without_debug_or_demo():
    code, out, _err = ended(
        "-c", "from hub import settings as s; print(s.DEBUG, s.DEMO)", **{**UNSET, **WHOLE, "DEMO": ""}
    )
    assert (code, out) == (0, "False False\n")


def test_run_is_for_laptops_and_says_so():
    code, out, err = ended("manage.py", "run", **{**UNSET, **WHOLE})
    assert code != 0
    assert "`run` is for laptops" in err
    assert "Traceback" not in out + err


def test_lost_database_is_noticed_quickly():
    asked = {**WHOLE, "DATABASE_URL": "postgres://hub@db.example/hub?sslmode=require"}
    show = "from hub import settings; print(sorted(settings.DATABASES['default']['OPTIONS'].items()))"
    assert ended("-c", show, **{**UNSET, **asked})[1] == "[('connect_timeout', 5), ('sslmode', 'require')]\n"


@pytest.mark.parametrize("command", ["check_invariants", "lockdown", "migrate"])
def test_command_without_database_says_so(command):
    nowhere = {**WHOLE, "DATABASE_URL": f"postgres://nobody:very-secret@127.0.0.1:{a_free_port()}/none"}
    code, out, err = ended("manage.py", command, **{**UNSET, **nowhere})
    assert (code, out) == (1, "")
    assert err == "The database does not answer. Is it running, and is DATABASE_URL right?\n"
