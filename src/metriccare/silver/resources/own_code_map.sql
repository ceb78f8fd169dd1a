-- What each source's own codes mean (docs/sources.md): a map from key to category per value set.
SELECT source, map_from_entries(list((value_set, categories))) AS value_sets
FROM (SELECT source, value_set, map(list(key), list(category)) AS categories FROM own_code GROUP BY source, value_set)
GROUP BY source
