-- Sealing anew under a new data key, while it is under way: the key before, wrapped under the new
-- one, and how far it is. No row: all that is sealed is sealed by one key.
CREATE TABLE reseal (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    old_wrapped BLOB NOT NULL,
    began_ms INTEGER NOT NULL,
    checking INTEGER NOT NULL,   -- 1: all was sealed anew, and is being looked at once more
    part TEXT NOT NULL,          -- parts before it are done
    after INTEGER NOT NULL,      -- and rows of it up to these numbers
    after_b INTEGER NOT NULL,
    rows INTEGER NOT NULL,       -- looked at once more so far
    damaged INTEGER NOT NULL     -- of those, opened by neither key
) STRICT;
