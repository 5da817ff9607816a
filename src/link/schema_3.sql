-- Decisions can be taken back: 'open' says that the pair is undecided again. The table is made anew,
-- for what a CHECK allows cannot be changed.
CREATE TABLE decision_wider (
    number INTEGER PRIMARY KEY,
    doubt INTEGER NOT NULL REFERENCES link_doubt (number),
    verdict TEXT NOT NULL CHECK (verdict IN ('same', 'different', 'visit', 'open')),
    why TEXT NOT NULL,
    user TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
INSERT INTO decision_wider (number, doubt, verdict, why, user, at_ms)
SELECT number, doubt, verdict, why, user, at_ms FROM decision;
DROP TABLE decision;
ALTER TABLE decision_wider RENAME TO decision;
CREATE INDEX decision_doubt ON decision (doubt);
