#include "cli/person_past.h"

#include "cli/person_find.h"

enum { PARTS_SHOWN = 10 };

static bool find_number(const struct people *people, int64_t number, uint32_t *person)
{
    for (uint32_t p = 0; p < people->person_count; p++) {
        if (people->persons[p].number != number) continue;
        *person = p;
        return true;
    }
    return false;
}

/* The only number that the records of an ended one went to in its last run; 0: none, -1: several.
 */
static int64_t last_target(const struct person_past *past)
{
    int64_t target = 0;
    for (size_t i = past->part_count; i-- > 0;) {
        const struct person_part *part = &past->parts[i];
        if (part->at_ms != past->ended_ms) break;
        if (target != 0 && target != part->person) return -1;
        target = part->person;
    }
    return target;
}

static bool tell_split(const struct cli *cli, int64_t number, const struct person_past *past,
                       struct err *err)
{
    struct text text;
    size_t shown = 0;
    text_init(&text, cli->arena, 4096);
    for (size_t i = 0; i < past->part_count && shown < PARTS_SHOWN; i++) {
        if (past->parts[i].at_ms != past->ended_ms) continue;
        text_add_f(&text, "%s%lld", shown++ == 0 ? "" : ", ", (long long)past->parts[i].person);
    }
    return err_set(err, ERR_CONFLICT, "person %lld was split on %s; the records are now with: %s",
                   "%lld 号人员已于 %s 拆分，记录现归：%s", (long long)number,
                   cli_moment(cli, past->ended_ms).ptr, text_str(&text).ptr);
}

static bool follow(struct cli *cli, const struct people *people, int64_t number, uint32_t *person,
                   struct person_trail *trail, struct err *err)
{
    while (trail->step_count < PERSON_STEPS_MAX) {
        struct person_past past;
        if (!person_past(cli->arena, &cli->workspace.registry, number, &past, err)) return false;
        if (!past.ended) break;
        int64_t target = last_target(&past);
        if (target < 0) return tell_split(cli, number, &past, err);
        if (target == 0) {
            return err_set(err, ERR_NOT_FOUND,
                           "person %lld is in use no more since %s: no record of it is in force",
                           "%lld 号人员自 %s 起不再使用：其记录均已失效", (long long)number,
                           cli_moment(cli, past.ended_ms).ptr);
        }
        trail->steps[trail->step_count++] = (struct person_step){number, target, past.ended_ms};
        if (find_number(people, target, person)) return true;
        number = target;
    }
    return false;
}

bool person_follow(struct cli *cli, const struct people *people, const char *word, uint32_t *person,
                   struct person_trail *trail, struct err *err)
{
    struct err unknown = ERR_INIT, why = ERR_INIT;
    int64_t number;
    *trail = (struct person_trail){0};
    if (!person_find(cli, people, word, person, &unknown)) {
        bool numbered = unknown.kind == ERR_NOT_FOUND && str_to_i64(str_from(word), &number);
        if (!numbered || !follow(cli, people, number, person, trail, &why)) {
            *err = why.kind == ERR_NONE ? unknown : why;
            return false;
        }
    }
    return person_past(cli->arena, &cli->workspace.registry, people->persons[*person].number,
                       &trail->past, err);
}

void person_trail_tell(const struct cli *cli, const struct person_trail *trail)
{
    const struct person_past *past = &trail->past;
    for (size_t i = 0; i < trail->step_count; i++) {
        const struct person_step *step = &trail->steps[i];
        cli_note(cli, "%lld 号人员已于 %s 并入 %lld 号",
                 "person %lld was joined on %s into person %lld", (long long)step->from,
                 cli_moment(cli, step->at_ms).ptr, (long long)step->into);
    }
    for (size_t i = 0; i < past->part_count && i < PARTS_SHOWN; i++) {
        const struct person_part *part = &past->parts[past->part_count - 1 - i];
        cli_note(cli, "%s 有 %s 条记录由此人改归 %lld 号",
                 "on %s %s of its records went to person %lld", cli_moment(cli, part->at_ms).ptr,
                 cli_thousands(cli, part->records).ptr, (long long)part->person);
    }
}

void person_trail_json(const struct cli *cli, const struct person_trail *trail, struct json *json)
{
    const struct person_past *past = &trail->past;
    if (trail->step_count > 0) {
        json_key(json, "joined");
        json_list(json);
        for (size_t i = 0; i < trail->step_count; i++) {
            json_object(json);
            json_key_i64(json, "person", trail->steps[i].from);
            json_key_i64(json, "into", trail->steps[i].into);
            json_key_str(json, "at", cli_moment(cli, trail->steps[i].at_ms));
            json_object_end(json);
        }
        json_list_end(json);
    }
    if (past->part_count == 0) return;
    json_key(json, "left");
    json_list(json);
    for (size_t i = 0; i < past->part_count; i++) {
        json_object(json);
        json_key_i64(json, "into", past->parts[i].person);
        json_key_i64(json, "records", (int64_t)past->parts[i].records);
        json_key_str(json, "at", cli_moment(cli, past->parts[i].at_ms));
        json_object_end(json);
    }
    json_list_end(json);
}
