"""Everything that goes in time, at once: for a hub whose worker is dead, and for one that has just been restored.

The timetables do the same bit by bit, each in the `jobs` of its app; what is added there belongs here too.
"""

from django.utils import timezone

import school.jobs
import volunteers.jobs
from hub.core import change_history
from hub.desk.models.handovers import Handover
from hub.desk.models.visits import SeenVisit
from hub.ideas.models import Idea, SeenTap
from hub.languages.models.translations import Translation
from hub.logs.models.incidents import Incident
from hub.people.models.tombstones import Erased
from hub.public.models.notices import Notice
from supplies.models import Count, SeenShortfall


def forget_what_is_due() -> None:
    """Forget whatever is kept only for a time, and had it. Safe at any time, and again."""
    volunteers.jobs.clear_expired()
    volunteers.jobs.forget_in_time()
    school.jobs.forget_in_time()
    Count.objects.forget_figures()
    SeenShortfall.objects.forget_old(timezone.localdate())
    for kept in (SeenVisit, SeenTap, Handover, Incident, Idea, Notice, Erased):
        kept.objects.forget_old()
    Translation.objects.forget_orphans()
    change_history.forget_old()
