"""Values that fit a JSON schema, for a server that plays a model which keeps to it."""

from collections.abc import Mapping
from typing import Any


def fitting_value(
    schema: Mapping[str, Any], text: str, texts: Mapping[str, str], root: Mapping[str, Any] | None = None
) -> Any:
    """The first choice of each list, the least number, as few items as allowed but one where one may stand, and
    `text` where any text may stand; texts: of fields by name."""
    root = schema if root is None else root

    def inner(part: Mapping[str, Any]) -> Any:
        return fitting_value(part, text, texts, root)

    if "$ref" in schema:
        return inner(_resolved(schema["$ref"], root))
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return inner(schema[several][0])
    kind = schema.get("type", "object")
    match kind[0] if isinstance(kind, list) else kind:
        case "object":
            return {
                name: texts[name] if name in texts else inner(part)
                for name, part in schema.get("properties", {}).items()
            }
        case "array":
            count = max(schema.get("minItems", 0), min(1, schema.get("maxItems", 1)))
            return [inner(schema.get("items", {"type": "string"})) for _ in range(count)]
        case "integer" | "number":
            return schema.get("minimum", 0)
        case "boolean":
            return False
        case "null":
            return None
    return text[: schema.get("maxLength", len(text))].ljust(schema.get("minLength", 0), ".")


def _resolved(reference: str, root: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = root
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)
