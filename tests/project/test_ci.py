"""`.ci/run`: what is committed is tested in a folder nobody else may enter, and nothing of that is left."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from hub.core.embedded_postgres import PROJECT

# Stands in for whatever `make test` does, and tells where it was asked to.
MAKE = """#!/bin/sh
ls -ld ../ | cut -c1-10
pwd
cat ../*/word
exit {code}
"""


@pytest.fixture
def checkout(tmp_path):
    """A repository with `.ci/run` in it, and programs that stand in for what takes long."""
    if not shutil.which("git"):
        pytest.skip("no git here")
    programs = {"chromium-headless-shell": "", "make": MAKE.format(code=7)}
    for name, does in programs.items():
        program = tmp_path / "programs" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(does)
        program.chmod(0o755)
    made = tmp_path / "a checkout"
    (made / ".ci").mkdir(parents=True)
    shutil.copy(PROJECT / ".ci" / "run", made / ".ci" / "run")
    (made / "word").write_text("committed\n")
    git(made, "init", "--quiet")
    git(made, "add", "--all")
    git(made, "-c", "user.name=Mo", "-c", "user.email=mo@hub.example", "commit", "--quiet", "--message=All")
    (made / "word").write_text("not committed\n")
    return made


def git(folder, *arguments):
    nobodys = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *arguments], cwd=folder, check=True, env=os.environ | nobodys)


def run(checkout, **environment):
    path = os.pathsep.join([str(checkout.parent / "programs"), os.environ["PATH"]])
    (checkout.parent / "temporary").mkdir(exist_ok=True)
    here = {"PATH": path, "TMPDIR": str(checkout.parent / "temporary")}
    command = [str(checkout / ".ci" / "run")]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=os.environ | here | environment)


def asked_in(ended):
    """Where `make` was asked, if all was as it should be there."""
    mode, where, word = ended.stdout.splitlines()
    assert (mode, word) == ("drwx------", "committed")
    assert " " in Path(where).name
    return Path(where)


def test_what_is_committed_is_made_behind_closed_doors(checkout):
    ended = run(checkout)
    assert ended.returncode == 7, ended.stderr
    where = asked_in(ended)
    assert not where.parent.exists()
    assert list((checkout.parent / "temporary").iterdir()) == []


def test_git_set_up_otherwise_changes_nothing(checkout, tmp_path):
    config = tmp_path / "config"
    config.write_text("[core]\n\tautocrlf = true\n[clone]\n\tdefaultRemoteName = other\n[protocol]\n\tallow = never\n")
    ended = run(checkout, GIT_CONFIG_GLOBAL=str(config), GIT_DIR="/nowhere", GIT_WORK_TREE="/nowhere", CDPATH="/")
    assert ended.returncode == 7, ended.stderr
    asked_in(ended)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_checkout_of_another_user_is_cloned(checkout):
    for path in (checkout, *checkout.rglob("*")):
        os.chown(path, 12345, 12345)
    ended = run(checkout)
    assert ended.returncode == 7, ended.stderr
    asked_in(ended)


def test_shallow_clone_of_clone_is_cloned(checkout, tmp_path):
    git(tmp_path, "clone", "--quiet", "--depth=1", checkout.as_uri(), "shallow")
    ended = run(tmp_path / "shallow")
    assert ended.returncode == 7, ended.stderr
    asked_in(ended)
