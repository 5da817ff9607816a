#ifndef LEDGER_ORDER_H
#define LEDGER_ORDER_H

#include "ledger/bank.h"
#include "ledger/batch.h"

/* The file that goes to the bank: written once a batch is approved, and frozen. What was sent can
 * be written again, and is then the same to the byte. */

struct order_sent {
    struct str content;     /* the file's bytes, in the arena */
    unsigned char hash[32]; /* SM3 of them */
    int64_t lines, fen;
    bool again; /* it was sent before: these are the bytes of then */
};

/* Marks the batch as sent, keeps the form and the hash, and gives the bytes: durable when it
 * returns, so that no file is ever with the bank that the books do not know of. Audited as an
 * export. `purpose` is what payees read beside the money. ERR_CONFLICT for a batch that is not
 * approved; ERR_INPUT for a payee who cannot be written in the form; ERR_STORE when the lines do
 * not give the frozen bytes any more. */
MUST_USE bool order_send(struct ledger *ledger, const struct asker *asker, int64_t batch,
                         const struct bank *bank, struct str purpose, struct order_sent *out,
                         struct err *err);

#endif
