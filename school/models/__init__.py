"""Models of the School: courses, sessions, enrolments and outcomes."""

import school.models.asks
import school.models.merging
import school.models.searching
import school.models.session_moves
import school.models.today_lines
import school.models.touched  # noqa: F401 -- they register what they know of
from school.models.cohorts import Cohort
from school.models.completion_counts import CompletionCount
from school.models.completions import Completion
from school.models.courses import Course, Material, Module, Strand
from school.models.enrolments import Enrolment
from school.models.facilitator_changes import FacilitatorChange
from school.models.feedback import Feedback
from school.models.join_requests import JoinRequest
from school.models.outcomes import Outcome
from school.models.proposals import Proposal
from school.models.registers import Register
from school.models.session_modules import SessionModule
from school.models.sessions import Session
from volunteers.shared.registries import row_order

row_order.leave("school", because="somebody with an account writes here, or asks to")

__all__ = [
    "Cohort",
    "Completion",
    "CompletionCount",
    "Course",
    "Enrolment",
    "FacilitatorChange",
    "Feedback",
    "JoinRequest",
    "Material",
    "Module",
    "Outcome",
    "Proposal",
    "Register",
    "Session",
    "SessionModule",
    "Strand",
]
