"""Why a piece of input goes to quarantine: the reason codes, their sentences, and what to do about each."""

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

_SENT_AGAIN = "a file that is put there again is another version, and read"
REMEDIES = {
    "not_utf8": f"Ask the sender to write UTF-8 and to send the record again: {_SENT_AGAIN}.",
    "not_json": f"Ask the sender for the whole record, one JSON object a line: {_SENT_AGAIN}.",
    "not_a_resource": "If it is no record at all (a heading, a count), dismiss it; else ask the sender for FHIR R4.",
    "unknown_resource_type": "Ask the sender for a resource type of FHIR R4, spelled as there, and dismiss this one.",
    "no_id": "Ask the sender to give each resource the `id` that it has in the sending system, and to send it again.",
    "bundle_not_supported": "Have the entries sent as NDJSON, one resource a line, or replay it with a version that "
    "reads such Bundles.",
    "conditional_delete": "Ask the sender for a deletion by `<Type>/<id>`, and dismiss this one.",
    "unreadable": f"Have the whole file sent again: {_SENT_AGAIN}; then dismiss this one.",
}


class RefusedError(Exception):
    """Raised inside bronze for a piece that goes to quarantine; never leaves it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{REASONS[code]}: {detail}" if detail else REASONS[code])
        self.code = code
