-- Findings over time. A finding is one kind of thing found of one person (0: of a school or office),
-- told from others of its kind by key. It is opened once; found again after it was closed, it is the
-- same finding, suspected again.
CREATE TABLE finding (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    person INTEGER NOT NULL,
    key TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('suspected', 'confirmed', 'closed')),
    opened TEXT NOT NULL,
    seen TEXT NOT NULL,
    closed TEXT,
    queue TEXT NOT NULL,
    area TEXT NOT NULL,
    probability_ppm INTEGER NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (kind, person, key)
) STRICT;
