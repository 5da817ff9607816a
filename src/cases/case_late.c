#include "base/dict.h"
#include "cases/case_run.h"

enum { REASON_BYTES_MAX = 512 };

static struct str reason_of(struct arena *arena, const struct case_row *row, day at)
{
    struct text text;
    text_init(&text, arena, REASON_BYTES_MAX);
    text_add_f(&text, "step_late;case=%lld;step=%.*s.%.*s;days=%d", (long long)row->number,
               STR_ARG(row->procedure_key), STR_ARG(row->step), (int)(at.days - row->due.days));
    return text_str(&text);
}

static struct finding finding_of(struct arena *arena, const struct people *people,
                                 const struct u64_map *persons, const struct case_row *row, day at)
{
    struct text key;
    text_init(&key, arena, 64);
    text_add_f(&key, "case/%lld", (long long)row->number);
    struct finding finding = {
        .kind = FINDING_DUTY_LATE,
        .queue = QUEUE_URGE,
        .person = row->person == 0 ? UINT32_MAX : u64_map_find(persons, (uint64_t)row->person),
        .record = UINT32_MAX,
        .birth = DAY_NONE,
        .area = row->area,
        .school = row->school,
        .probability_ppm = 1000000,
        .nearest = UINT32_MAX,
        .reason = reason_of(arena, row, at),
        .due_fen = -1,
        .paid_fen = -1,
        .key = text_str(&key),
    };
    if (finding.person == UINT32_MAX) return finding;
    finding.record = people_shown(people, finding.person);
    finding.birth = people->records[finding.record].birth;
    return finding;
}

bool case_late(const struct casework *work, struct arena *arena, const struct asker *asker,
               const struct people *people, day at, struct finding **out, size_t *count,
               struct err *err)
{
    struct case_filter filter = {
        .role = -1, .status = -1, .due = {at.days - 1}, .at = at, .bare = true};
    struct case_row *rows;
    struct u64_map persons;
    size_t row_count;
    if (!case_list(work, arena, asker, &filter, &rows, &row_count, err)) return false;
    u64_map_init(&persons, arena);
    for (uint32_t i = 0; row_count > 0 && i < people->person_count; i++) {
        u64_map_put(&persons, (uint64_t)people->persons[i].number, i);
    }
    *out = arena_array(arena, struct finding, row_count);
    *count = row_count;
    for (size_t i = 0; i < row_count; i++) {
        (*out)[i] = finding_of(arena, people, &persons, &rows[i], at);
    }
    return true;
}
