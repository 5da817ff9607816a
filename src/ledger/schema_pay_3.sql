-- What came back of a payment, proposed by one and decided by another (access/approval.h); what is
-- booked of it stands in pay_event.
CREATE TABLE pay_recovery (
    number INTEGER PRIMARY KEY,
    line INTEGER NOT NULL REFERENCES pay_line (number),
    fen INTEGER NOT NULL CHECK (fen > 0),
    voucher TEXT NOT NULL,
    day TEXT NOT NULL,
    why TEXT NOT NULL,
    user TEXT NOT NULL,
    made_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX pay_recovery_line ON pay_recovery (line);
CREATE TABLE pay_recovery_step (
    number INTEGER PRIMARY KEY,
    recovery INTEGER NOT NULL REFERENCES pay_recovery (number),
    step TEXT NOT NULL CHECK (step IN ('proposed', 'approved', 'refused')),
    approval INTEGER NOT NULL,
    why TEXT NOT NULL,
    user TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX pay_recovery_step_recovery ON pay_recovery_step (recovery);
CREATE UNIQUE INDEX pay_recovery_step_decided ON pay_recovery_step (recovery)
    WHERE step IN ('approved', 'refused');

CREATE TRIGGER pay_recovery_no_update BEFORE UPDATE ON pay_recovery
BEGIN SELECT raise(ABORT, 'a recovery is never changed'); END;
CREATE TRIGGER pay_recovery_no_delete BEFORE DELETE ON pay_recovery
BEGIN SELECT raise(ABORT, 'a recovery is never taken out'); END;
CREATE TRIGGER pay_recovery_step_no_update BEFORE UPDATE ON pay_recovery_step
BEGIN SELECT raise(ABORT, 'a step is never changed'); END;
CREATE TRIGGER pay_recovery_step_no_delete BEFORE DELETE ON pay_recovery_step
BEGIN SELECT raise(ABORT, 'a step is never taken out'); END;
