-- Which reject a note is about: two records may stand beside each other in one row.
ALTER TABLE note ADD COLUMN reject INTEGER;

-- So far the first of a row was taken for all of them.
CREATE INDEX reject_by_row ON reject (batch, sheet, row);
UPDATE note SET reject = (
    SELECT min(r.ordinal) FROM reject r
    WHERE r.batch = note.batch AND r.sheet = note.sheet AND r.row = note.row
) WHERE statement IS NULL;
DROP INDEX reject_by_row;
