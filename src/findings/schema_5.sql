-- What the newest check over all areas told of each person, whatever its day, for who asks about one; and the
-- state of the workspace that it was made from: of another it is not true. Made anew by each check.
CREATE TABLE told_run (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    rests TEXT NOT NULL,
    case_event INTEGER NOT NULL,          -- the last that was known
    aid INTEGER NOT NULL                  -- 1: aid was decided
) STRICT;
CREATE TABLE told_finding (
    place INTEGER PRIMARY KEY,            -- in the order of the check
    person INTEGER NOT NULL,
    number INTEGER NOT NULL,              -- 0: it was never kept
    kind TEXT NOT NULL,
    queue TEXT NOT NULL,
    probability_ppm INTEGER NOT NULL,
    reason TEXT NOT NULL,
    nearest_person INTEGER,               -- null: none came near
    nearest_register TEXT,
    nearest_statement INTEGER,
    nearest_part INTEGER
) STRICT;
CREATE INDEX told_finding_person ON told_finding (person, place);
