-- Whom a payment goes to may be sealed anew under another key, and nothing else of it changes.
DROP TRIGGER pay_line_no_update;
CREATE TRIGGER pay_line_no_update BEFORE UPDATE ON pay_line
WHEN new.number <> old.number OR new.batch <> old.batch OR new.ordinal <> old.ordinal
  OR new.person <> old.person OR new.name <> old.name OR new.area <> old.area
  OR new.scheme <> old.scheme OR new.period <> old.period OR new.instalment <> old.instalment
  OR new.attempt <> old.attempt OR new.fen <> old.fen OR new.central <> old.central
  OR new.province <> old.province OR new.city <> old.city OR new.county <> old.county
  OR new.holder <> old.holder OR NOT EXISTS (SELECT 1 FROM reseal)
BEGIN SELECT raise(ABORT, 'a payment is never changed'); END;
