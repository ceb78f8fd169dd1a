-- What the decisions are made on.
FROM seen_stay
