#include "access/approval.h"

#include "access/audit.h"
#include "base/list.h"

enum { TEXT_BYTES_MAX = 4000, READ_MAX = 5000 };

static struct str areas_of(struct arena *arena, const struct asker *asker)
{
    struct text text;
    if (asker->all_areas) return STR("*");
    text_init(&text, arena, 16 * (ASKER_AREAS_MAX + 1) + 128);
    for (size_t i = 0; i < asker->area_count; i++) {
        text_add_f(&text, "%s%.*s", i == 0 ? "" : ",", STR_ARG(asker->areas[i]));
    }
    return text_str(&text);
}

/* A request about no area (a school's) is decided by those who see everything. */
static bool sees_all(const struct asker *asker, struct str areas)
{
    struct str rest = areas, area;
    bool any = false;
    if (asker->all_areas) return true;
    while (str_split(&rest, ',', &area)) {
        if (area.len == 0) continue;
        if (str_is(area, "*") || !asker_sees(asker, area)) return false;
        any = true;
    }
    return any;
}

bool approval_may_decide(const struct approval *approval, const struct asker *asker)
{
    return approval->state == APPROVAL_WAITING && !str_equal(approval->asked_by, asker->name)
           && asker_may(asker, CAPABILITY_EXPORT) && sees_all(asker, approval->areas);
}

static bool record(struct store *store, const struct clock *clock, const struct asker *asker,
                   enum audit_action action, int64_t number, struct str reason, struct err *err)
{
    struct arena scratch = {0};
    struct text object;
    text_init(&object, &scratch, 64);
    text_add_f(&object, "approval %lld", (long long)number);
    bool done = audit_append(store, clock, asker, action, text_str(&object), reason, err);
    arena_free(&scratch);
    return done;
}

static bool insert(struct store *store, const struct clock *clock, const struct asker *asker,
                   struct str action, struct str object, struct str reason, struct err *err)
{
    struct arena scratch = {0};
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "INSERT INTO approval (action, object, reason, areas, asked_by, asked_ms, "
                       "decided_by, why, decided_ms, granted, used_ms) VALUES ($action, $object, "
                       "$reason, $areas, $asked_by, $now, '', '', 0, 0, 0)",
                       err)) {
        return false;
    }
    store_bind_str(statement, "$action", action);
    store_bind_str(statement, "$object", object);
    store_bind_str(statement, "$reason", reason);
    struct str areas = areas_of(&scratch, asker);
    store_bind_text(statement, "$areas", areas);
    store_bind_str(statement, "$asked_by", asker->name);
    store_bind_i64(statement, "$now", clock_now_ms(clock));
    bool done = store_run_once(statement, err);
    arena_free(&scratch);
    return done;
}

bool approval_ask(struct store *store, const struct clock *clock, const struct asker *asker,
                  struct str action, struct str object, struct str reason, int64_t *number,
                  struct err *err)
{
    reason = str_trim(reason);
    if (reason.len == 0) {
        return err_set(err, ERR_INPUT, "say why it is needed", "请写明理由");
    }
    if (reason.len > TEXT_BYTES_MAX || object.len > TEXT_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "the reason is too long", "理由过长");
    }
    bool own = !store_in_transaction(store);
    if (own && !store_begin(store, err)) return false;
    bool done = insert(store, clock, asker, action, object, reason, err);
    int64_t made = done ? store_last_id(store) : 0;
    done = done && record(store, clock, asker, AUDIT_APPROVAL_ASK, made, reason, err);
    if (own) done = store_end(store, done, err);
    if (done) *number = made;
    return done;
}

static enum approval_state state_of(int64_t asked_ms, int64_t decided_ms, bool granted,
                                    int64_t used_ms, int64_t now_ms)
{
    if (used_ms != 0) return APPROVAL_USED;
    if (decided_ms != 0 && !granted) return APPROVAL_REFUSED;
    if (decided_ms != 0) {
        return now_ms - decided_ms >= APPROVAL_LIFE_MS ? APPROVAL_OVER : APPROVAL_GRANTED;
    }
    return now_ms - asked_ms >= APPROVAL_LIFE_MS ? APPROVAL_OVER : APPROVAL_WAITING;
}

#define APPROVAL_COLUMNS                                                                           \
    "number, action, object, reason, areas, asked_by, decided_by, why, asked_ms, decided_ms, "     \
    "granted, used_ms FROM approval "

static struct approval read_row(struct store_statement *statement, struct arena *arena,
                                int64_t now_ms)
{
    return (struct approval){
        .number = store_i64(statement, 0),
        .action = str_copy(arena, store_str(statement, 1)),
        .object = str_copy(arena, store_str(statement, 2)),
        .reason = str_copy(arena, store_str(statement, 3)),
        .areas = str_copy(arena, store_str(statement, 4)),
        .asked_by = str_copy(arena, store_str(statement, 5)),
        .decided_by = str_copy(arena, store_str(statement, 6)),
        .why = str_copy(arena, store_str(statement, 7)),
        .asked_ms = store_i64(statement, 8),
        .decided_ms = store_i64(statement, 9),
        .state = state_of(store_i64(statement, 8), store_i64(statement, 9),
                          store_i64(statement, 10) != 0, store_i64(statement, 11), now_ms),
    };
}

