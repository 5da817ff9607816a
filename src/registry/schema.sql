-- What is true of the whole workspace: the fingerprint of its key, the tables' layout.
CREATE TABLE registry_state (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

-- One file's import. Known from imported_ms until undone_ms; nothing else ever changes.
CREATE TABLE batch (
    number INTEGER PRIMARY KEY,
    register_key TEXT NOT NULL,
    file TEXT NOT NULL,
    file_hash BLOB NOT NULL,
    at TEXT NOT NULL,                  -- the day that the file speaks of
    imported_ms INTEGER NOT NULL,
    undone_ms INTEGER,
    user_name TEXT NOT NULL,
    complete INTEGER NOT NULL,         -- 1: a complete export of its scope
    scope TEXT NOT NULL,               -- for print; batch_scope has it whole
    fields TEXT NOT NULL,              -- keys of the profile's fields then, in the order of the seals
    first_statement INTEGER NOT NULL,  -- its statements have the numbers first … last
    last_statement INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    warned INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    passed_over INTEGER NOT NULL,
    fresh INTEGER NOT NULL,
    repeated INTEGER NOT NULL,
    replaced INTEGER NOT NULL,
    ended INTEGER NOT NULL
) STRICT;
CREATE INDEX batch_by_hash ON batch (file_hash);

-- The units (areas or schools) that the file covers.
CREATE TABLE batch_scope (
    batch INTEGER NOT NULL REFERENCES batch (number),
    unit TEXT NOT NULL,
    PRIMARY KEY (batch, unit)
) STRICT, WITHOUT ROWID;

CREATE TABLE batch_sheet (
    batch INTEGER NOT NULL REFERENCES batch (number),
    sheet INTEGER NOT NULL,
    name TEXT NOT NULL,
    register_key TEXT NOT NULL,        -- empty: passed over
    rows INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    warned INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    PRIMARY KEY (batch, sheet)
) STRICT, WITHOUT ROWID;

-- Which column became which field.
CREATE TABLE batch_column (
    batch INTEGER NOT NULL REFERENCES batch (number),
    sheet INTEGER NOT NULL,
    place INTEGER NOT NULL,            -- from 0
    heading TEXT NOT NULL,
    field TEXT,                        -- null: kept aside
    PRIMARY KEY (batch, sheet, place)
) STRICT, WITHOUT ROWID;

-- What was remarked about rows, in file order.
CREATE TABLE note (
    batch INTEGER NOT NULL REFERENCES batch (number),
    ordinal INTEGER NOT NULL,
    sheet INTEGER NOT NULL,
    row INTEGER NOT NULL,
    statement INTEGER,                 -- null: the row was rejected
    place INTEGER,                     -- column from 0; null: the row as a whole
    code TEXT NOT NULL,
    PRIMARY KEY (batch, ordinal)
) STRICT, WITHOUT ROWID;

-- Rows that were not taken, sealed as written.
CREATE TABLE reject (
    batch INTEGER NOT NULL REFERENCES batch (number),
    ordinal INTEGER NOT NULL,
    sheet INTEGER NOT NULL,
    row INTEGER NOT NULL,
    area TEXT,
    sealed BLOB NOT NULL,
    PRIMARY KEY (batch, ordinal)
) STRICT, WITHOUT ROWID;

-- From this day on the statement does not hold, says `batch`, because of what `because` states.
CREATE TABLE ending (
    batch INTEGER NOT NULL REFERENCES batch (number),
    statement INTEGER NOT NULL,
    ended_on TEXT NOT NULL,
    because INTEGER NOT NULL REFERENCES batch (number),
    PRIMARY KEY (batch, statement)
) STRICT, WITHOUT ROWID;

-- The batch states again what the statements first … last state.
CREATE TABLE repeat (
    batch INTEGER NOT NULL REFERENCES batch (number),
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (batch, first)
) STRICT, WITHOUT ROWID;
