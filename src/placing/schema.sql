-- Runs of placing that were kept, so that families can be answered: who kept which, and what is said of it. A run is
-- written once; taking it away takes its files, and that there was one stays, so that no number is given twice.
CREATE TABLE placing_run (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    area TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    user_name TEXT NOT NULL,
    applicants INTEGER NOT NULL,
    choices INTEGER NOT NULL,
    groups INTEGER NOT NULL,
    seats INTEGER NOT NULL,
    placed INTEGER NOT NULL,
    given INTEGER NOT NULL,
    violations INTEGER NOT NULL,
    removed_ms INTEGER
) STRICT;

-- Its files as they came, each sealed whole.
CREATE TABLE placing_file (
    run INTEGER NOT NULL REFERENCES placing_run (number),
    part TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (run, part)
) STRICT;
