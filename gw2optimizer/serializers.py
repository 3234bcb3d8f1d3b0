"""Shapes of what the API takes, strict in the same way everywhere. No docstrings in the classes: they would stand in
the description of the API."""

from collections.abc import Mapping
from typing import Any, override

from rest_framework import serializers
from rest_framework.request import Request

# More unknown fields than this need not be named one by one.
_MAX_NAMED = 20


# Names and refuses what it does not know: a mistyped field must not pass for an absent one, and nobody gets to think
# that `owner` was taken.
class Strict(serializers.Serializer[Any]):
    @override
    def to_internal_value(self, data: Any) -> Any:
        errors: dict[str, Any] = {}
        value: Any = {}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            errors = dict(error.detail) if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
        if isinstance(data, Mapping):
            unknown = [str(name)[:80] for name in data if name not in self.fields][:_MAX_NAMED]
            errors |= {name: ["There is no such field."] for name in unknown}
        if errors:
            raise serializers.ValidationError(errors)
        return value


# The framework's own field takes numbers for text.
class Text(serializers.CharField):
    @override
    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


# The framework's own field takes text and fractions for whole numbers.
class Whole(serializers.IntegerField):
    @override
    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


# Forgives case and blanks, and says what there is to choose from.
class Choice(serializers.ChoiceField):
    @override
    def to_internal_value(self, data: Any) -> Any:
        if data == "" and self.allow_blank:
            return ""
        value = data.strip().lower() if isinstance(data, str) else None
        if value not in self.choices:
            raise serializers.ValidationError("This is not one of " + ", ".join(map(str, self.choices)) + ".")
        return value


def checked(shape: type[Strict], data: Any) -> dict[str, Any]:
    """Raises the framework's ValidationError, which the edge turns into one of our error bodies."""
    serializer = shape(data=data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def asked(shape: type[Strict], request: Request) -> dict[str, Any]:
    """Of the query string; the last one counts of what stands there twice."""
    return checked(shape, dict(request.query_params.items()))


class Nothing(Strict):
    pass
