"""People, what they hold, their invitations, and the letters we send them."""

from volunteers.models.invitations import Invitation
from volunteers.models.letters import Letter
from volunteers.models.people import Topic, User
from volunteers.models.qualifications import Holding, Qualification
from volunteers.models.second_steps import SecondStep

__all__ = ["Holding", "Invitation", "Letter", "Qualification", "SecondStep", "Topic", "User"]
