"""Who gets in where: every address outside Django's admin, and what it answers to whom.

A row without a reason asks for a sign-in. A row with one is open to anybody, and the reason says why.
`docs/generated/doors.md` is this table to be read: `python -m tests.project.access_table` writes it.
"""

from http import HTTPStatus
from typing import NamedTuple

ROLES = ("anonymous", "trainee", "volunteer", "trainer", "coordinator", "admin")
# The roles, and who comes in otherwise: a device paired for tonight, and the volunteer who leads tonight.
EVERYBODY = ("anonymous", "device", "trainee", "volunteer", "lead", "trainer", "coordinator", "admin")
NOT_LET_IN = (HTTPStatus.FOUND, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)

AT_THE_DESK = "A device paired for tonight comes in by itself; everybody else is sent to sign in"


class Door(NamedTuple):
    """What each role is answered to a GET, and by `post` to a POST of a form that was left empty.

    Tonight's lead is answered as any volunteer, and a device as a stranger or, at the desk, as a volunteer: else the
    row says so. A row without `post` is a page to look at, where whoever gets in is told 405 by a page that says so.
    405 to a GET is an address that only does something: the look is led on, with 302.
    """

    anonymous: int
    trainee: int
    volunteer: int
    trainer: int
    coordinator: int
    admin: int
    reason: str = ""
    lead: int | None = None
    device: int | None = None
    posted: "Door | None" = None

    def post(self, *answers: int, lead: int | None = None, device: int | None = None) -> "Door":
        """The same door, and what it answers to a POST."""
        return self._replace(posted=Door(*answers, self.reason, lead, device))

    def answers(self, method: str = "GET") -> dict[str, int]:
        """What everybody is answered."""
        if method == "POST":
            if self.posted:
                return self.posted.known_answers()
            return {who: _only_looks(n) for who, n in self.answers().items()}
        return {who: _leads_on(answer) for who, answer in self.known_answers().items()}

    def known_answers(self) -> dict[str, int]:
        """What the row says, of everybody."""
        as_a_device = self.volunteer if self.reason == AT_THE_DESK else self.anonymous
        known = self._asdict() | {
            "lead": self.volunteer if self.lead is None else self.lead,
            "device": as_a_device if self.device is None else self.device,
        }
        return {who: known[who] for who in EVERYBODY}


def _leads_on(answer: int) -> int:
    """A look at what only does something leads to the page above it."""
    return HTTPStatus.FOUND if answer == HTTPStatus.METHOD_NOT_ALLOWED else answer


def _only_looks(answer: int) -> int:
    return answer if answer in NOT_LET_IN else HTTPStatus.METHOD_NOT_ALLOWED


