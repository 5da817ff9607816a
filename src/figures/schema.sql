-- Numbers that were published: what was counted, by which definition, on which day as known when. Only
-- grows.
CREATE TABLE publication (
    number INTEGER PRIMARY KEY,
    figure TEXT NOT NULL,
    at TEXT NOT NULL,
    known_ms INTEGER NOT NULL,
    areas TEXT NOT NULL,               -- division codes with commas; '*': all
    unit TEXT NOT NULL,
    row_count INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    over INTEGER NOT NULL,             -- below the line of a share, else 0
    value TEXT NOT NULL,               -- as it was shown
    definition TEXT NOT NULL,          -- the words, the period and the queries
    definition_hash BLOB NOT NULL,     -- SM3
    members_hash BLOB NOT NULL,        -- SM3 of all records counted and their values, sorted
    reason TEXT NOT NULL,
    user_name TEXT NOT NULL,
    made_ms INTEGER NOT NULL
) STRICT;

-- The records counted, packed (publication.c).
CREATE TABLE publication_member (
    publication INTEGER NOT NULL REFERENCES publication (number),
    part TEXT NOT NULL,                -- rows, over
    register TEXT NOT NULL,            -- the table whose records they are
    ordinal INTEGER NOT NULL,
    members BLOB NOT NULL,
    PRIMARY KEY (publication, part, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER publication_no_update BEFORE UPDATE ON publication
BEGIN SELECT raise(ABORT, 'what was published is never changed'); END;
CREATE TRIGGER publication_no_delete BEFORE DELETE ON publication
BEGIN SELECT raise(ABORT, 'what was published is never taken out'); END;
CREATE TRIGGER publication_member_no_update BEFORE UPDATE ON publication_member
BEGIN SELECT raise(ABORT, 'what was published is never changed'); END;
CREATE TRIGGER publication_member_no_delete BEFORE DELETE ON publication_member
BEGIN SELECT raise(ABORT, 'what was published is never taken out'); END;
