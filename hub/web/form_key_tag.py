"""The tag `{% csrf_token %}`, which here brings the form's key beside Django's token: so no form can forget it."""

from django import template
from django.template import Context, Node
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hub.core.form_keys import FIELD, make_form_key

register = template.Library()


class KeyedTokenNode(Node):
    """Django's token, then a key of this form's own."""

    def render(self, context: Context) -> SafeString:
        """Without a token there is no form that could be sent, and no key."""
        token = CsrfTokenNode().render(context)
        if not token:
            return SafeString("")
        # `autocomplete`: on the way back some browsers would put the key of a form already sent into a new one.
        key = '<input type="hidden" name="{}" value="{}" autocomplete="off">'
        return SafeString(token) + format_html(key, FIELD, make_form_key())


@register.tag
def csrf_token(_parser: Parser, _token: Token) -> KeyedTokenNode:
    """Django's tag of this name, and the form's key."""
    return KeyedTokenNode()
