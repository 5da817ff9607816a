#include "access/user_internal.h"

#include "base/list.h"

struct asker user_asker(const struct user *user)
{
    struct asker asker = {.name = user->name,
                          .area_count = user->area_count,
                          .school = user->school,
                          .capabilities = role_capabilities(user->role)};
    for (size_t i = 0; i < user->area_count; i++) asker.areas[i] = user->areas[i];
    return asker;
}

static void read_row(struct store_statement *statement, struct arena *arena, struct user *user)
{
    int role = role_of(store_str(statement, 3));
    *user = (struct user){
        .number = store_i64(statement, 0),
        .name = str_copy(arena, store_str(statement, 1)),
        .display_name = str_copy(arena, store_str(statement, 2)),
        .role = role < 0 ? ROLE_COUNT : (enum role)role,
        .school = str_copy(arena, store_str(statement, 4)),
        .must_change_password = store_i64(statement, 5) != 0,
        .has_second_factor = store_i64(statement, 6) != 0,
        .made_ms = store_i64(statement, 7),
        .seen_ms = store_i64(statement, 8),
        .disabled_ms = store_i64(statement, 9),
        .version = store_i64(statement, 10),
    };
}

#define USER_COLUMNS                                                                               \
    "number, name, display_name, role, school, must_change, second_factor IS NOT NULL, made_ms, "  \
    "seen_ms, disabled_ms, version FROM user_account "

/* A role of a newer program gives no rights here. */
static bool check_role(const struct user *user, struct err *err)
{
    if (user->role != ROLE_COUNT) return true;
    return err_set(err, ERR_STORE, "user number %lld has a role that this version does not know",
                   "%lld 号用户的角色是本版本不认识的", (long long)user->number);
}

static bool read_areas(struct store *store, struct arena *arena, struct user *user, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "SELECT area FROM user_area WHERE user = $user ORDER BY area", err)) {
        return false;
    }
    store_bind_i64(statement, "$user", user->number);
    bool row = false, done = false;
    while ((done = store_step(statement, &row, err)) && row && user->area_count < ASKER_AREAS_MAX) {
        user->areas[user->area_count++] = str_copy(arena, store_str(statement, 0));
    }
    store_finish(statement);
    return done;
}

/* Runs a statement that gives at most one user. */
static bool find(struct store *store, struct arena *arena, struct store_statement *statement,
                 struct user *out, struct err *err)
{
    struct user user;
    bool row = false;
    bool done = store_step(statement, &row, err);
    if (done && row) read_row(statement, arena, &user);
    store_finish(statement);
    if (!done) return false;
    if (!row) {
        return err_set(err, ERR_NOT_FOUND, "there is no such user", "没有这个用户");
    }
    if (!check_role(&user, err) || !read_areas(store, arena, &user, err)) return false;
    *out = user;
    return true;
}

bool user_find(struct store *store, struct arena *arena, struct str name, struct user *out,
               struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement, "SELECT " USER_COLUMNS "WHERE name = $name", err)) {
        return false;
    }
    struct arena scratch = {0};
    store_bind_str(statement, "$name", user_name_canonical(&scratch, name));
    bool done = find(store, arena, statement, out, err);
    arena_free(&scratch);
    return done;
}

bool user_find_number(struct store *store, struct arena *arena, int64_t number, struct user *out,
                      struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement, "SELECT " USER_COLUMNS "WHERE number = $number", err)) {
        return false;
    }
    store_bind_i64(statement, "$number", number);
    return find(store, arena, statement, out, err);
}

bool user_list(struct store *store, struct arena *arena, struct user **out, size_t *count,
               struct err *err)
{
    struct store_statement *statement = NULL;
    LIST(struct user) users = {0};
    if (!store_prepare(store, &statement, "SELECT " USER_COLUMNS "ORDER BY name", err)) {
        return false;
    }
    bool row = false, done = false;
    while ((done = store_step(statement, &row, err)) && row && users.count < USERS_MAX) {
        read_row(statement, arena, list_push(arena, &users));
    }
    store_finish(statement);
    for (size_t i = 0; done && i < users.count; i++) {
        done = check_role(&users.items[i], err) && read_areas(store, arena, &users.items[i], err);
    }
    if (!done) return false;
    *out = users.items;
    *count = users.count;
    return true;
}

bool user_count(struct store *store, int64_t *count, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement, "SELECT count(*) FROM user_account", err)) return false;
    bool done = store_step_row(statement, err);
    if (done) *count = store_i64(statement, 0);
    store_finish(statement);
    return done;
}
