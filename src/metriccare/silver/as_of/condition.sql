-- The conditions known by as_of.
FROM condition WHERE event_date IS NULL OR event_date <= getvariable('as_of')
