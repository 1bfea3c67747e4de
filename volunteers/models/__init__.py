"""People, what they hold, when they are on, their invitations, and the letters we send them."""

import volunteers.models.asks
import volunteers.models.library_tables
import volunteers.models.searching
import volunteers.models.shift_moves
import volunteers.models.signup_merging
import volunteers.models.today_lines
import volunteers.models.touched  # noqa: F401 -- they register what they know of
from volunteers.models.availability import Availability, WantedShifts
from volunteers.models.batches import Batch
from volunteers.models.hours import Hours
from volunteers.models.invitations import Invitation
from volunteers.models.offers import Offer
from volunteers.models.patterns import Pattern, PatternPost
from volunteers.models.people import LetterKind, User
from volunteers.models.periods import RotaPeriod
from volunteers.models.posts import Post
from volunteers.models.proposals import ProposedPlace, RotaProposal
from volunteers.models.qualifications import Holding, Qualification
from volunteers.models.rota_settings import RotaSettings
from volunteers.models.second_steps import SecondStep
from volunteers.models.shifts import Shift
from volunteers.models.signups import Signup
from volunteers.shared.letters import Letter
from volunteers.shared.rate_limits import RateLimit

__all__ = [
    "Availability",
    "Batch",
    "Holding",
    "Hours",
    "Invitation",
    "Letter",
    "LetterKind",
    "Offer",
    "Pattern",
    "PatternPost",
    "Post",
    "ProposedPlace",
    "Qualification",
    "RateLimit",
    "RotaPeriod",
    "RotaProposal",
    "RotaSettings",
    "SecondStep",
    "Shift",
    "Signup",
    "User",
    "WantedShifts",
]
