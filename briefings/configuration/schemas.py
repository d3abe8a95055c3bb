"""Models to JSON Schemas, for editors that help while a person writes.

Comes in: a `Model`. Goes out: a JSON Schema (draft 2020-12) with descriptions, `examples` and `examples_bad`. It is
wider than the model where an editor reads YAML otherwise than this program: `is: 2025` is a number there and text here.
"""

from __future__ import annotations

from typing import Any

from .models import Model

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_QUOTED = {"integer": "^-?[0-9]+$", "number": "^-?[0-9.]+$", "boolean": "^(true|false|yes|no|on|off)$"}


def schema(model: type[Model], *, identifier: str) -> dict[str, Any]:
    """The JSON Schema of a configuration file; `identifier` becomes its `$id`."""
    described = model.model_json_schema(by_alias=True, mode="validation")
    return {"$schema": DIALECT, "$id": identifier, **_widened(described)}


def _widened(node: Any) -> Any:
    """Text may be written as a number, and a number or true and false in quotes."""
    if isinstance(node, list):
        return [_widened(item) for item in node]
    if not isinstance(node, dict):
        return node
    wide = {
        key: value if key in {"examples", "examples_bad", "default"} else _widened(value) for key, value in node.items()
    }
    kind = wide.get("type")
    if kind == "string" and not {"enum", "const", "pattern", "format"} & wide.keys():
        wide["type"] = ["string", "number", "boolean"]
    elif kind in _QUOTED:
        wide["type"], wide["pattern"] = [kind, "string"], _QUOTED[kind]
    return wide
