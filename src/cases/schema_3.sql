-- What is sealed may be sealed anew under another key, and nothing else changes.
DROP TRIGGER case_event_no_update;
CREATE TRIGGER case_event_no_update BEFORE UPDATE ON case_event
WHEN new.number <> old.number OR new.case_number <> old.case_number OR new.version <> old.version
  OR new.kind <> old.kind OR new.day <> old.day OR new.recorded_ms <> old.recorded_ms
  OR new.user_name <> old.user_name OR NOT EXISTS (SELECT 1 FROM reseal)
BEGIN SELECT raise(ABORT, 'what happened in a case is never changed'); END;
DROP TRIGGER case_attachment_no_update;
CREATE TRIGGER case_attachment_no_update BEFORE UPDATE ON case_attachment
WHEN new.case_number <> old.case_number OR new.version <> old.version OR new.bytes <> old.bytes
  OR NOT EXISTS (SELECT 1 FROM reseal)
BEGIN SELECT raise(ABORT, 'what was attached to a case is never changed'); END;
