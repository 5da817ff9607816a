#include "access/reseal.h"
#include "access/user_internal.h"

RESEAL_STATEMENT(select_factor,
                 "SELECT number, 0, second_factor, '' FROM user_account WHERE number > $after AND "
                 "second_factor IS NOT NULL ORDER BY number")
RESEAL_STATEMENT(select_pending,
                 "SELECT number, 0, second_factor_pending, '' FROM user_account WHERE number > "
                 "$after AND second_factor_pending IS NOT NULL ORDER BY number")
RESEAL_STATEMENT(count_factor, "SELECT count(*) FROM user_account WHERE number > $after AND "
                               "second_factor IS NOT NULL")
RESEAL_STATEMENT(count_pending, "SELECT count(*) FROM user_account WHERE number > $after AND "
                                "second_factor_pending IS NOT NULL")
RESEAL_STATEMENT(update_factor,
                 "UPDATE user_account SET second_factor = $sealed WHERE number = $number")
RESEAL_STATEMENT(update_pending,
                 "UPDATE user_account SET second_factor_pending = $sealed WHERE number = $number")

static void bind_user(struct store_statement *update, const struct reseal_row *row)
{
    store_bind_i64(update, "$number", row->a);
}

static struct str place_of(struct arena *arena, const struct reseal_row *row, const void *context)
{
    (void)context;
    return user_secret_context(arena, row->a);
}

const struct reseal_part user_reseal_parts[USER_RESEAL_PARTS] = {
    {.name = "second_factor",
     .select = select_factor,
     .count = count_factor,
     .update = update_factor,
     .bind = bind_user,
     .place = place_of},
    {.name = "second_factor_pending",
     .select = select_pending,
     .count = count_pending,
     .update = update_pending,
     .bind = bind_user,
     .place = place_of},
};
