-- Accounts are opened once. Balances are what the journal sums to, kept beside it.
CREATE TABLE book_account (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    code TEXT NOT NULL UNIQUE,
    flags INTEGER NOT NULL
) STRICT;
CREATE TABLE book_balance (
    account INTEGER PRIMARY KEY REFERENCES book_account (number),
    debits_posted INTEGER NOT NULL CHECK (debits_posted >= 0),
    debits_pending INTEGER NOT NULL CHECK (debits_pending >= 0),
    credits_posted INTEGER NOT NULL CHECK (credits_posted >= 0),
    credits_pending INTEGER NOT NULL CHECK (credits_pending >= 0)
) STRICT;

-- The journal: only added to, each row with the hash of the one before.
CREATE TABLE book_transfer (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    kind INTEGER NOT NULL,
    linked INTEGER NOT NULL,
    debit INTEGER NOT NULL,
    credit INTEGER NOT NULL,
    fen INTEGER NOT NULL CHECK (fen > 0),
    target BLOB,
    expires_ms INTEGER NOT NULL,
    reason TEXT NOT NULL,
    reference TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE INDEX book_transfer_target ON book_transfer (target) WHERE target IS NOT NULL;
CREATE INDEX book_transfer_debit ON book_transfer (debit);
CREATE INDEX book_transfer_credit ON book_transfer (credit);
CREATE INDEX book_transfer_expires ON book_transfer (expires_ms) WHERE expires_ms > 0;

CREATE TABLE book_head (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    count INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    swept_ms INTEGER NOT NULL, -- what expired up to then is voided
    hash BLOB NOT NULL
) STRICT;
INSERT INTO book_head (only, count, at_ms, swept_ms, hash) VALUES (1, 0, 0, 0, zeroblob(32));

CREATE TABLE book_seal (
    day TEXT PRIMARY KEY,
    transfer INTEGER NOT NULL,
    root BLOB NOT NULL
) STRICT;

CREATE TRIGGER book_transfer_no_update BEFORE UPDATE ON book_transfer
BEGIN SELECT raise(ABORT, 'a transfer is never changed'); END;
CREATE TRIGGER book_transfer_no_delete BEFORE DELETE ON book_transfer
BEGIN SELECT raise(ABORT, 'a transfer is never taken out'); END;
CREATE TRIGGER book_account_no_update BEFORE UPDATE ON book_account
BEGIN SELECT raise(ABORT, 'an account is never changed'); END;
CREATE TRIGGER book_account_no_delete BEFORE DELETE ON book_account
BEGIN SELECT raise(ABORT, 'an account is never taken out'); END;
CREATE TRIGGER book_balance_no_delete BEFORE DELETE ON book_balance
BEGIN SELECT raise(ABORT, 'a balance is never taken out'); END;
CREATE TRIGGER book_head_grows BEFORE UPDATE ON book_head
WHEN new.count < old.count OR new.at_ms < old.at_ms
BEGIN SELECT raise(ABORT, 'the journal only grows'); END;
CREATE TRIGGER book_head_no_delete BEFORE DELETE ON book_head
BEGIN SELECT raise(ABORT, 'the journal only grows'); END;
CREATE TRIGGER book_seal_no_update BEFORE UPDATE ON book_seal
BEGIN SELECT raise(ABORT, 'a seal is never changed'); END;
CREATE TRIGGER book_seal_no_delete BEFORE DELETE ON book_seal
BEGIN SELECT raise(ABORT, 'a seal is never taken out'); END;
