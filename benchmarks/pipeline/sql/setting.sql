-- How the session works.
SET TimeZone = 'UTC';
