-- Who is the same person. Links can be thrown away and made again from the registers and the decisions;
-- person numbers, models and decisions stay.

-- Numbers of registers inside keys of records.
CREATE TABLE link_register (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE
) STRICT;

-- Every number that was ever given to a person. One that ended is not given to another; it comes back
-- when the records that it was given for do.
CREATE TABLE person (
    number INTEGER PRIMARY KEY,
    began_run INTEGER NOT NULL,
    ended_run INTEGER
) STRICT;

-- Whose record it is. record: register, statement and part in one number (people_keys.c).
CREATE TABLE person_record (
    record INTEGER PRIMARY KEY,
    person INTEGER NOT NULL
) STRICT;

CREATE TABLE link_model (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    records INTEGER NOT NULL,
    model TEXT NOT NULL
) STRICT;

-- The runs; fingerprint tells whether links rest on the statements at hand.
CREATE TABLE link_run (
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    model INTEGER NOT NULL REFERENCES link_model (number),
    records INTEGER NOT NULL,
    persons INTEGER NOT NULL
) STRICT;

-- Pairs for a person to decide. A pair keeps its number; run is the last that found it doubtful.
CREATE TABLE link_doubt (
    number INTEGER PRIMARY KEY,
    record INTEGER NOT NULL,
    other INTEGER NOT NULL,
    weight_millibits INTEGER NOT NULL,
    probability_ppm INTEGER NOT NULL,
    run INTEGER NOT NULL,
    UNIQUE (record, other)
) STRICT;

-- What named persons decided; only grows, the last on a pair holds.
CREATE TABLE decision (
    number INTEGER PRIMARY KEY,
    doubt INTEGER NOT NULL REFERENCES link_doubt (number),
    verdict TEXT NOT NULL CHECK (verdict IN ('same', 'different', 'visit')),
    why TEXT NOT NULL,
    user TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_doubt ON decision (doubt);
