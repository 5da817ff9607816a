-- A fund: money for one purpose under one document; how much of each payment each level bears, in
-- parts of ten thousand. Its money stands in the books (book_account "fund/KEY/LEVEL").
CREATE TABLE fund (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('aid', 'project')),
    account TEXT NOT NULL,
    area TEXT NOT NULL,
    schemes TEXT NOT NULL,
    central INTEGER NOT NULL CHECK (central >= 0),
    province INTEGER NOT NULL CHECK (province >= 0),
    city INTEGER NOT NULL CHECK (city >= 0),
    county INTEGER NOT NULL CHECK (county >= 0),
    user TEXT NOT NULL,
    opened_ms INTEGER NOT NULL,
    CHECK (central + province + city + county = 10000)
) STRICT;

-- What moved between a fund and the treasury, or between a fund and its projects, by voucher.
CREATE TABLE fund_voucher (
    number INTEGER PRIMARY KEY,
    fund INTEGER NOT NULL REFERENCES fund (number),
    kind TEXT NOT NULL CHECK (kind IN ('receive', 'hand_back', 'allot', 'project_pay')),
    level TEXT NOT NULL,
    project INTEGER NOT NULL,
    fen INTEGER NOT NULL CHECK (fen > 0),
    voucher TEXT NOT NULL,
    document TEXT NOT NULL,
    day TEXT NOT NULL,
    user TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    UNIQUE (fund, kind, level, project, voucher)
) STRICT;

