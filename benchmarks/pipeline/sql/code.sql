-- Lists of codes: the CSV files of the package, `position` is the order in the file.
CREATE TEMP TABLE code AS
SELECT parse_filename(filename, true) AS value_set, system || '|' || code AS key, code, category, rule,
       row_number() OVER (PARTITION BY filename) AS position
FROM read_csv(getvariable('value_sets'), header = true, all_varchar = true, union_by_name = true, filename = true);

SET VARIABLE inpatient_types = (SELECT list(key) FROM code WHERE value_set = 'encounter_type');
SET VARIABLE hospice_sources = (SELECT list(key) FROM code WHERE value_set = 'admit_source');
SET VARIABLE index_exclusion = (SELECT list(key) FROM code WHERE value_set = 'index_exclusion_diagnosis');
SET VARIABLE covid_19 = (SELECT list(key) FROM code WHERE value_set = 'covid_19');
