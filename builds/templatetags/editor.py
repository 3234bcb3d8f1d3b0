"""`{% choices field %}`: the options of an editor's select. One build's form has over a thousand of them."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from builds.presentation.editor import EditField
from builds.presentation.options import Choices

register = template.Library()


@register.simple_tag
def choices(field: EditField, none: str = "") -> SafeString:
    """none: the word of a first, empty choice; "" for none."""
    empty = format_html('<option value="">{}</option>', none) if none else mark_safe("")
    groups = (
        format_html('<optgroup label="{}">{}</optgroup>', title, _options(found, field.value))
        if title
        else _options(found, field.value)
        for title, found in field.options
    )
    return empty + mark_safe("".join(groups))  # noqa: S308


def _options(found: Choices, chosen: str) -> SafeString:
    return format_html_join(
        "", '<option value="{}"{}>{}</option>',
        ((value, mark_safe(" selected") if value == chosen else "", label) for value, label in found),
    )  # fmt: skip
