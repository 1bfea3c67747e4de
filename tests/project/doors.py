"""Who gets in where: every address outside Django's admin, and what a GET answers to whom.

A row without a reason asks for a sign-in. A row with one is open to anybody, and the reason says why.
"""

from typing import NamedTuple


class Door(NamedTuple):
    anonymous: int
    trainee: int
    volunteer: int
    trainer: int
    coordinator: int
    admin: int
    reason: str = ""


ROLES = ("anonymous", "trainee", "volunteer", "trainer", "coordinator", "admin")

DOORS = {
    # The hub
    "hub:front": Door(200, 200, 200, 200, 200, 200, "What anyone sees first"),
    "hub:today": Door(302, 200, 200, 200, 200, 200),
    "hub:emergency": Door(302, 200, 200, 200, 200, 200),
    "hub:styleguide": Door(302, 200, 200, 200, 200, 200),
    "hub:styleguide-dialog": Door(302, 200, 200, 200, 200, 200),
    # The desk
    "hub:desk": Door(302, 403, 200, 403, 200, 200),
    "hub:desk-open": Door(302, 403, 405, 403, 405, 405),
    "hub:desk-close": Door(302, 403, 200, 403, 200, 200),
    "hub:desk-undo": Door(302, 403, 405, 403, 405, 405),
    "hub:desk-again": Door(302, 403, 405, 403, 405, 405),
    "hub:desk-session": Door(401, 403, 200, 403, 200, 200, "Asks for a sign-in itself, in JSON"),
    "hub:desk-visits": Door(401, 403, 405, 403, 405, 405, "Asks for a sign-in itself, in JSON"),
    # What machines ask
    "hub:alive": Door(200, 200, 200, 200, 200, 200, "Says only whether the process answers"),
    "hub:ready": Door(200, 200, 200, 200, 200, 200, "Says only whether it can serve"),
    # People
    "letter": Door(302, 404, 404, 404, 404, 404),
    "volunteers:people": Door(302, 403, 403, 403, 200, 200),
    "volunteers:invite": Door(302, 403, 403, 403, 200, 200),
    "volunteers:invitation-accept": Door(410, 410, 410, 410, 410, 410, "The link is the key; this one is unknown"),
    "volunteers:me": Door(302, 200, 200, 200, 200, 200),
    "volunteers:me-letters": Door(302, 405, 405, 405, 405, 405),
    "volunteers:sign-out-everywhere": Door(302, 405, 405, 405, 405, 405),
    "volunteers:person": Door(302, 403, 403, 403, 200, 200),
    "volunteers:person-roles": Door(302, 403, 403, 403, 403, 405),
    "volunteers:holding-grant": Door(302, 403, 403, 403, 405, 405),
    "volunteers:holding-end": Door(302, 403, 403, 403, 405, 405),
    "volunteers:person-pause": Door(302, 403, 403, 403, 405, 405),
    "volunteers:person-resume": Door(302, 403, 403, 403, 405, 405),
    "volunteers:second-step-reset": Door(302, 403, 403, 403, 403, 405),
    "volunteers:invitation": Door(302, 403, 403, 403, 200, 200),
    # The rota
    "rota:week": Door(302, 200, 200, 200, 200, 200),
    "rota:mine": Door(302, 200, 200, 200, 200, 200),
    "rota:shift": Door(302, 200, 200, 200, 200, 200),
    "rota:offer": Door(302, 404, 404, 404, 404, 404),
    # When people can
    "periods:list": Door(302, 403, 403, 403, 200, 200),
    "periods:period": Door(302, 403, 403, 403, 200, 200),
    "periods:answers": Door(302, 200, 200, 200, 200, 200),
    "periods:remind": Door(302, 403, 403, 403, 405, 405),
    "periods:publish": Door(302, 403, 403, 403, 405, 405),
    "periods:finish": Door(302, 403, 403, 403, 405, 405),
    "periods:proposal": Door(302, 403, 403, 403, 200, 200),
    "periods:accept": Door(302, 403, 403, 403, 405, 405),
    "periods:discard": Door(302, 403, 403, 403, 405, 405),
    "hub:calendar": Door(302, 200, 200, 200, 200, 200),
    "hub:calendar-revoke": Door(302, 405, 405, 405, 405, 405),
    "hub:feed": Door(404, 404, 404, 404, 404, 404, "The address is the key; this one is unknown"),
    "hub:held": Door(302, 200, 200, 200, 200, 200),
    "hub:held-json": Door(302, 200, 200, 200, 200, 200),
    "hub:held-text": Door(302, 200, 200, 200, 200, 200),
    # 302 asks who one is once more, before the last goodbye
    "hub:leave": Door(302, 302, 302, 302, 302, 302),
    "hub:erase": Door(302, 403, 403, 403, 200, 200),
    "hub:merge": Door(302, 403, 403, 403, 200, 200),
    # Supplies
    "supplies:shelf": Door(302, 403, 200, 403, 200, 200),
    # Signing in
    "account_login": Door(200, 302, 302, 302, 302, 302, "Sign-in itself"),
    "account_request_login_code": Door(200, 302, 302, 302, 302, 302, "Sign-in itself, by a code"),
    "account_confirm_login_code": Door(302, 302, 302, 302, 302, 302, "Sign-in itself, by a code asked for before"),
    "account_logout": Door(302, 200, 200, 200, 200, 200, "Sign-out does no harm to who is out already"),
    "account_inactive": Door(200, 200, 200, 200, 200, 200, "Sign-in itself, refused to who is paused"),
    "account_confirm_email": Door(200, 200, 200, 200, 200, 200, "The key in the mail says who it is"),
    "account_reset_password": Door(200, 200, 200, 200, 200, 200, "Sign-in itself, the password forgotten"),
    "account_confirm_password_reset_code": Door(302, 302, 302, 302, 302, 302, "Sign-in itself, the password forgotten"),
    "account_complete_password_reset": Door(302, 302, 302, 302, 302, 302, "Sign-in itself, the password forgotten"),
    "account_password_reset_completed": Door(200, 200, 200, 200, 200, 200, "Sign-in itself, the password forgotten"),
    "mfa_authenticate": Door(302, 302, 302, 302, 302, 302, "Sign-in itself, its second step"),
    "mfa_login_webauthn": Door(302, 302, 302, 302, 302, 302, "Sign-in itself, by a passkey"),
    # Looking after one's own sign-in
    "account_reauthenticate": Door(302, 200, 200, 200, 200, 200),
    "account_email": Door(302, 200, 200, 200, 200, 200),
    "account_change_password": Door(302, 200, 200, 200, 200, 200),
    "account_set_password": Door(302, 302, 302, 302, 302, 302),
    # The same, for a second step nobody here has yet: 302 asks for the password again, 404 has nothing to show
    "mfa_index": Door(302, 200, 200, 200, 200, 200),
    "mfa_reauthenticate": Door(302, 302, 302, 302, 302, 302),
    "mfa_activate_totp": Door(302, 302, 302, 302, 302, 302),
    "mfa_deactivate_totp": Door(302, 404, 404, 404, 404, 404),
    "mfa_view_recovery_codes": Door(302, 404, 404, 404, 404, 404),
    "mfa_generate_recovery_codes": Door(302, 302, 302, 302, 302, 302),
    "mfa_download_recovery_codes": Door(302, 404, 404, 404, 404, 404),
    "mfa_list_webauthn": Door(302, 200, 200, 200, 200, 200),
    "mfa_add_webauthn": Door(302, 302, 302, 302, 302, 302),
    "mfa_reauthenticate_webauthn": Door(302, 302, 302, 302, 302, 302),
    "mfa_remove_webauthn": Door(302, 302, 302, 302, 302, 302),
    "mfa_edit_webauthn": Door(302, 302, 302, 302, 302, 302),
}
