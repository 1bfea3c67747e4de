"""Words of the scripts that show the desk. `_one` is for one, `_many` for several."""

from __future__ import annotations

from django.utils.translation import gettext as _


def build_screen_words() -> dict[str, str]:
    """The content of `#screen-words`."""
    return {
        "person_one": _("1 person"),
        "person_many": _("{n} people"),
        "things_one": _("1 thing"),
        "things_many": _("{n} things"),
        "and_more": _("and {n} more"),
        "logged": _("Logged: {what} · {n} tonight"),
        "logged_here": _("Logged: {what} · {n} on this device"),
        "talk": _("only a talk"),
        "log": _("Log visit"),
        "log_talk": _("Log a talk"),
        "log_one": _("Log visit · 1 item"),
        "log_many": _("Log visit · {n} items"),
        "just_logged": _("That visit is already logged. For the next one, tap what they took first."),
        "nothing": _("You have not tapped anything. Tap what they took, or “Only a talk”."),
        "just_again": _("That is logged. To log another one like it, wait a moment and tap again."),
        "things_too": _("You have tapped things, so this is not only a talk."),
        "undone": _("Undone. You can change the visit on the screen."),
        "undone_kept": _("Undone. The visit you are entering stays as it is."),
        "undone_entry": _("Undone. The visit is deleted."),
        "undo_visit": _("Undo last: {what}"),
        "again": _("Same again: {what}"),
        "draft_back": _("What you tapped is still here."),
        "found_one": _("1 thing found"),
        "found_many": _("{n} things found"),
        "found_none": _("We have nothing by that name. Did somebody ask for it?"),
        "sent": _("Sent"),
        "kept": _("{n} here"),
        "offline": _("No wifi"),
        "not_sent": _("Not sent"),
        "sign_in": _("Sign in"),
        "no_wifi": _("No wifi: write it on paper, catch up later."),
        "less": _("One less {thing}"),
        "one_more": _("One more {thing}"),
        "change": _("Change the number: {thing}"),
        "add": _("{n} more"),
        "close": _("Close"),
        "empty": _("You have not tapped anything yet."),
    }
