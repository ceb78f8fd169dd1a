-- What kind of visit the encounters are, and the categories of their dispositions: by the source's own map, then ours.
--
-- The class decides (MEASURES 0.1.1, 0.1.4). The eCQMs' Encounter.type decides where no map knows the class; where the
-- source says so, it also makes an inpatient of a class that is none (0.1.2).
WITH mapped AS (
    SELECT v.*,
           coalesce(
               own.value_sets['encounter_class'][coding_key(r.class)],
               category_of('encounter_class', r.class)) AS by_class,
           categories_of('encounter_type', types)[1] AS by_type,
           in_order(there(list_transform(dispositions, lambda c: coalesce(
               own.value_sets['discharge_disposition'][coding_key(c)], category_of('discharge_disposition', c)
           )))) AS disposition_classes
    FROM visit_place v
    LEFT JOIN own_code_map own ON own.source = v.source
)
SELECT *, CASE WHEN inpatient_by_type AND by_class = 'not_inpatient' THEN coalesce(by_type, by_class)
          ELSE coalesce(by_class, by_type) END AS class_kind
FROM mapped
