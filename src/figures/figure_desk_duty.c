#include "figures/figure_desk_internal.h"

#include "placing/duty.h"

/* The duty to exchange posts (placing/duty.h) as two tables of the desk: who is on the list or
 * exchanged, and the numbers of each county and school. */

static const struct store_desk_column teacher_columns[] = {
    {"record", STORE_INTEGER, NULL, NULL},      {"register", STORE_TEXT, NULL, NULL},
    {"area", STORE_TEXT, NULL, NULL},           {"school", STORE_TEXT, NULL, NULL},
    {"school_name", STORE_TEXT, NULL, NULL},    {"stage", STORE_TEXT, NULL, NULL},
    {"state", STORE_TEXT, NULL, NULL},          {"years", STORE_INTEGER, NULL, NULL},
    {"key_teacher", STORE_INTEGER, NULL, NULL}, {"exchanged", STORE_INTEGER, NULL, NULL},
    {"due", STORE_INTEGER, NULL, NULL},
};

static const struct store_desk_column place_columns[] = {
    {"record", STORE_INTEGER, NULL, NULL},
    {"level", STORE_TEXT, NULL, NULL},
    {"area", STORE_TEXT, NULL, NULL},
    {"school", STORE_TEXT, NULL, NULL},
    {"name", STORE_TEXT, NULL, NULL},
    {"teachers", STORE_INTEGER, NULL, NULL},
    {"eligible", STORE_INTEGER, NULL, NULL},
    {"unknown", STORE_INTEGER, NULL, NULL},
    {"required", STORE_INTEGER, NULL, NULL},
    {"exchanged", STORE_INTEGER, NULL, NULL},
    {"lacking", STORE_INTEGER, NULL, NULL},
    {"key_exchanged", STORE_INTEGER, NULL, NULL},
    {"key_required", STORE_INTEGER, NULL, NULL},
    {"key_lacking", STORE_INTEGER, NULL, NULL},
};

enum {
    TEACHER_COLUMNS = sizeof teacher_columns / sizeof *teacher_columns,
    PLACE_COLUMNS = sizeof place_columns / sizeof *place_columns,
};

const struct store_desk_column *figure_duty_columns(enum figure_duty_table table, size_t *count)
{
    *count = table == FIGURE_DUTY_TEACHERS ? TEACHER_COLUMNS : PLACE_COLUMNS;
    return table == FIGURE_DUTY_TEACHERS ? teacher_columns : place_columns;
}

struct filling {
    const struct asker *asker; /* of the desk's areas alone */
    struct store_statement *put;
};

static bool put_teacher(const struct filling *filling, const struct duty_teacher *teacher,
                        struct err *err)
{
    struct store_statement *put = filling->put;
    if (!asker_sees(filling->asker, teacher->area)) return true;
    store_bind_i64(put, "$record", teacher->record);
    store_bind_str(put, "$register", STR("teachers"));
    store_bind_str(put, "$area", teacher->area);
    store_bind_str(put, "$school", teacher->school_code);
    store_bind_str(put, "$school_name", teacher->school);
    store_bind_str(put, "$stage", teacher->stage);
    store_bind_str(put, "$state", str_from(duty_state_key(teacher->state)));
    if (teacher->years < 0)
        store_bind_null(put, "$years");
    else
        store_bind_i64(put, "$years", teacher->years);
    store_bind_i64(put, "$key_teacher", teacher->key);
    store_bind_i64(put, "$exchanged", teacher->exchanged);
    store_bind_i64(put, "$due", teacher->due);
    return store_run(put, err);
}

/* Of who is on no list of teachers nothing is known but the exchange. */
static bool put_other(const struct filling *filling, const struct duty_other *other,
                      struct err *err)
{
    struct store_statement *put = filling->put;
    if (!asker_sees(filling->asker, other->area)) return true;
    store_bind_i64(put, "$record", other->record);
    store_bind_str(put, "$register", STR("rotations"));
    store_bind_str(put, "$area", other->area);
    store_bind_str(put, "$school", other->school_code);
    store_bind_str(put, "$school_name", other->school);
    store_bind_str(put, "$stage", STR_EMPTY);
    store_bind_str(put, "$state", STR_EMPTY);
    store_bind_null(put, "$years");
    store_bind_i64(put, "$key_teacher", other->key);
    store_bind_i64(put, "$exchanged", 1);
    store_bind_i64(put, "$due", 0);
    return store_run(put, err);
}

