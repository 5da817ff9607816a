-- Returns that never were: what the return moved is out again, paid by a further attempt (line), or
-- in suspense where it was paid twice. One of the two is 0.
CREATE TABLE pay_reinstated (
    number INTEGER PRIMARY KEY,
    event INTEGER NOT NULL UNIQUE REFERENCES pay_event (number),
    line INTEGER NOT NULL,
    suspense INTEGER NOT NULL,
    why TEXT NOT NULL,
    user TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    CHECK ((line > 0) <> (suspense > 0))
) STRICT;
CREATE INDEX pay_reinstated_line ON pay_reinstated (line);
CREATE INDEX pay_reinstated_suspense ON pay_reinstated (suspense);
CREATE TRIGGER pay_reinstated_no_update BEFORE UPDATE ON pay_reinstated
BEGIN SELECT raise(ABORT, 'a return taken back is never changed'); END;
CREATE TRIGGER pay_reinstated_no_delete BEFORE DELETE ON pay_reinstated
BEGIN SELECT raise(ABORT, 'a return taken back is never taken out'); END;
