-- A return that is said to have been none: proposed by one and decided by another (access/approval.h);
-- what is booked of it stands in pay_reinstated. Asked for again it is a further row.
CREATE TABLE pay_reinstatement (
    number INTEGER PRIMARY KEY,
    event INTEGER NOT NULL REFERENCES pay_event (number),
    approval INTEGER NOT NULL,
    why TEXT NOT NULL,
    user TEXT NOT NULL,
    made_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX pay_reinstatement_event ON pay_reinstatement (event);
CREATE TABLE pay_reinstatement_decided (
    reinstatement INTEGER PRIMARY KEY REFERENCES pay_reinstatement (number),
    step TEXT NOT NULL CHECK (step IN ('approved', 'refused')),
    why TEXT NOT NULL,
    user TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;

CREATE TRIGGER pay_reinstatement_no_update BEFORE UPDATE ON pay_reinstatement
BEGIN SELECT raise(ABORT, 'a reinstatement is never changed'); END;
CREATE TRIGGER pay_reinstatement_no_delete BEFORE DELETE ON pay_reinstatement
BEGIN SELECT raise(ABORT, 'a reinstatement is never taken out'); END;
CREATE TRIGGER pay_reinstatement_decided_no_update BEFORE UPDATE ON pay_reinstatement_decided
BEGIN SELECT raise(ABORT, 'a decision is never changed'); END;
CREATE TRIGGER pay_reinstatement_decided_no_delete BEFORE DELETE ON pay_reinstatement_decided
BEGIN SELECT raise(ABORT, 'a decision is never taken out'); END;
