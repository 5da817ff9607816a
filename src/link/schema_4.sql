-- Questions about one person, answered without a look at all.

-- The records of a person.
CREATE INDEX person_record_person ON person_record (person) WHERE gone_run IS NULL;

-- What a look at one person needs to know of all (people_near.h), and the state of the workspace that
-- it was made from: of another state it is not true, and not used. Can be thrown away.
CREATE TABLE near_run (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    rests TEXT NOT NULL,
    key_bits INTEGER NOT NULL,               -- into how many parts keys and names are cut
    name_bits INTEGER NOT NULL,
    learnt BLOB NOT NULL
) STRICT;

-- Under which keys which persons meet, and how many carry a name; sealed, for the keys are hashes of
-- what rows say.
CREATE TABLE near_part (
    part INTEGER PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT;

-- Guardians and heads of household that were derived, by record; sealed, some in one.
CREATE TABLE near_kin (
    first INTEGER PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT;
