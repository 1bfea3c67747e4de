"""Collect every sentence for translators: Django's own command, told what our gettext is called and where to look."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.commands import makemessages

NOT_OURS = ["tests/*", "static/*", "staticfiles/*"]
# A moment of its own in every copy would make each of them look changed.
MADE_AT = re.compile(r'^"POT-Creation-Date: .*\n', re.MULTILINE)


class Command(makemessages.Command):
    """`make messages` calls it. The template `locale/django.pot` is kept: a test reads it."""

    xgettext_options = [
        *makemessages.Command.xgettext_options,
        "--keyword=_now",
        "--keyword=_lazy",
        "--package-name=Harm Reduction Hub",
    ]

    def handle(self, *args: Any, **options: Any) -> None:
        """Without the tests, with the names of files but not their lines, and with one line a sentence."""
        options |= {"add_location": "file", "no_wrap": True, "keep_pot": True}
        options["ignore_patterns"] = [*options["ignore_patterns"], *NOT_OURS]
        if not options["locale"]:
            options["all"] = True
        super().handle(*args, **options)
        for path in Path(settings.LOCALE_PATHS[0]).rglob("*.po*"):
            path.write_text(MADE_AT.sub("", path.read_text()))
