-- How many rows of each area and school a batch has, so that who sees only some is told without a
-- look at every row. Batches of before have none.
CREATE TABLE batch_area (
    batch INTEGER NOT NULL REFERENCES batch (number),
    area TEXT NOT NULL,                -- empty: not known
    school TEXT NOT NULL,              -- code; empty: none, or the register has no such field
    accepted INTEGER NOT NULL,
    warned INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    PRIMARY KEY (batch, area, school)
) STRICT, WITHOUT ROWID;

-- Cells that somebody corrected before the import: what stood in the file and what was taken
-- instead, sealed together. Who and when are the batch's.
CREATE TABLE correction (
    batch INTEGER NOT NULL REFERENCES batch (number),
    ordinal INTEGER NOT NULL,
    sheet INTEGER NOT NULL,
    row INTEGER NOT NULL,
    place INTEGER NOT NULL,            -- column from 0
    sealed BLOB NOT NULL,
    PRIMARY KEY (batch, ordinal)
) STRICT, WITHOUT ROWID;
