-- The oldest tag of each name stays.
CREATE TEMPORARY TABLE kept AS
SELECT min(id) AS id, lower(name) AS name FROM tags GROUP BY lower(name);

DELETE FROM tags WHERE id NOT IN (SELECT id FROM kept);

-- Articles of the others go over to it.
UPDATE OR IGNORE article_tags
SET tag_id = (
    SELECT kept.id FROM kept JOIN tags ON lower(tags.name) = kept.name WHERE tags.id = article_tags.tag_id
)
WHERE tag_id NOT IN (SELECT id FROM kept);

DROP TABLE kept;
CREATE UNIQUE INDEX tags_name ON tags (lower(name));
