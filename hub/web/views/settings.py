"""Settings: everything a hub sets up, on one page, with what it is now; and the form of each group."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hub.core.form_saving import save_form
from hub.web.settings_groups import GROUPS, PAGES
from volunteers.models import User
from volunteers.models.people_queryset import RoleName
from volunteers.shared.requests import SignedInRequest

settings_required = permission_required("hub.view_hub", raise_exception=True)


@settings_required
@require_safe
def show_settings(request: SignedInRequest) -> HttpResponse:
    """Every setting with its value, and the pages of everything else; three statements, whatever there is."""
    rows = {model: model.current() for model in dict.fromkeys(group.model for group in GROUPS)}
    groups = [
        (group, list(group.list_values(rows[group.model])), request.user.has_perm(group.permission)) for group in GROUPS
    ]
    pages = [(page, reverse(page.url_name) if request.user.has_perm(page.permission) else "") for page in PAGES]
    asks_an_admin = not all(may for _group, _values, may in groups)
    context = {
        "groups": groups,
        "pages": pages,
        "admins": list(User.objects.in_role(RoleName.ADMIN).order_by("chosen_name__sorted", "pk"))
        if asks_an_admin
        else [],
    }
    return render(request, "hub/web/settings/page.html", context)


@settings_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_group(request: SignedInRequest, slug: str) -> HttpResponse:
    """Change the settings of one group."""
    group = next((group for group in GROUPS if group.slug == slug), None)
    if group is None:
        raise Http404
    if not request.user.has_perm(group.permission):
        raise PermissionDenied(_("An admin changes this."))
    form = group.build_form(group.load(), request.POST or None)
    if form.is_bound and save_form(form):
        messages.success(request, _("Saved."))
        return redirect(f"{reverse('hub:settings')}#{group.slug}")
    context = {"group": group, "form": form}
    return render(request, "hub/web/settings/group.html", context, status=422 if form.is_bound else 200)