bool approval_find(struct store *store, const struct clock *clock, struct arena *arena,
                   int64_t number, struct approval *out, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement, "SELECT " APPROVAL_COLUMNS "WHERE number = $number",
                       err)) {
        return false;
    }
    store_bind_i64(statement, "$number", number);
    bool row = false;
    bool done = store_step(statement, &row, err);
    if (done && row) *out = read_row(statement, arena, clock_now_ms(clock));
    store_finish(statement);
    if (!done || row) return done;
    return err_set(err, ERR_NOT_FOUND, "there is no approval %lld", "没有第 %lld 号审批",
                   (long long)number);
}

static bool check_decider(const struct approval *approval, const struct asker *asker,
                          struct err *err)
{
    if (str_equal(approval->asked_by, asker->name)) {
        return err_set(err, ERR_DENIED, "whoever asked cannot approve: it takes another user",
                       "申请人不能审批自己的申请，须由另一名用户审批");
    }
    if (!asker_may(asker, CAPABILITY_EXPORT) || !sees_all(asker, approval->areas)) {
        return err_set(err, ERR_DENIED, "it takes a user who sees all the areas that it is about",
                       "须由看得到全部有关区划的用户审批");
    }
    if (approval->state != APPROVAL_WAITING) {
        return err_set(err, ERR_CONFLICT, "approval %lld no longer waits: it is %s",
                       "第 %lld 号审批已不在待办：%s", (long long)approval->number,
                       approval_state_key(approval->state));
    }
    return true;
}

static bool write_decision(struct store *store, const struct clock *clock,
                           const struct asker *asker, int64_t number, bool grant, struct str why,
                           struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "UPDATE approval SET decided_by = $user, why = $why, decided_ms = $now, "
                       "granted = $granted WHERE number = $number AND decided_ms = 0",
                       err)) {
        return false;
    }
    store_bind_str(statement, "$user", asker->name);
    store_bind_text(statement, "$why", why);
    store_bind_i64(statement, "$now", clock_now_ms(clock));
    store_bind_i64(statement, "$granted", grant);
    store_bind_i64(statement, "$number", number);
    return store_run_once(statement, err);
}

bool approval_decide(struct store *store, const struct clock *clock, const struct asker *asker,
                     int64_t number, bool grant, struct str why, struct err *err)
{
    struct arena scratch = {0};
    struct approval approval;
    why = str_trim(why);
    if (why.len > TEXT_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "the reason is too long", "理由过长");
    }
    bool own = !store_in_transaction(store);
    if (own && !store_begin(store, err)) return false;
    bool done = approval_find(store, clock, &scratch, number, &approval, err)
                && check_decider(&approval, asker, err)
                && write_decision(store, clock, asker, number, grant, why, err)
                && record(store, clock, asker, grant ? AUDIT_APPROVAL_GRANT : AUDIT_APPROVAL_REFUSE,
                          number, why, err);
    if (own) done = store_end(store, done, err);
    arena_free(&scratch);
    return done;
}

static bool fits(const struct approval *approval, const struct asker *asker, struct str action,
                 struct str object, struct err *err)
{
    if (str_equal(approval->asked_by, asker->name) && str_equal(approval->action, action)
        && str_equal(approval->object, object) && approval->state == APPROVAL_GRANTED) {
        return true;
    }
    return err_set(err, ERR_DENIED,
                   "approval %lld does not cover this: ask for one, and let another user grant it",
                   "第 %lld 号审批不适用：请先申请，由另一名用户审批", (long long)approval->number);
}

static bool write_used(struct store *store, const struct clock *clock, int64_t number,
                       struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "UPDATE approval SET used_ms = $now WHERE number = $number", err)) {
        return false;
    }
    store_bind_i64(statement, "$now", clock_now_ms(clock));
    store_bind_i64(statement, "$number", number);
    return store_run_once(statement, err);
}

bool approval_use(struct store *store, const struct clock *clock, const struct asker *asker,
                  int64_t number, struct str action, struct str object, struct err *err)
{
    struct arena scratch = {0};
    struct approval approval;
    bool own = !store_in_transaction(store);
    if (own && !store_begin(store, err)) return false;
    bool done = approval_find(store, clock, &scratch, number, &approval, err)
                && fits(&approval, asker, action, object, err)
                && write_used(store, clock, number, err)
                && record(store, clock, asker, AUDIT_APPROVAL_USE, number, STR_EMPTY, err);
    if (own) done = store_end(store, done, err);
    arena_free(&scratch);
    return done;
}

bool approval_list(struct store *store, const struct clock *clock, struct arena *arena,
                   const struct asker *asker, struct approval **out, size_t *count, struct err *err)
{
    LIST(struct approval) found = {0};
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "SELECT " APPROVAL_COLUMNS "ORDER BY number DESC LIMIT $most", err)) {
        return false;
    }
    store_bind_i64(statement, "$most", READ_MAX);
    bool row = false, done = false;
    while ((done = store_step(statement, &row, err)) && row && found.count < APPROVALS_SHOWN_MAX) {
        struct approval approval = read_row(statement, arena, clock_now_ms(clock));
        bool concerns = str_equal(approval.asked_by, asker->name)
                        || (asker_may(asker, CAPABILITY_EXPORT) && sees_all(asker, approval.areas));
        if (concerns) *list_push(arena, &found) = approval;
    }
    store_finish(statement);
    if (!done) return false;
    *out = found.items;
    *count = found.count;
    return true;
}

const char *approval_state_key(enum approval_state state)
{
    static const char *const keys[] = {"waiting", "granted", "refused", "used", "over"};
    CHECK((size_t)state < sizeof keys / sizeof *keys);
    return keys[state];
}
