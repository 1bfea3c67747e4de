"""Django's admin, for admins: people and what they hold, and everything the hub sets up.

Not in it: anything about visits, and anything that lets somebody in or out: sessions, invitations, second steps,
letters, jobs. Roles and pausing are on the people pages, where the rules about the last admin hold.
"""

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from hub.models import Choice, DeskSettings, EmergencyCard, Hub, Question, Text
from volunteers.models import Holding, Qualification, RotaSettings, User
from volunteers.shared.forms.fields import NUMBER_BOXES

if TYPE_CHECKING:
    UserBase = admin.ModelAdmin[User]
    GroupBase = admin.ModelAdmin[Group]
    QualificationBase = admin.ModelAdmin[Qualification]
    HoldingBase = admin.ModelAdmin[Holding]
    HubBase = admin.ModelAdmin[Hub]
    CardBase = admin.ModelAdmin[EmergencyCard]
    RotaSettingsBase = admin.ModelAdmin[RotaSettings]
    DeskSettingsBase = admin.ModelAdmin[DeskSettings]
    QuestionBase = admin.ModelAdmin[Question]
    ChoiceBase = admin.ModelAdmin[Choice]
    TextBase = admin.ModelAdmin[Text]
else:
    UserBase = GroupBase = QualificationBase = HoldingBase = HubBase = CardBase = RotaSettingsBase = admin.ModelAdmin
    DeskSettingsBase = QuestionBase = ChoiceBase = TextBase = admin.ModelAdmin

admin.site.site_header = admin.site.site_title = admin.site.index_title = _("Admin")
admin.site.disable_action("delete_selected")

admin.site.unregister([Group, EmailAddress, Authenticator, ProcrastinateJob])


class LookOnly:
    """Rows that are read here and written elsewhere."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Made elsewhere."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Changed elsewhere."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deleted elsewhere, or not at all."""
        return False


@admin.register(User)
class UserAdmin(UserBase):
    """Putting a name right. People come in by invitation; erasing them is not a matter of one row."""

    list_display = ("chosen_name", "username", "roles_in_words", "is_active")
    list_filter = ("is_active", "groups")
    search_fields = ("chosen_name", "username")
    fields = ("chosen_name", "pronouns", "username", "roles_in_words", "is_active")
    readonly_fields = ("roles_in_words", "is_active")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Fetch people with their roles, in one statement."""
        return super().get_queryset(request).with_rights()  # type: ignore[attr-defined]

    @admin.display(description=_("roles"))
    def roles_in_words(self, person: User) -> str:
        """Their roles, as people call them."""
        return ", ".join(str(role.label) for role in person.roles) or str(_("in training"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People are invited."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A person is in more places than their row."""
        return False


@admin.register(Group)
class GroupAdmin(LookOnly, GroupBase):
    """Roles and what they may do, to look at: the table is `hub/core/roles.py`."""

    fields = ("name", "permissions")
    list_display = ("name",)


@admin.register(Qualification)
class QualificationAdmin(QualificationBase):
    """Admin of the qualifications that a post may ask for."""

    formfield_overrides = NUMBER_BOXES
    list_display = ("name", "refresh_months")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Holding)
class HoldingAdmin(LookOnly, HoldingBase):
    """Who holds what, to look at; granting and ending is on each person's page."""

    list_display = ("person", "qualification", "since", "until", "exception")
    list_filter = ("qualification", "exception")
    list_select_related = ("person", "qualification")
    search_fields = ("person__chosen_name",)


@admin.register(RotaSettings)
class RotaSettingsAdmin(RotaSettingsBase):
    """Admin of the rota settings: who decides, how far ahead, how much rest."""

    formfield_overrides = NUMBER_BOXES

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The first save makes the one row there is."""
        return super().has_add_permission(request) and not RotaSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: RotaSettings | None = None) -> bool:
        """Never."""
        return False

    def save_model(self, request: HttpRequest, obj: RotaSettings, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's own
        """Always the one row."""
        obj.pk = 1
        super().save_model(request, obj, form, change)


@admin.register(Hub)
class HubAdmin(HubBase):
    """The hub's name, address and door, what to say on an emergency call, and what the front page says of them."""

    formfield_overrides = NUMBER_BOXES
    fieldsets = (
        (None, {"fields": ("name", "address", "door", "nearest_naloxone")}),
        (
            _("Emergency calls, to be checked by your union"),
            {"fields": ("emergency_number", "words_for_999", "words_agreed_on")},
        ),
        (_("Country and clock"), {"fields": ("time_zone", "clock", "first_weekday", "currency")}),
        (
            _("On the front page, for anybody"),
            {"fields": ("usual_hours", "show_address", "ask_where", "way_in", "give_to", "search_engines")},
        ),
        (_("What is held about people"), {"fields": ("controller",)}),
        (_("Everything else"), {"fields": ("leave_to", "pathway_days")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one, and `manage.py begin` makes it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Hub | None = None) -> bool:
        """Never."""
        return False


class ByPermission:
    """Rows that whoever has one permission may read and change, and nobody adds or deletes here."""

    permission = ""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Shown to those who may change them."""
        return request.user.has_perm(self.permission)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Read by those who may change them."""
        return request.user.has_perm(self.permission)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Changed by those with the permission."""
        return request.user.has_perm(self.permission)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Made on their own pages."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Taken away on their own pages."""
        return False


@admin.register(DeskSettings)
class DeskSettingsAdmin(ByPermission, DeskSettingsBase):
    """Admin of the desk's checklist, and who counts as trained."""

    permission = "hub.set_up_desk"


@admin.register(Question)
class QuestionAdmin(ByPermission, QuestionBase):
    """Admin of the questions that the desk asks."""

    permission = "hub.set_up_desk"
    list_display = ("slug", "asked_by", "until")
    readonly_fields = ("slug",)


@admin.register(Choice)
class ChoiceAdmin(ByPermission, ChoiceBase):
    """Admin of the answers that people choose from."""

    permission = "hub.change_choice"
    formfield_overrides = NUMBER_BOXES
    list_filter = ("of",)
    readonly_fields = ("of",)


@admin.register(Text)
class TextAdmin(ByPermission, TextBase):
    """Admin of the words of the public pages."""

    permission = "hub.change_text"
    readonly_fields = ("slug",)

    def save_model(self, request: HttpRequest, obj: Text, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's own
        """Changed today, which its page says."""
        obj.changed_on = timezone.localdate()
        super().save_model(request, obj, form, change)


@admin.register(EmergencyCard)
class EmergencyCardAdmin(CardBase):
    """Admin of the emergency cards, which the hub words itself."""

    formfield_overrides = NUMBER_BOXES
    list_display = ("title", "order", "first", "agreed_on")
    list_editable = ("order", "first", "agreed_on")
    prepopulated_fields = {"slug": ("title",)}
