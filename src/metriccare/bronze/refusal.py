"""Why a piece of input goes to quarantine: the reason codes and their sentences."""

REASONS = {
    "not_utf8": "The text is not UTF-8, so it can't be JSON; it is kept in base64.",
    "not_json": "The line is no complete JSON value",
    "not_a_resource": "The JSON value is no FHIR resource: it is no object, or has no `resourceType`.",
    "unknown_resource_type": "FHIR R4 knows no resource type of this name",
    "no_id": "The resource has no `id`, so that a correction could never find it.",
    "bundle_not_supported": "A Bundle: send its entries as NDJSON, one resource a line.",
    "conditional_delete": "A deletion that names no `<Type>/<id>`, but a search: send the ids that it finds",
    "unreadable": "The rest of the file can't be read",
}


class RefusedError(Exception):
    """Raised inside bronze for a piece that goes to quarantine; never leaves it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{REASONS[code]}: {detail}" if detail else REASONS[code])
        self.code = code
