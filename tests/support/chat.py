"""What a chat channel of Amazon Q Developer takes: anything else it drops without a word."""

import json
from pathlib import Path
from typing import Any

import jsonschema

SCHEMA = json.loads((Path(__file__).parent / "custom_notification.schema.json").read_text(encoding="utf-8"))


def taken(message: str) -> dict[str, Any]:
    """Return the content of a message; fails if the channel would drop it."""
    found: dict[str, Any] = json.loads(message)
    jsonschema.validate(found, SCHEMA)
    content: dict[str, Any] = found["content"]
    return content
