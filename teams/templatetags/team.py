"""Small words of the pages of teams."""

from django import template

register = template.Library()


@register.filter
def number(value: float) -> str:
    """For an attribute of a drawing: with a point, whatever the reader's language."""
    return f"{value:g}"