static bool put_teachers(const struct filling *filling, const struct duty_found *found,
                         struct err *err)
{
    for (size_t i = 0; i < found->teacher_count; i++) {
        if (!put_teacher(filling, &found->teachers[i], err)) return false;
    }
    for (size_t i = 0; i < found->other_count; i++) {
        if (!put_other(filling, &found->others[i], err)) return false;
    }
    return true;
}

/* The number of a place is its code, where that is one: it is the same on other days. */
static int64_t number_of(const struct duty_count *count, size_t place)
{
    int64_t number = 0;
    return str_to_i64(count->code, &number) && number > 0 ? number : (int64_t)place + 1;
}

static bool put_place(const struct filling *filling, const struct duty_count *count, bool county,
                      size_t place, struct err *err)
{
    struct store_statement *put = filling->put;
    if (!asker_sees(filling->asker, count->area)) return true;
    store_bind_i64(put, "$record", number_of(count, place));
    store_bind_str(put, "$level", county ? STR("county") : STR("school"));
    store_bind_str(put, "$area", count->area);
    store_bind_str(put, "$school", county ? STR_EMPTY : count->code);
    store_bind_str(put, "$name", count->name);
    store_bind_i64(put, "$teachers", count->teachers);
    store_bind_i64(put, "$eligible", count->eligible);
    store_bind_i64(put, "$unknown", count->unknown);
    store_bind_i64(put, "$required", count->required);
    store_bind_i64(put, "$exchanged", count->exchanged);
    store_bind_i64(put, "$lacking", count->lacking);
    store_bind_i64(put, "$key_exchanged", count->key_exchanged);
    store_bind_i64(put, "$key_required", count->key_exchanged + count->key_lacking);
    store_bind_i64(put, "$key_lacking", count->key_lacking);
    return store_run(put, err);
}

static bool put_places(const struct filling *filling, const struct duty_found *found,
                       struct err *err)
{
    for (size_t i = 0; i < found->county_count; i++) {
        if (!put_place(filling, &found->counties[i], true, i, err)) return false;
    }
    for (size_t i = 0; i < found->school_count; i++) {
        if (!put_place(filling, &found->schools[i], false, found->county_count + i, err))
            return false;
    }
    return true;
}

static bool fill(struct figure_desk *desk, const struct asker *asker, struct desk_table *table,
                 const struct duty_found *found, struct err *err)
{
    struct filling filling = {.asker = asker};
    size_t count;
    const struct store_desk_column *columns = figure_duty_columns(table->duty, &count);
    if (!table->read) return true;
    if (!store_desk_insert(desk->registry->store, &filling.put, str_cstr(desk->arena, table->name),
                           columns, count, err)) {
        return false;
    }
    bool done = table->duty == FIGURE_DUTY_TEACHERS ? put_teachers(&filling, found, err)
                                                    : put_places(&filling, found, err);
    store_finish(filling.put);
    table->stated = found->teacher_count + found->other_count > 0;
    return done;
}

bool figure_duty_fill(struct figure_desk *desk, struct desk_table *teachers,
                      struct desk_table *places, struct err *err)
{
    struct arena arena = {0};
    struct duty_rules rules;
    struct duty_found found;
    struct registry *registry = desk->registry;
    /* A desk is of areas: that of who sees a school besides is the same. */
    struct asker asker = *desk->asker;
    asker.school = STR_EMPTY;
    if (!teachers->read && !places->read) return true;
    bool done = duty_rules_load(&rules, &arena, registry->policies, registry->profiles, err)
                && duty_find(&found, &arena, &rules, registry, &asker, desk->when, 0, err)
                && fill(desk, &asker, teachers, &found, err)
                && fill(desk, &asker, places, &found, err);
    arena_free(&arena);
    return done;
}
