-- What the newest check over all areas left of everybody for who asks of one what aid is due and why
-- (facts_known.h), and what it rests on: of another state it is not true. Can be thrown away.
CREATE TABLE fact_run (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    rests TEXT NOT NULL
) STRICT;
CREATE TABLE fact_part (
    first INTEGER PRIMARY KEY,            -- the number of the first person in it
    sealed BLOB NOT NULL
) STRICT;
