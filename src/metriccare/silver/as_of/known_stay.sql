-- silver.stay as it is given, before `stay` becomes what is seen of it.
FROM stay
