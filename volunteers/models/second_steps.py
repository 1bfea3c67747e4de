"""Second steps at sign-in (codes, passkeys), kept without the time they were last used."""

from typing import ClassVar

import pgtrigger
from allauth.mfa.models import Authenticator


class SecondStep(Authenticator):  # type: ignore[misc]
    """allauth's own table; the database rounds the moment of each use down to the day."""

    class Meta:
        proxy = True
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="used_to_the_day",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    NEW.last_used_at := date_trunc('day', NEW.last_used_at);
                    NEW.created_at := date_trunc('day', NEW.created_at);
                    RETURN NEW;
                """,
            )
        ]
