-- Runs that rest on the one before, and what became of numbers and links.

-- How common values were when the model was learnt; null in a model of an older program, which goes by
-- the records at hand.
ALTER TABLE link_model ADD COLUMN frequencies BLOB;

-- The last decision that the run knew.
ALTER TABLE link_run ADD COLUMN decision INTEGER NOT NULL DEFAULT 0;

-- The run that first missed the record; null while it is in force.
ALTER TABLE person_record ADD COLUMN gone_run INTEGER;

-- What the newest run leaves for the next, sealed, in parts (people_state.c). Can be thrown away.
CREATE TABLE link_state (
    part INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

-- The links that the newest run changed; before or after 0: no person.
CREATE TABLE link_change (
    record INTEGER PRIMARY KEY,
    before INTEGER NOT NULL,
    after INTEGER NOT NULL,
    why TEXT NOT NULL CHECK (why IN ('new', 'pair', 'decision', 'model', 'gone')),
    other INTEGER,
    weight_millibits INTEGER
) STRICT;

-- Tombstones: how many records of a number went to another in a run. Only grows.
CREATE TABLE person_move (
    run INTEGER NOT NULL,
    person INTEGER NOT NULL,
    other INTEGER NOT NULL,
    records INTEGER NOT NULL,
    PRIMARY KEY (run, person, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_move_person ON person_move (person);
