-- How the children stood in the newest check over all areas: all whom it expected in school here. Made
-- anew by each; who asks whether everybody is in school is told of how many that is known.
CREATE TABLE check_run (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    at TEXT NOT NULL
) STRICT;
CREATE TABLE check_child (
    person INTEGER PRIMARY KEY,
    area TEXT NOT NULL,
    standing TEXT NOT NULL,
    reported INTEGER NOT NULL             -- 0: a list that would show the child at school is missing
) STRICT;
