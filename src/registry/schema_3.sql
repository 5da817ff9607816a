-- How many registers the file was read as, each a batch; 0: not known.
ALTER TABLE batch ADD COLUMN registers INTEGER NOT NULL DEFAULT 0;

-- A file of one sheet had one.
UPDATE batch SET registers = 1
WHERE (SELECT count(*) FROM batch_sheet s WHERE s.batch = batch.number) = 1;
