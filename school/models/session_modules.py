"""The modules a session teaches, as rows: nobody takes one away that somebody did there."""

from __future__ import annotations

import pgtrigger
from django.db import models

from school.models.courses import Module
from volunteers.shared.registries import retention


class SessionModule(models.Model):
    """A module that a session teaches."""

    session = models.ForeignKey("school.Session", on_delete=models.CASCADE, related_name="parts")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="parts")

    class Meta:
        db_table = "school_part"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["session", "module"], name="part_once")]
        triggers = [
            pgtrigger.Trigger(
                name="nobody_did_it_here",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete | pgtrigger.Update,
                func="""
                    IF EXISTS (SELECT FROM school_outcome
                        WHERE session_id = OLD.session_id AND module_id = OLD.module_id AND state = 'done') THEN
                        RAISE EXCEPTION 'somebody did this module here' USING ERRCODE = '23514';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.module_id}"


retention.keep(SessionModule, until=retention.FOR_GOOD)
