-- GitLab and IAM look names up without their case, so two spellings are one place. From now on nobody can name a place in
-- another spelling than the one before, so the last is the one for ever.
CREATE INDEX entitlement_spelling ON entitlement (connection, kind, lower(target), id);

CREATE FUNCTION spelling_of(at_connection text, at_kind text, at_target text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT COALESCE((SELECT e.target FROM entitlement e
    WHERE e.connection = at_connection AND e.kind = at_kind AND lower(e.target) = lower(at_target)
    ORDER BY e.id DESC LIMIT 1), at_target)
$$;

-- Where somebody has one place under several spellings, one binding goes on, rather one with access. The others end with
-- their grants: what each of them took for the baseline can be told apart by nobody.
CREATE TEMPORARY TABLE going_on AS
  SELECT DISTINCT ON (person_id, connection, kind, lower(target)) id, person_id, connection, kind, target AS was, spelling
  FROM (SELECT *, spelling_of(connection, kind, target) AS spelling FROM binding) AS spelled
  ORDER BY person_id, connection, kind, lower(target), intended IS NULL, target = spelling DESC, id;
DELETE FROM going_on WHERE was = spelling;

-- They change names with whoever has the one that they need. No target has a space in it.
UPDATE binding b SET target = g.was || ' ' FROM going_on g
WHERE (b.person_id, b.connection, b.kind, b.target) = (g.person_id, g.connection, g.kind, g.spelling);
UPDATE binding b SET target = g.spelling FROM going_on g WHERE b.id = g.id;
UPDATE binding SET target = rtrim(target) WHERE target LIKE '% ';
DROP TABLE going_on;
