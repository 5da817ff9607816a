-- What went out of one account of the office is found by its funds (reconcile.h).
CREATE INDEX pay_batch_fund ON pay_batch (fund);
