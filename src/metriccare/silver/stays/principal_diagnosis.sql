-- The principal diagnosis of an encounter (MEASURES 0.4.6): the first of these that has a code.
--
-- Rank 1; the discharge, billing or chief-complaint diagnosis; the only one listed; `reasonCode`, which is no
-- Condition; the single encounter-diagnosis.
WITH choice AS (
    SELECT m.source, m.id, flatten([
        [list_filter(listed.diagnoses, lambda d: d.rank = 1)[1]],
        list_transform(codes('diagnosis_role', 'principal'),
            lambda use: list_filter(listed.diagnoses, lambda d: d.use_code = use)[1]),
        [CASE WHEN len(listed.diagnoses) = 1 THEN listed.diagnoses[1] END]
    ]) AS of_listed, m.reasons, own.diagnoses AS of_own
    FROM member m
    LEFT JOIN listed_diagnosis listed ON listed.source = m.source AND listed.id = m.id
    LEFT JOIN own_diagnosis own ON own.source = m.source AND own.id = m.id
), coded AS (
    SELECT *, list_filter(of_listed, lambda d: len(d.codings) > 0)[1] AS listed FROM choice
)
SELECT source, id, CASE
    WHEN listed IS NOT NULL THEN
        {'condition_id': listed.condition_id, 'body_sha256': listed.body_sha256, 'codings': listed.codings}
    WHEN len(reasons) > 0 THEN {'condition_id': NULL, 'body_sha256': NULL, 'codings': reasons}
    WHEN len(of_own) = 1 AND len(of_own[1].codings) > 0 THEN of_own[1]
    END AS principal
FROM coded
