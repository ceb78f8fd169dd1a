-- The files that brought records.
SELECT DISTINCT file_version FROM record
