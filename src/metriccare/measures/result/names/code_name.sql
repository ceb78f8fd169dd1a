-- How the codes of infections are called.
SELECT DISTINCT code, display FROM code_name
