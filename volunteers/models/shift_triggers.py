"""Rules of a shift that the database keeps, whoever writes: what follows from a move, a cancellation, any change."""

import pgtrigger

# The words of the older two are kept to the blank, so that no migration makes them anew.
TRIGGERS = [
    pgtrigger.Trigger(
        name="takes_its_people_along",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("starts_at", "ends_at"),  # type: ignore[no-untyped-call]
        condition=pgtrigger.Condition(
            "OLD.starts_at IS DISTINCT FROM NEW.starts_at OR OLD.ends_at IS DISTINCT FROM NEW.ends_at"
        ),
        func="""
                    UPDATE volunteers_signup SET during = tstzrange(NEW.starts_at, NEW.ends_at)
                    WHERE shift_id = NEW.id;
                    RETURN NULL;
                """,
    ),
    pgtrigger.Trigger(
        name="cancelled_frees_its_people",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("state"),  # type: ignore[no-untyped-call]
        condition=pgtrigger.Condition("OLD.state <> 'cancelled' AND NEW.state = 'cancelled'"),
        func="""
                    UPDATE volunteers_signup SET state = 'withdrawn'
                    WHERE shift_id = NEW.id AND state IN ('confirmed', 'looking');
                    RETURN NULL;
                """,
    ),
    pgtrigger.Trigger(
        name="counts_its_changes",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="""
            NEW.revision := OLD.revision + (
                (OLD.starts_at, OLD.ends_at, OLD.state) IS DISTINCT FROM (NEW.starts_at, NEW.ends_at, NEW.state)
            )::integer;
            RETURN NEW;
        """,
    ),
]
