#include "access/reseal.h"
#include "base/list.h"
#include "registry/layout.h"
#include "registry/registry.h"

/* Registers, rejects and corrections under a new data key. The tables are those of all batches,
 * also of registers that no profile tells of any more. */

static bool select_rows(struct store *store, const void *context, struct store_statement **out,
                        struct err *err)
{
    return store_prepare_table(store, out,
                               "SELECT statement, batch, sealed, (SELECT fields FROM batch WHERE "
                               "number = r.batch) FROM @table r WHERE statement > $after ORDER BY "
                               "statement",
                               context, NULL, 0, err);
}

static bool count_rows(struct store *store, const void *context, struct store_statement **out,
                       struct err *err)
{
    return store_prepare_table(store, out, "SELECT count(*) FROM @table WHERE statement > $after",
                               context, NULL, 0, err);
}

static bool update_row(struct store *store, const void *context, struct store_statement **out,
                       struct err *err)
{
    return store_prepare_table(
        store, out, "UPDATE @table SET sealed = $sealed, blind = $blind WHERE statement = $number",
        context, NULL, 0, err);
}

static void bind_row(struct store_statement *update, const struct reseal_row *row)
{
    store_bind_i64(update, "$number", row->a);
    if (row->has_blind)
        store_bind_i64(update, "$blind", layout_blind(row->blind));
    else
        store_bind_null(update, "$blind");
}

static struct str place_of_row(struct arena *arena, const struct reseal_row *row,
                               const void *context)
{
    char *buffer = arena_alloc(arena, LAYOUT_CONTEXT_BYTES);
    return layout_context(context, row->a, buffer);
}

/* The fields' numbers are those of the profile when the batch came. */
static void index_row(struct codec *fresh, struct str plain, struct reseal_row *row,
                      const void *context)
{
    struct str rest = row->extra, key, id = STR_EMPTY;
    (void)context;
    for (uint64_t field = 0; str_split(&rest, ' ', &key); field++) {
        if (!str_is(key, "id_number")) continue;
        id = layout_packed_value(plain, field);
        break;
    }
    row->has_blind = id.len > 0;
    if (row->has_blind) codec_blind(fresh, id, row->blind);
}

RESEAL_STATEMENT(select_rejects,
                 "SELECT batch, ordinal, sealed, '' FROM reject WHERE (batch, ordinal) > ($after, "
                 "$after_b) ORDER BY batch, ordinal")
RESEAL_STATEMENT(count_rejects,
                 "SELECT count(*) FROM reject WHERE (batch, ordinal) > ($after, $after_b)")
RESEAL_STATEMENT(update_reject,
                 "UPDATE reject SET sealed = $sealed WHERE batch = $batch AND ordinal = $ordinal")

RESEAL_STATEMENT(select_corrections,
                 "SELECT batch, ordinal, sealed, '' FROM correction WHERE (batch, ordinal) > "
                 "($after, $after_b) ORDER BY batch, ordinal")
RESEAL_STATEMENT(count_corrections,
                 "SELECT count(*) FROM correction WHERE (batch, ordinal) > ($after, $after_b)")
RESEAL_STATEMENT(update_correction, "UPDATE correction SET sealed = $sealed WHERE batch = $batch "
                                    "AND ordinal = $ordinal")

static void bind_ordinal(struct store_statement *update, const struct reseal_row *row)
{
    store_bind_i64(update, "$batch", row->a);
    store_bind_i64(update, "$ordinal", row->b);
}

/* "reject:3:12". `context` is the table's name. */
static struct str place_of_ordinal(struct arena *arena, const struct reseal_row *row,
                                   const void *context)
{
    char *buffer = arena_alloc(arena, LAYOUT_CONTEXT_BYTES), table[LAYOUT_CONTEXT_BYTES];
    layout_context(context, row->a, table);
    return layout_context(table, row->b, buffer);
}

static const struct reseal_part rejects = {.name = "reject",
                                           .two = true,
                                           .select = select_rejects,
                                           .count = count_rejects,
                                           .update = update_reject,
                                           .bind = bind_ordinal,
                                           .place = place_of_ordinal,
                                           .context = "reject"};

static const struct reseal_part corrections = {.name = "correction",
                                               .two = true,
                                               .select = select_corrections,
                                               .count = count_corrections,
                                               .update = update_correction,
                                               .bind = bind_ordinal,
                                               .place = place_of_ordinal,
                                               .context = "correction"};

bool registry_reseal_parts(struct registry *registry, struct arena *arena, struct reseal_part **out,
                           size_t *count, struct err *err)
{
    LIST(struct reseal_part) parts = {0};
    struct store_statement *select = NULL;
    if (!store_prepare(registry->store, &select,
                       "SELECT DISTINCT register_key FROM batch ORDER BY register_key", err)) {
        return false;
    }
    bool row = false, done = false;
    while ((done = store_step(select, &row, err)) && row) {
        struct text table;
        text_init(&table, arena, LAYOUT_CONTEXT_BYTES);
        text_add_c(&table, "register_");
        text_add(&table, store_str(select, 0));
        CHECK(!table.cut);
        *list_push(arena, &parts) = (struct reseal_part){.name = table.ptr,
                                                         .select = select_rows,
                                                         .count = count_rows,
                                                         .update = update_row,
                                                         .bind = bind_row,
                                                         .place = place_of_row,
                                                         .index = index_row,
                                                         .context = table.ptr};
    }
    store_finish(select);
    if (!done) return false;
    *list_push(arena, &parts) = rejects;
    *list_push(arena, &parts) = corrections;
    *out = parts.items;
    *count = parts.count;
    return true;
}
