#ifndef WEB_BOOKS_H
#define WEB_BOOKS_H

#include "ledger/ledger.h"
#include "web/answer.h"
#include "web/request.h"

/* What the handlers about money share. */

/* Opens the books of the request's own handle of the workspace, and closes them before it returns.
 * Errors as ledger_open and `work`. */
MUST_USE bool with_books(struct request *request, struct answer *answer,
                         bool (*work)(struct request *, struct answer *, struct ledger *,
                                      struct err *),
                         struct err *err);

/* A key with a text in both languages: {"key","zh","en"}. */
void books_words(struct json *json, const char *name, const char *key, const char *zh,
                 const char *en);

/* "area" and "area_name". */
void books_area(struct request *request, struct json *json, struct str area);

#endif