-- School projects of a fund, and what was planned for them: the newest plan counts.
CREATE TABLE fund_project (
    number INTEGER PRIMARY KEY,
    fund INTEGER NOT NULL REFERENCES fund (number),
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    school TEXT NOT NULL,
    UNIQUE (fund, key)
) STRICT;
CREATE TABLE fund_plan (
    number INTEGER PRIMARY KEY,
    project INTEGER NOT NULL REFERENCES fund_project (number),
    fen INTEGER NOT NULL CHECK (fen > 0),
    document TEXT NOT NULL,
    user TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX fund_plan_project ON fund_plan (project);

-- A batch of payments of one scheme and period out of one fund, and the steps that it took.
CREATE TABLE pay_batch (
    number INTEGER PRIMARY KEY,
    scheme TEXT NOT NULL,
    period TEXT NOT NULL,
    fund INTEGER NOT NULL REFERENCES fund (number),
    area TEXT NOT NULL,
    at TEXT NOT NULL,
    award_run INTEGER NOT NULL,
    lines INTEGER NOT NULL CHECK (lines > 0),
    fen INTEGER NOT NULL CHECK (fen > 0),
    user TEXT NOT NULL,
    made_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX pay_batch_period ON pay_batch (scheme, period);
CREATE TABLE pay_step (
    number INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES pay_batch (number),
    step TEXT NOT NULL CHECK (step IN ('proposed', 'approved', 'refused', 'exported', 'void')),
    approval INTEGER NOT NULL,
    why TEXT NOT NULL,
    user TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX pay_step_batch ON pay_step (batch);

-- A payment to one person. central … county: how much of it each level bears. payee: bank, account
-- and holder, sealed.
CREATE TABLE pay_line (
    number INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES pay_batch (number),
    ordinal INTEGER NOT NULL,
    person INTEGER NOT NULL,
    name TEXT NOT NULL,
    area TEXT NOT NULL,
    scheme TEXT NOT NULL,
    period TEXT NOT NULL,
    instalment INTEGER NOT NULL CHECK (instalment > 0),
    attempt INTEGER NOT NULL CHECK (attempt > 0),
    fen INTEGER NOT NULL CHECK (fen > 0),
    central INTEGER NOT NULL CHECK (central >= 0),
    province INTEGER NOT NULL CHECK (province >= 0),
    city INTEGER NOT NULL CHECK (city >= 0),
    county INTEGER NOT NULL CHECK (county >= 0),
    holder TEXT NOT NULL CHECK (holder IN ('own', 'guardian', 'unstated')),
    payee BLOB NOT NULL,
    account_blind BLOB NOT NULL,
    UNIQUE (scheme, person, period, instalment, attempt),
    UNIQUE (batch, ordinal),
    CHECK (central + province + city + county = fen)
) STRICT;
CREATE INDEX pay_line_period ON pay_line (scheme, period);
CREATE INDEX pay_line_person ON pay_line (person);

-- What became of a line. It is settled once (paid, refused or void); what was paid may come back, in
-- parts.
CREATE TABLE pay_event (
    number INTEGER PRIMARY KEY,
    line INTEGER NOT NULL REFERENCES pay_line (number),
    kind TEXT NOT NULL CHECK (kind IN ('paid', 'refused', 'void', 'returned', 'recovered')),
    fen INTEGER NOT NULL CHECK (fen >= 0),
    reason TEXT NOT NULL,
    bank_serial TEXT NOT NULL,
    day TEXT,
    file INTEGER NOT NULL,
    row INTEGER NOT NULL,
    user TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX pay_event_settled ON pay_event (line) WHERE kind IN ('paid', 'refused', 'void');
CREATE UNIQUE INDEX pay_event_back ON pay_event (line, kind, bank_serial)
    WHERE kind IN ('returned', 'recovered');
CREATE INDEX pay_event_line ON pay_event (line);
CREATE INDEX pay_event_serial ON pay_event (bank_serial) WHERE bank_serial <> '';

-- Files that went to the bank (batch is set, with the form it was written by) or came from it.
CREATE TABLE pay_file (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('order', 'answer', 'statement')),
    batch INTEGER NOT NULL,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    hash BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    bank TEXT NOT NULL,
    form TEXT NOT NULL,
    user TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    UNIQUE (kind, batch, hash)
) STRICT;

-- Lines of the office's own account, as the bank states them.
CREATE TABLE pay_statement (
    number INTEGER PRIMARY KEY,
    file INTEGER NOT NULL REFERENCES pay_file (number),
    row INTEGER NOT NULL,
    account TEXT NOT NULL,
    day TEXT NOT NULL,
    bank_serial TEXT NOT NULL,
    words TEXT NOT NULL,
    out_fen INTEGER NOT NULL CHECK (out_fen >= 0),
    in_fen INTEGER NOT NULL CHECK (in_fen >= 0),
    balance_fen INTEGER NOT NULL,
    UNIQUE (account, bank_serial)
) STRICT;

-- Money that moved at the bank without an order of ours: above 0 went out, below 0 came in; and how
-- it was explained.
CREATE TABLE pay_suspense (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('unknown', 'twice', 'more', 'after_refusal', 'statement')),
    account TEXT NOT NULL,
    fen INTEGER NOT NULL CHECK (fen <> 0),
    line INTEGER NOT NULL,
    file INTEGER NOT NULL,
    row INTEGER NOT NULL,
    reference TEXT NOT NULL,
    bank_serial TEXT NOT NULL,
    transfer BLOB NOT NULL UNIQUE,
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX pay_suspense_serial ON pay_suspense (bank_serial) WHERE bank_serial <> '';
CREATE TABLE pay_explained (
    number INTEGER PRIMARY KEY,
    suspense INTEGER NOT NULL UNIQUE REFERENCES pay_suspense (number),
    how TEXT NOT NULL CHECK (how IN ('returned', 'accepted', 'noted')),
    why TEXT NOT NULL,
    bank_serial TEXT NOT NULL,
    user TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;

-- Days up to which the books are closed.
CREATE TABLE pay_close (
    through TEXT NOT NULL,
    account TEXT NOT NULL,
    user TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (account, through)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER fund_no_update BEFORE UPDATE ON fund
BEGIN SELECT raise(ABORT, 'a fund is never changed'); END;
CREATE TRIGGER fund_no_delete BEFORE DELETE ON fund
BEGIN SELECT raise(ABORT, 'a fund is never taken out'); END;
CREATE TRIGGER fund_voucher_no_update BEFORE UPDATE ON fund_voucher
BEGIN SELECT raise(ABORT, 'a voucher is never changed'); END;
CREATE TRIGGER fund_voucher_no_delete BEFORE DELETE ON fund_voucher
BEGIN SELECT raise(ABORT, 'a voucher is never taken out'); END;
CREATE TRIGGER pay_batch_no_update BEFORE UPDATE ON pay_batch
BEGIN SELECT raise(ABORT, 'a batch is never changed'); END;
CREATE TRIGGER pay_batch_no_delete BEFORE DELETE ON pay_batch
BEGIN SELECT raise(ABORT, 'a batch is never taken out'); END;
CREATE TRIGGER pay_step_no_update BEFORE UPDATE ON pay_step
BEGIN SELECT raise(ABORT, 'a step is never changed'); END;
CREATE TRIGGER pay_step_no_delete BEFORE DELETE ON pay_step
BEGIN SELECT raise(ABORT, 'a step is never taken out'); END;
CREATE TRIGGER pay_line_no_update BEFORE UPDATE ON pay_line
BEGIN SELECT raise(ABORT, 'a payment is never changed'); END;
CREATE TRIGGER pay_line_no_delete BEFORE DELETE ON pay_line
BEGIN SELECT raise(ABORT, 'a payment is never taken out'); END;
CREATE TRIGGER pay_event_no_update BEFORE UPDATE ON pay_event
BEGIN SELECT raise(ABORT, 'what the bank said is never changed'); END;
CREATE TRIGGER pay_event_no_delete BEFORE DELETE ON pay_event
BEGIN SELECT raise(ABORT, 'what the bank said is never taken out'); END;
CREATE TRIGGER pay_file_no_update BEFORE UPDATE ON pay_file
BEGIN SELECT raise(ABORT, 'a file is never changed'); END;
CREATE TRIGGER pay_file_no_delete BEFORE DELETE ON pay_file
BEGIN SELECT raise(ABORT, 'a file is never taken out'); END;
CREATE TRIGGER pay_statement_no_update BEFORE UPDATE ON pay_statement
BEGIN SELECT raise(ABORT, 'a statement is never changed'); END;
CREATE TRIGGER pay_statement_no_delete BEFORE DELETE ON pay_statement
BEGIN SELECT raise(ABORT, 'a statement is never taken out'); END;
CREATE TRIGGER pay_suspense_no_update BEFORE UPDATE ON pay_suspense
BEGIN SELECT raise(ABORT, 'suspense is never changed'); END;
CREATE TRIGGER pay_suspense_no_delete BEFORE DELETE ON pay_suspense
BEGIN SELECT raise(ABORT, 'suspense is never taken out'); END;
