#!/usr/bin/env python
"""Django's command line, with a PostgreSQL started beside it where none is named."""

import os
import sys

from hub.core import embedded_postgres


def main() -> None:
    """Run one management command; what cannot start says why in a sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        with embedded_postgres.while_needed(sys.argv):
            execute_from_command_line(sys.argv)
    except (embedded_postgres.CannotServe, ImproperlyConfigured) as problem:
        sys.exit(str(problem))
    except OperationalError as problem:
        # With a state the database has answered, and refused: that is for whoever mends us, with every line.
        if getattr(problem.__cause__, "sqlstate", None):
            raise
        sys.exit("The database does not answer. Is it running, and is DATABASE_URL right?")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