DOORS = {
    # The hub
    "hub:front": Door(200, 200, 200, 200, 200, 200, "What anyone sees first"),
    "hub:settings": Door(302, 403, 403, 403, 200, 200),
    "hub:settings-group": Door(302, 403, 403, 403, 403, 200).post(302, 403, 403, 403, 403, 422),
    "hub:supplies": Door(200, 200, 200, 200, 200, 200, "What we have, as it was before we opened; never how many"),
    "hub:literature": Door(200, 200, 200, 200, 200, 200, "What there is to read, for everybody"),
    "hub:literature-file": Door(200, 200, 200, 200, 200, 200, "Made to be handed out"),
    "hub:why": Door(200, 200, 200, 200, 200, 200, "Why this has to exist, for everybody"),
    "hub:confidentiality": Door(200, 200, 200, 200, 200, 200, "What we hold, for whoever it is about"),
    "hub:safe-online": Door(200, 200, 200, 200, 200, 200, "For somebody who may be watched"),
    "hub:public-calendar": Door(200, 200, 200, 200, 200, 200, "Openings and School dates, for anybody's calendar"),
    "hub:robots": Door(200, 200, 200, 200, 200, 200, "For search engines"),
    "hub:front-behind": Door(302, 403, 200, 403, 200, 200),
    "hub:notice-add": Door(302, 403, 405, 403, 405, 405).post(302, 403, 403, 403, 422, 422, lead=422),
    "hub:notice-remove": Door(302, 403, 405, 403, 405, 405).post(302, 403, 403, 403, 302, 302, lead=302),
    "hub:picture-take": Door(302, 403, 405, 403, 405, 405).post(302, 403, 302, 403, 302, 302),
    "hub:posters": Door(302, 403, 200, 403, 200, 200),
    "hub:poster": Door(302, 403, 200, 403, 200, 200),
    "hub:text": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "hub:today": Door(302, 200, 200, 200, 200, 200),
    "hub:search": Door(302, 200, 200, 200, 200, 200),
    "hub:emergency": Door(302, 200, 200, 200, 200, 200),
    "hub:styleguide": Door(302, 200, 200, 200, 200, 200),
    "hub:styleguide-dialog": Door(302, 200, 200, 200, 200, 200),
    # The desk
    "hub:desk": Door(302, 403, 200, 403, 200, 200, AT_THE_DESK).post(302, 403, 409, 403, 409, 409, device=422),
    "hub:desk-shell": Door(302, 403, 200, 403, 200, 200, AT_THE_DESK),
    "hub:desk-sheets": Door(302, 403, 200, 403, 200, 200, AT_THE_DESK),
    "hub:desk-emergency": Door(302, 403, 200, 403, 200, 200, AT_THE_DESK),
    "hub:desk-no-wifi": Door(302, 403, 200, 403, 200, 200, AT_THE_DESK),
    "hub:desk-worker": Door(200, 200, 200, 200, 200, 200, "Names files that anybody may fetch, and nothing else"),
    "hub:desk-manifest": Door(200, 200, 200, 200, 200, 200, "A name and an icon for a home screen"),
    "hub:devices": Door(302, 403, 200, 403, 200, 200).post(302, 405, 405, 405, 405, 405),
    "hub:device-invite": Door(302, 405, 405, 405, 405, 405).post(302, 403, 403, 403, 302, 302, lead=302),
    "hub:device-revoke": Door(302, 405, 405, 405, 405, 405).post(302, 403, 403, 403, 404, 404, lead=404),
    "hub:device-pair": Door(200, 200, 200, 200, 200, 200, "The code is the key; nobody is signed in on a device").post(
        422, 422, 422, 422, 422, 422
    ),
    "hub:desk-open": Door(302, 403, 405, 403, 405, 405).post(302, 403, 302, 403, 302, 302),
    "hub:desk-close": Door(302, 403, 200, 403, 200, 200, AT_THE_DESK).post(302, 403, 422, 403, 422, 422),
    "hub:desk-ready": Door(302, 403, 200, 403, 200, 200, AT_THE_DESK),
    "hub:desk-here": Door(302, 403, 405, 403, 405, 405).post(302, 403, 302, 403, 302, 302),
    "hub:evening-ring": Door(302, 403, 403, 403, 200, 200),
    "hub:evening-cancel": Door(302, 403, 403, 403, 404, 404, lead=404).post(302, 403, 403, 403, 404, 404, lead=404),
    "hub:missing": Door(302, 403, 200, 403, 200, 200, AT_THE_DESK).post(302, 403, 422, 403, 422, 422),
    "hub:catch-up": Door(302, 403, 200, 403, 200, 200, AT_THE_DESK).post(302, 403, 422, 403, 422, 422),
    "hub:catch-up-sheet": Door(302, 403, 200, 403, 200, 200, AT_THE_DESK),
    "hub:catch-up-evening": Door(302, 403, 200, 403, 200, 200, AT_THE_DESK).post(302, 403, 422, 403, 422, 422),
    "hub:desk-setup": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 302, 302),
    "hub:desk-tiles": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 302, 302),
    "hub:desk-question": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "hub:desk-undo": Door(302, 403, 405, 403, 405, 405, AT_THE_DESK).post(302, 403, 302, 403, 302, 302),
    "hub:desk-again": Door(302, 403, 405, 403, 405, 405, AT_THE_DESK).post(302, 403, 302, 403, 302, 302),
    "hub:desk-session": Door(401, 403, 200, 403, 200, 200, "Asks for a sign-in itself, in JSON", device=200),
    "hub:missing-undo": Door(302, 403, 405, 403, 405, 405, AT_THE_DESK).post(302, 403, 302, 403, 302, 302),
    "hub:missing-sent": Door(401, 403, 405, 403, 405, 405, "Asks for a sign-in itself, in JSON", device=405).post(
        401, 403, 422, 403, 422, 422, device=422
    ),
    "hub:desk-visits": Door(401, 403, 405, 403, 405, 405, "Asks for a sign-in itself, in JSON", device=405).post(
        401, 403, 422, 403, 422, 422, device=422
    ),
    # The logs of the desk, and their lists
    "hub:naloxone": Door(302, 403, 200, 403, 200, 200, AT_THE_DESK).post(302, 403, 422, 403, 422, 422),
    "hub:reversals": Door(302, 403, 200, 403, 200, 200, AT_THE_DESK).post(302, 403, 422, 403, 422, 422),
    "hub:strips": Door(302, 403, 200, 403, 200, 200, AT_THE_DESK),
    "hub:strip-result": Door(302, 403, 200, 403, 200, 200, AT_THE_DESK).post(302, 403, 422, 403, 422, 422),
    "hub:incidents": Door(302, 403, 200, 403, 200, 200, AT_THE_DESK).post(302, 403, 422, 403, 422, 422),
    "hub:log-sent": Door(401, 403, 405, 403, 405, 405, "Asks for a sign-in itself, in JSON", device=405).post(
        401, 403, 422, 403, 422, 422, device=422
    ),
    "hub:log-undo": Door(302, 403, 405, 403, 405, 405, AT_THE_DESK).post(302, 403, 302, 403, 302, 302),
    "hub:lists": Door(302, 403, 403, 403, 200, 200),
    "hub:list-add": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 422, 422),
    "hub:answer": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "hub:strip-new": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "hub:strip": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    # Months
    "hub:months": Door(302, 403, 403, 403, 200, 200),
    "hub:month": Door(302, 403, 403, 403, 200, 200),
    "hub:month-complete": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 422, 422),
    "hub:month-correct": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "hub:month-log": Door(302, 403, 403, 403, 200, 200),
    "hub:month-take-out": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    # Pathways and alerts
    "hub:imports": Door(302, 403, 403, 403, 200, 200),
    "hub:import": Door(302, 403, 403, 403, 200, 200),
    "hub:import-choose": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "hub:import-undo": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "hub:import-drop": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "hub:import-unclear": Door(302, 403, 403, 403, 200, 200),
    "hub:import-new": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "hub:import-template": Door(302, 403, 403, 403, 200, 200),
    "hub:pathways": Door(200, 200, 200, 200, 200, 200, "A directory for anybody; it says nothing of who looks"),
    "hub:hsds": Door(200, 200, 200, 200, 200, 200, "The directory for other directories"),
    "hub:hsds-services": Door(200, 200, 200, 200, 200, 200, "The directory for other directories"),
    "hub:hsds-service": Door(200, 200, 200, 200, 200, 200, "The directory for other directories"),
    "hub:pathways-manage": Door(302, 403, 200, 403, 200, 200).post(302, 405, 405, 405, 405, 405),
    "hub:pathway-new": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "hub:pathway": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "hub:pathway-checked": Door(302, 403, 405, 403, 405, 405).post(302, 403, 302, 403, 302, 302),
    "hub:alerts": Door(200, 200, 200, 200, 200, 200, "A warning is for everybody"),
    "hub:alerts-feed": Door(200, 200, 200, 200, 200, 200, "Warnings, for other services to pass on"),
    "hub:alerts-manage": Door(302, 403, 200, 403, 200, 200).post(302, 405, 405, 405, 405, 405),
    "hub:alert-new": Door(302, 403, 200, 403, 200, 200).post(302, 403, 422, 403, 422, 422),
    "hub:alert": Door(404, 404, 200, 404, 200, 200, "A warning is for everybody; this one is a draft yet"),
    "hub:alert-change": Door(302, 403, 200, 403, 200, 200).post(302, 403, 422, 403, 422, 422),
    "hub:alert-publish": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "hub:alert-withdraw": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "hub:alert-show": Door(302, 403, 405, 403, 405, 405).post(302, 403, 403, 403, 302, 302, lead=302),
    "hub:alert-hide": Door(302, 403, 405, 403, 405, 405).post(302, 403, 403, 403, 302, 302, lead=302),
    # Ideas: the one of these addresses waits for a look yet
    "hub:ideas": Door(
        200, 200, 200, 200, 200, 200, "Anybody says what they need, and nobody is asked who they are"
    ).post(422, 422, 422, 422, 422, 422),
    "hub:ideas-thanks": Door(200, 200, 200, 200, 200, 200, "Thanks whoever said something, and knows nothing of it"),
    "hub:ideas-counted": Door(200, 200, 200, 200, 200, 200, "Thanks whoever tapped, and knows nothing of it"),
    "hub:idea-me-too": Door(405, 405, 405, 405, 405, 405, "One more who needs it too: a number, and nobody's").post(
        404, 404, 404, 404, 404, 404
    ),
    "hub:ideas-queue": Door(302, 403, 403, 403, 200, 200),
    "hub:ideas-reject": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "hub:ideas-meeting": Door(302, 403, 403, 403, 200, 200),
    "hub:agenda-add": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 422, 422),
    "hub:agenda-point": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 422, 422),
    "hub:agenda-point-remove": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "hub:idea-decide": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 422, 422),
    "hub:ideas-meeting-clear": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "hub:idea": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "hub:idea-merge": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 422, 422),
    "hub:idea-answer": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 422, 422),
    "hub:idea-unpublish": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "hub:idea-delete": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "hub:idea-meeting": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    # Words in other languages
    "hub:language": Door(405, 405, 405, 405, 405, 405, "Whoever reads may choose in which language").post(
        302, 302, 302, 302, 302, 302
    ),
    "hub:translations": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "hub:translations-language": Door(302, 403, 403, 403, 200, 200),
    "hub:translations-on": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 422, 422),
    "hub:translations-off": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "hub:translation": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 302, 302),
    # Reports and numbers: the period of the address is not complete, and nothing is published
    "hub:reports": Door(302, 403, 403, 403, 200, 200),
    "hub:report": Door(302, 403, 403, 403, 409, 409),
    "hub:report-charts": Door(302, 403, 403, 403, 200, 200),
    "hub:report-charts-file": Door(302, 403, 403, 403, 422, 422),
    "hub:report-grains": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "hub:report-share": Door(302, 403, 403, 403, 409, 409),
    "hub:report-words": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 409, 409),
    "hub:report-publish": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 409, 409),
    "hub:report-funder": Door(302, 403, 403, 403, 409, 409),
    "hub:report-withdraw": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 409, 409),
    "hub:report-show-again": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 409, 409),
    "hub:numbers": Door(200, 200, 200, 200, 200, 200, "Published editions, which were made for everybody"),
    "hub:numbers-latest": Door(404, 404, 404, 404, 404, 404, "Published editions, which were made for everybody"),
    "hub:edition": Door(404, 404, 404, 404, 404, 404, "Published editions, which were made for everybody"),
    "hub:edition-print": Door(404, 404, 404, 404, 404, 404, "Published editions, which were made for everybody"),
    "hub:edition-file": Door(404, 404, 404, 404, 404, 404, "Published editions, which were made for everybody"),
    # People
    "letter": Door(302, 404, 404, 404, 404, 404),
    "volunteers:people": Door(302, 403, 403, 403, 200, 200),
    "volunteers:invite": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "volunteers:invitation-accept": Door(410, 410, 410, 410, 410, 410, "The link is the key; this one is unknown").post(
        410, 410, 410, 410, 410, 410
    ),
    "volunteers:me": Door(302, 200, 200, 200, 200, 200).post(302, 422, 422, 422, 422, 422),
    "volunteers:me-letters": Door(302, 405, 405, 405, 405, 405).post(302, 302, 302, 302, 302, 302),
    "volunteers:sign-out-everywhere": Door(302, 405, 405, 405, 405, 405).post(302, 302, 302, 302, 302, 302),
    "volunteers:person": Door(302, 403, 403, 403, 200, 200),
    "volunteers:person-roles": Door(302, 403, 403, 403, 403, 405).post(302, 403, 403, 403, 403, 302),
    "volunteers:holding-grant": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 422, 422),
    "volunteers:holding-end": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "volunteers:person-welcome": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 409, 409),
    "volunteers:person-pause": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "volunteers:person-resume": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "volunteers:second-step-reset": Door(302, 403, 403, 403, 403, 405).post(302, 403, 403, 403, 403, 302),
    "volunteers:invitation": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 302, 302),
    "hub:calendar": Door(302, 200, 200, 200, 200, 200).post(302, 302, 302, 302, 302, 302),
    "hub:calendar-revoke": Door(302, 405, 405, 405, 405, 405).post(302, 302, 302, 302, 302, 302),
    "hub:feed": Door(404, 404, 404, 404, 404, 404, "The address is the key; this one is unknown"),
    "hub:held": Door(302, 200, 200, 200, 200, 200),
    "hub:held-json": Door(302, 200, 200, 200, 200, 200),
    "hub:held-text": Door(302, 200, 200, 200, 200, 200),
    # 302 asks who one is once more, before the last goodbye
    "hub:leave": Door(302, 302, 302, 302, 302, 302),
    "hub:lockdown": Door(302, 403, 403, 403, 403, 200).post(302, 403, 403, 403, 403, 302),
    "hub:erase": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "hub:merge": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    # The rota
    "rota:week": Door(302, 200, 200, 200, 200, 200),
    "rota:week-of": Door(302, 200, 200, 200, 200, 200),
    "rota:wall": Door(302, 200, 200, 200, 200, 200),
    "rota:month": Door(302, 200, 200, 200, 200, 200),
    "rota:month-of": Door(302, 200, 200, 200, 200, 200),
    "rota:gaps": Door(302, 200, 200, 200, 200, 200),
    "rota:take": Door(302, 200, 200, 200, 200, 200),
    "rota:mine": Door(302, 200, 200, 200, 200, 200),
    "rota:shift": Door(302, 200, 200, 200, 200, 200),
    "rota:break": Door(302, 405, 405, 405, 405, 405).post(302, 302, 302, 302, 302, 302),
    "rota:signup": Door(302, 405, 405, 405, 405, 405).post(302, 409, 409, 409, 409, 409),
    "rota:signup-withdraw": Door(302, 405, 405, 405, 405, 405).post(302, 403, 403, 403, 302, 302),
    "rota:signup-stay": Door(302, 405, 405, 405, 405, 405).post(302, 403, 403, 403, 302, 302),
    "rota:signup-mark": Door(302, 405, 405, 405, 405, 405).post(302, 403, 403, 403, 422, 422),
    "rota:offer": Door(302, 410, 410, 410, 410, 410),
    "rota:offer-accept": Door(302, 405, 405, 405, 405, 405).post(302, 410, 410, 410, 410, 410),
    "rota:offer-decline": Door(302, 405, 405, 405, 405, 405).post(302, 302, 302, 302, 302, 302),
    "rota:offer-take-back": Door(302, 405, 405, 405, 405, 405).post(302, 404, 404, 404, 302, 302),
    "rota:shift-new": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "rota:shift-edit": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "rota:signup-move": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "rota:shift-cancel": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "rota:shift-copy": Door(302, 403, 403, 403, 200, 200).post(302, 405, 405, 405, 405, 405),
    "rota:shift-sheet": Door(302, 403, 403, 403, 200, 200).post(302, 405, 405, 405, 405, 405),
    "rota:post-people": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "rota:patterns": Door(302, 403, 403, 403, 200, 200).post(302, 405, 405, 405, 405, 405),
    "rota:pattern-new": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "rota:pattern": Door(302, 403, 403, 403, 200, 200).post(302, 405, 405, 405, 405, 405),
    "rota:pattern-edit": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "rota:pattern-preview": Door(302, 403, 403, 403, 422, 422).post(302, 405, 405, 405, 405, 405),
    "rota:publish": Door(302, 405, 405, 405, 405, 405).post(302, 403, 403, 403, 422, 422),
    "rota:shift-publish": Door(302, 405, 405, 405, 405, 405).post(302, 403, 403, 403, 302, 302),
    "rota:shift-restore": Door(302, 405, 405, 405, 405, 405).post(302, 403, 403, 403, 409, 409),
    "rota:shift-delete": Door(302, 405, 405, 405, 405, 405).post(302, 403, 403, 403, 409, 409),
    "rota:pattern-make": Door(302, 405, 405, 405, 405, 405).post(302, 403, 403, 403, 422, 422),
    "rota:pattern-line": Door(302, 405, 405, 405, 405, 405).post(302, 403, 403, 403, 422, 422),
    "rota:pattern-delete": Door(302, 405, 405, 405, 405, 405).post(302, 403, 403, 403, 200, 200),
    "rota:batch-take-back": Door(302, 405, 405, 405, 405, 405).post(302, 403, 403, 403, 404, 404),
    "rota:signup-cover": Door(302, 404, 404, 404, 404, 404).post(302, 404, 404, 404, 404, 404),
    # When people can
    "periods:list": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "periods:period": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 302, 302),
    "periods:answers": Door(302, 200, 200, 200, 200, 200).post(302, 409, 409, 409, 409, 409),
    "periods:remind": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "periods:publish": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 200, 200),
    "periods:finish": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "periods:proposal": Door(302, 403, 403, 403, 200, 200),
    "periods:accept": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "periods:discard": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    # Supplies
    "supplies:shelf": Door(302, 403, 200, 403, 200, 200),
    "supplies:watch": Door(302, 403, 200, 403, 200, 200),
    "supplies:item": Door(302, 403, 200, 403, 200, 200),
    "supplies:item-receive": Door(302, 403, 405, 403, 405, 405).post(302, 403, 302, 403, 302, 302),
    "supplies:item-count": Door(302, 403, 200, 403, 200, 200).post(302, 403, 422, 403, 422, 422),
    "supplies:item-waste": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "supplies:item-assemble": Door(302, 403, 200, 403, 200, 200).post(302, 403, 422, 403, 422, 422),
    "supplies:item-take-apart": Door(302, 403, 200, 403, 200, 200).post(302, 403, 422, 403, 422, 422),
    "supplies:act-undo": Door(302, 403, 405, 403, 405, 405).post(302, 403, 404, 403, 404, 404),
    "supplies:moves": Door(302, 403, 200, 403, 200, 200).post(302, 403, 200, 403, 200, 200),
    "supplies:lots": Door(302, 403, 200, 403, 200, 200),
    "supplies:lot": Door(302, 403, 200, 403, 200, 200),
    "supplies:lot-set-aside": Door(302, 403, 405, 403, 405, 405).post(302, 403, 302, 403, 302, 302),
    "supplies:lot-release": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 409, 409),
    "supplies:lot-date": Door(302, 403, 200, 403, 200, 200).post(302, 403, 422, 403, 422, 422),
    "supplies:lot-recall": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "supplies:lot-notice": Door(302, 403, 200, 403, 200, 200),
    "supplies:recall-take-back": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "supplies:counts": Door(302, 403, 200, 403, 200, 200),
    "supplies:count-start": Door(302, 403, 405, 403, 405, 405).post(302, 403, 302, 403, 302, 302),
    "supplies:count": Door(302, 403, 200, 403, 200, 200),
    "supplies:count-sheet": Door(302, 403, 200, 403, 200, 200),
    "supplies:count-apply": Door(302, 403, 405, 403, 405, 405).post(302, 403, 409, 403, 409, 409),
    "supplies:count-give-up": Door(302, 403, 405, 403, 405, 405).post(302, 403, 302, 403, 302, 302),
    "supplies:count-shelf": Door(302, 403, 200, 403, 200, 200).post(302, 403, 302, 403, 302, 302),
    "supplies:count-other": Door(302, 403, 200, 403, 200, 200).post(302, 403, 422, 403, 422, 422),
    "supplies:literature": Door(302, 403, 200, 403, 200, 200),
    "supplies:leaflet-new": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 422, 422),
    "supplies:leaflet": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "supplies:leaflet-file": Door(302, 403, 200, 403, 200, 200),
    "supplies:orders": Door(302, 403, 403, 403, 200, 200),
    "supplies:order-start": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 422, 422),
    "supplies:order": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 302, 302),
    "supplies:order-cancel": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "supplies:order-close": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 409, 409),
    "supplies:order-file": Door(302, 403, 403, 403, 200, 200),
    "supplies:suppliers": Door(302, 403, 403, 403, 200, 200),
    "supplies:supplier-new": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "supplies:supplier": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "supplies:deliveries": Door(302, 403, 200, 403, 200, 200),
    "supplies:delivery-start": Door(302, 403, 405, 403, 405, 405).post(302, 403, 422, 403, 422, 422),
    "supplies:delivery": Door(302, 403, 200, 403, 200, 200),
    "supplies:delivery-about": Door(302, 403, 405, 403, 405, 405).post(302, 403, 302, 403, 302, 302),
    "supplies:delivery-receive": Door(302, 403, 405, 403, 405, 405).post(302, 403, 302, 403, 302, 302),
    "supplies:delivery-discard": Door(302, 403, 405, 403, 405, 405).post(302, 403, 302, 403, 302, 302),
    "supplies:delivery-bring-back": Door(302, 403, 405, 403, 405, 405).post(302, 403, 302, 403, 302, 302),
    "supplies:delivery-prices": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "supplies:delivery-pay": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 422, 422),
    # Without an item nobody knows what to ask
    "supplies:delivery-add": Door(302, 403, 422, 403, 422, 422).post(302, 403, 422, 403, 422, 422),
    "supplies:delivery-line": Door(302, 403, 200, 403, 200, 200).post(302, 403, 422, 403, 422, 422),
    "supplies:delivery-strike": Door(302, 403, 405, 403, 405, 405).post(302, 403, 302, 403, 302, 302),
    "supplies:delivery-correct": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "supplies:funds": Door(302, 403, 403, 403, 200, 200),
    "supplies:fund-new": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "supplies:fund": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "supplies:fund-appeal": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "supplies:fund-take-in": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 422, 422),
    "supplies:fund-close": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "supplies:fund-reopen": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    "supplies:shortfalls": Door(302, 403, 403, 403, 200, 200).post(302, 403, 403, 403, 422, 422),
    "supplies:wish-add": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 422, 422),
    "supplies:wish": Door(302, 403, 403, 403, 405, 405).post(302, 403, 403, 403, 302, 302),
    # The School, for anybody
    "school:front": Door(200, 200, 200, 200, 200, 200, "What the School is"),
    "school:sheet": Door(404, 404, 404, 404, 404, 404, "A date for a wall; this one is not announced to anybody yet"),
    "school:join": Door(200, 302, 302, 302, 302, 302, "Asking to join").post(422, 302, 302, 302, 302, 302),
    "school:join-sent": Door(200, 200, 200, 200, 200, 200, "Asking to join: look in your mail"),
    "join-confirm": Door(410, 410, 410, 410, 410, 410, "The link is the key; this one is unknown").post(
        410, 410, 410, 410, 410, 410
    ),
    "school:feedback": Door(404, 404, 404, 404, 404, 404, "Anonymous; the key in its address is unknown").post(
        404, 404, 404, 404, 404, 404
    ),
    "school:feedback-thanks": Door(200, 200, 200, 200, 200, 200, "Anonymous feedback, said"),
    # The School, for everybody with an account
    "school:mine": Door(302, 200, 200, 200, 200, 200),
    "school:certificate": Door(302, 404, 404, 404, 404, 404),
    "school:session": Door(302, 404, 404, 200, 200, 200),
    "school:place-take": Door(302, 405, 405, 405, 405, 405).post(302, 404, 404, 409, 409, 409),
    "school:place-leave": Door(302, 405, 405, 405, 405, 405).post(302, 404, 404, 302, 302, 302),
    "school:proposals": Door(302, 200, 200, 200, 200, 200).post(302, 422, 422, 422, 422, 422),
    # The School, for whoever runs it
    "school:manage": Door(302, 403, 403, 200, 200, 200),
    "school:curriculum": Door(302, 403, 403, 200, 200, 200),
    "school:curriculum-begin": Door(302, 403, 403, 405, 405, 405).post(302, 403, 403, 302, 302, 302),
    "school:course-add": Door(302, 403, 403, 200, 200, 200).post(302, 403, 403, 422, 422, 422),
    "school:course": Door(302, 403, 403, 200, 200, 200).post(302, 403, 403, 422, 422, 422),
    "school:course-copy": Door(302, 403, 403, 200, 200, 200).post(302, 403, 403, 422, 422, 422),
    "school:module-add": Door(302, 403, 403, 200, 200, 200).post(302, 403, 403, 422, 422, 422),
    "school:before": Door(302, 403, 403, 200, 200, 200).post(302, 403, 403, 422, 422, 422),
    "school:module": Door(302, 403, 403, 200, 200, 200).post(302, 403, 403, 422, 422, 422),
    "school:material-add": Door(302, 403, 403, 405, 405, 405).post(302, 403, 403, 422, 422, 422),
    "school:material-leaflet": Door(302, 403, 403, 405, 405, 405).post(302, 403, 403, 302, 302, 302),
    "school:material-remove": Door(302, 403, 403, 405, 405, 405).post(302, 403, 403, 200, 200, 200),
    "school:proposal-pick-up": Door(302, 403, 403, 405, 405, 405).post(302, 403, 403, 302, 302, 302),
    "school:proposal-not-now": Door(302, 403, 403, 405, 405, 405).post(302, 403, 403, 409, 409, 409),
    "school:sessions": Door(302, 403, 403, 200, 200, 200),
    "school:session-add": Door(302, 403, 403, 200, 200, 200).post(302, 403, 403, 422, 422, 422),
    "school:session-change": Door(302, 403, 403, 200, 200, 200).post(302, 403, 403, 422, 422, 422),
    "school:session-announce": Door(302, 403, 403, 405, 405, 405).post(302, 403, 403, 302, 302, 302),
    "school:session-call-off": Door(302, 403, 403, 405, 405, 405).post(302, 403, 403, 422, 422, 422),
    "school:session-poster": Door(302, 403, 403, 200, 200, 200),
    "school:enrol-one": Door(302, 403, 403, 405, 405, 405).post(302, 403, 403, 422, 422, 422),
    "school:enrol-several": Door(302, 403, 403, 200, 200, 200).post(302, 403, 403, 422, 422, 422),
    "school:enrolment-withdraw": Door(302, 403, 403, 405, 405, 405).post(302, 403, 403, 302, 302, 302),
    "school:enrolment-accept": Door(302, 403, 403, 405, 405, 405).post(302, 403, 403, 409, 409, 409),
    "school:enrolment-first": Door(302, 403, 403, 405, 405, 405).post(302, 403, 403, 409, 409, 409),
    # The same, and whoever gives the session: nobody here does, and it does not tell strangers apart from nothing
    "school:session-manage": Door(302, 404, 404, 200, 200, 200),
    "school:feedback-answers": Door(302, 404, 404, 200, 200, 200),
    "school:register": Door(302, 404, 404, 200, 200, 200),
    "school:register-mark": Door(302, 405, 405, 405, 405, 405).post(302, 404, 404, 422, 422, 422),
    "school:register-walk-in": Door(302, 405, 405, 405, 405, 405).post(302, 404, 404, 422, 422, 422),
    "school:register-everybody": Door(302, 405, 405, 405, 405, 405).post(302, 404, 404, 302, 302, 302),
    "school:register-close": Door(302, 405, 405, 405, 405, 405).post(302, 404, 404, 302, 302, 302),
    "school:register-reopen": Door(302, 405, 405, 405, 405, 405).post(302, 404, 404, 302, 302, 302),
    "school:outcomes": Door(302, 404, 404, 200, 200, 200).post(302, 404, 404, 302, 302, 302),
    "school:progress": Door(302, 403, 403, 200, 200, 200),
    "school:person": Door(302, 403, 403, 200, 200, 200),
    "school:person-say": Door(302, 403, 403, 405, 405, 405).post(302, 403, 403, 422, 422, 422),
    "school:person-email": Door(302, 403, 403, 405, 405, 405).post(302, 403, 403, 422, 422, 422),
    "school:cohorts": Door(302, 403, 403, 200, 200, 200).post(302, 403, 403, 422, 422, 422),
    "school:cohort": Door(302, 403, 403, 200, 200, 200).post(302, 403, 403, 422, 422, 422),
    "school:cohort-attach": Door(302, 403, 403, 405, 405, 405).post(302, 403, 403, 422, 422, 422),
    "school:cohort-detach": Door(302, 403, 403, 405, 405, 405).post(302, 403, 403, 302, 302, 302),
    "school:cohort-leave": Door(302, 403, 403, 405, 405, 405).post(302, 403, 403, 302, 302, 302),
    # Signing in
    "account_login": Door(200, 302, 302, 302, 302, 302, "Sign-in itself").post(422, 302, 302, 302, 302, 302),
    "account_request_login_code": Door(200, 302, 302, 302, 302, 302, "Sign-in itself, by a code").post(
        422, 302, 302, 302, 302, 302
    ),
    "account_confirm_login_code": Door(302, 302, 302, 302, 302, 302, "Sign-in itself, by a code asked for before"),
    "account_logout": Door(302, 200, 200, 200, 200, 200, "Sign-out does no harm to who is out already").post(
        302, 302, 302, 302, 302, 302
    ),
    "account_inactive": Door(200, 200, 200, 200, 200, 200, "Sign-in itself, refused to who is paused"),
    "account_confirm_email": Door(200, 200, 200, 200, 200, 200, "The key in the mail says who it is").post(
        404, 404, 404, 404, 404, 404
    ),
    "account_reset_password": Door(200, 200, 200, 200, 200, 200, "Sign-in itself, the password forgotten").post(
        422, 422, 422, 422, 422, 422
    ),
    "account_confirm_password_reset_code": Door(302, 302, 302, 302, 302, 302, "Sign-in itself, the password forgotten"),
    "account_complete_password_reset": Door(302, 302, 302, 302, 302, 302, "Sign-in itself, the password forgotten"),
    "account_password_reset_completed": Door(200, 200, 200, 200, 200, 200, "Sign-in itself, the password forgotten"),
    "mfa_authenticate": Door(302, 302, 302, 302, 302, 302, "Sign-in itself, its second step"),
    "mfa_login_webauthn": Door(302, 302, 302, 302, 302, 302, "Sign-in itself, by a passkey"),
    # Looking after one's own sign-in
    "account_reauthenticate": Door(302, 200, 200, 200, 200, 200).post(302, 422, 422, 422, 422, 422),
    "account_email": Door(302, 200, 200, 200, 200, 200).post(302, 302, 302, 302, 302, 302),
    "account_change_password": Door(302, 200, 200, 200, 200, 200).post(302, 422, 422, 422, 422, 422),
    "account_set_password": Door(302, 302, 302, 302, 302, 302),
    # The same, for a second step nobody here has yet: 302 asks for the password again, 404 has nothing to show
    "mfa_index": Door(302, 200, 200, 200, 200, 200),
    "mfa_reauthenticate": Door(302, 302, 302, 302, 302, 302),
    "mfa_activate_totp": Door(302, 302, 302, 302, 302, 302),
    "mfa_deactivate_totp": Door(302, 404, 404, 404, 404, 404).post(302, 404, 404, 404, 404, 404),
    "mfa_view_recovery_codes": Door(302, 404, 404, 404, 404, 404),
    "mfa_generate_recovery_codes": Door(302, 302, 302, 302, 302, 302),
    "mfa_download_recovery_codes": Door(302, 404, 404, 404, 404, 404).post(302, 404, 404, 404, 404, 404),
    "mfa_list_webauthn": Door(302, 200, 200, 200, 200, 200),
    "mfa_add_webauthn": Door(302, 302, 302, 302, 302, 302),
    "mfa_reauthenticate_webauthn": Door(302, 302, 302, 302, 302, 302),
    "mfa_remove_webauthn": Door(302, 302, 302, 302, 302, 302),
    "mfa_edit_webauthn": Door(302, 302, 302, 302, 302, 302),
    # What machines ask
    "hub:alive": Door(200, 200, 200, 200, 200, 200, "Says only whether the process answers"),
    "hub:ready": Door(200, 200, 200, 200, 200, 200, "Says only whether it can serve"),
}
