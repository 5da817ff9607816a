#include "web/books.h"

bool with_books(struct request *request, struct answer *answer,
                bool (*work)(struct request *, struct answer *, struct ledger *, struct err *),
                struct err *err)
{
    struct ledger ledger;
    struct workspace *workspace = request->workspace;
    if (!ledger_open(&ledger, request->arena, workspace->store, workspace->codec, &workspace->clock,
                     err)) {
        return false;
    }
    bool good = work(request, answer, &ledger, err);
    ledger_close(&ledger);
    return good;
}

void books_words(struct json *json, const char *name, const char *key, const char *zh,
                 const char *en)
{
    json_key(json, name);
    answer_words(json, str_from(key), str_from(zh), str_from(en));
}

void books_area(struct request *request, struct json *json, struct str area)
{
    json_key_str(json, "area", area);
    json_key_str(json, "area_name", division_name_of(request->workspace->divisions, area));
}
