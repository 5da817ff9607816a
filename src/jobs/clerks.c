#include "jobs/clerks.h"

#include "cases/case_write.h"
#include "sample/answers.h"

/* What a family is asked about, and how the answer reads in the case. */
static const struct outcome_words {
    const char *code, *way, *result, *said;
} outcomes[] = {
    {"01", "school", "returned", "孩子在校上课，班主任当面确认"},
    {"02", "phone", "at_school", "孩子在省内就读，学校正在办理学籍"},
    {"03", "phone", "at_school", "孩子随父母在外省就读，已寄来就读证明"},
    {"04", "home", "given", "户口簿上的号码与名册不一致，已带回复印件"},
    {"05", "home", "given", "户口在此，人不在此，社区出具了证明"},
    {"06", "home", "given", "家属出具了死亡证明"},
    {"07", "home", "given", "孩子已毕业，出示了毕业证书"},
    {"08", "phone", "given", "孩子随父母出国，寄来了出境证明"},
    {"09", "home", "ill", "孩子因病因残不能到校，有批准文件"},
    {"10", "home", "moved", "家中无人，邻居不知去向"},
    {"11", "phone", "undecided", "孩子在外务工"},
    {"12", "home", "refused", "孩子已随人生活"},
    {"14", "home", "refused", "孩子不愿上学"},
    {"15", "home", "undecided", "家里还没有送孩子上学"},
    {"16", "home", "promised", "家里有困难，愿意返校"},
};

struct clerks {
    struct workspace *workspace;
    struct arena *arena;
    const struct asker *asker;
    struct check_run *run;
    bool last;
    const struct progress *progress;
    struct casework work;
    struct answers answers;
    struct store_statement *file; /* name of file and sheet of a batch */
    uint32_t *numbers;            /* by record: number of what was asked + 1 */
    struct u64_map persons;       /* number of a person: index */
    struct review_item *items;
    struct case_row *rows;
    size_t item_count, row_count;
    struct clerks_result *result;
};

static bool ask_record(struct clerks *clerks, uint32_t record, struct err *err)
{
    const struct people *people = &clerks->run->people;
    const struct person_record *row = &people->records[record];
    const struct profile *profile = people->registers[row->register_number];
    struct arena arena = {0};
    struct statement statement;
    bool there = false;
    if (clerks->numbers[record] != 0) return true;
    bool good = registry_statement(&clerks->workspace->registry, &arena, clerks->asker, profile,
                                   row->statement, &statement, err);
    if (good) {
        store_reset(clerks->file);
        store_bind_i64(clerks->file, "$batch", statement.batch);
        store_bind_i64(clerks->file, "$sheet", (int64_t)statement.sheet);
        good = store_step(clerks->file, &there, err);
    }
    if (good && there) {
        clerks->numbers[record] = answers_ask(&clerks->answers, store_str(clerks->file, 0),
                                              store_str(clerks->file, 1), statement.row, row->part)
                                  + 1;
    }
    arena_free(&arena);
    return good;
}

static uint64_t entity_of_record(const struct clerks *clerks, uint32_t record)
{
    uint32_t number = clerks->numbers[record];
    return number == 0 ? 0 : answers_entity(&clerks->answers, number - 1);
}

static bool is_open_question(const struct clerks *clerks, uint32_t record)
{
    uint32_t person = clerks->run->people.records[record].person;
    uint8_t standing = clerks->run->kept.standings[person];
    return standing == STANDING_NOT_ENROLLED || standing == STANDING_REPORTED_SCHOOLED;
}

/* Pairs first on which it depends whether a child is in school; the others stay on the desk. */
static void choose_pairs(struct clerks *clerks)
{
    size_t kept = 0;
    for (size_t i = 0; i < clerks->item_count; i++) {
        const struct review_item *item = &clerks->items[i];
        if (!is_open_question(clerks, item->record) && !is_open_question(clerks, item->other)) {
            continue;
        }
        clerks->items[kept++] = *item;
    }
    clerks->item_count = kept;
}

/* All that will be looked up in the truth, so that it is read once. */
static bool ask_all(struct clerks *clerks, struct err *err)
{
    const struct people *people = &clerks->run->people;
    for (size_t i = 0; i < clerks->item_count; i++) {
        if (!ask_record(clerks, clerks->items[i].record, err)
            || !ask_record(clerks, clerks->items[i].other, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < clerks->row_count; i++) {
        uint32_t index = u64_map_find(&clerks->persons, (uint64_t)clerks->rows[i].person);
        if (index == DICT_NONE) continue;
        const struct person *person = &people->persons[index];
        for (uint32_t k = 0; k < person->count; k++) {
            if (!ask_record(clerks, people->order[person->first + k], err)) return false;
        }
    }
    return true;
}

static bool decide_pairs(struct clerks *clerks, struct err *err)
{
    for (size_t i = 0; i < clerks->item_count; i++) {
        const struct review_item *item = &clerks->items[i];
        uint64_t one = entity_of_record(clerks, item->record);
        uint64_t other = entity_of_record(clerks, item->other);
        progress_report(clerks->progress, "deciding doubtful pairs", "复核存疑记录", i,
                        clerks->item_count);
        if (one == 0 || other == 0) continue;
        if (!review_decide(&clerks->workspace->registry, clerks->asker, item->number,
                           one == other ? REVIEW_SAME : REVIEW_DIFFERENT,
                           one == other ? STR("户口簿和学校档案一致，是同一人")
                                        : STR("户口簿和学校档案不同，是两人"),
                           REVIEW_SEEN_ANY, NULL, err)) {
            return false;
        }
        clerks->result->decided++;
    }
    return true;
}

/* The code of the first of a person's records that the truth tells of. */
static struct str code_of(const struct clerks *clerks, int64_t number)
{
    const struct people *people = &clerks->run->people;
    uint32_t index = u64_map_find(&clerks->persons, (uint64_t)number);
    if (index == DICT_NONE) return STR_EMPTY;
    const struct person *person = &people->persons[index];
    for (uint32_t k = 0; k < person->count; k++) {
        uint64_t entity = entity_of_record(clerks, people->order[person->first + k]);
        struct str code = answers_code(&clerks->answers, entity, clerks->last);
        if (code.len > 0) return code;
    }
    return STR_EMPTY;
}

static struct case_event event_of(enum case_event_kind kind, day on,
                                  const struct case_fields *fields)
{
    return (struct case_event){
        .kind = kind, .on = on, .fields = fields->items.items, .field_count = fields->items.count};
}

/* The families are reached one after the other in the week behind the opening. */
static day day_of(const struct clerks *clerks, const struct case_row *row)
{
    enum { DAYS_TO_REACH_ALL = 7 };
    if (clerks->last) return clerks->run->at;
    return (day){row->reopened.days + 1 + (int32_t)(row->number % DAYS_TO_REACH_ALL)};
}

static bool work_case(struct clerks *clerks, const struct case_row *row, struct err *err)
{
    struct str code = code_of(clerks, row->person);
    const struct procedure_outcome *outcome = procedure_outcome_find(row->procedure, code);
    const struct outcome_words *words = NULL;
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
        if (str_is(code, outcomes[i].code)) words = &outcomes[i];
    }
    if (words == NULL || outcome == NULL) return true;
    bool closes = outcome->closes;
    struct case_fields contact = {.arena = clerks->arena}, verdict = contact;
    case_fields_add(&contact, "way", str_from(words->way));
    case_fields_add(&contact, "who", STR("家长"));
    case_fields_add(&contact, "result", str_from(words->result));
    case_fields_add(&contact, "said", str_from(words->said));
    case_fields_add(&verdict, "outcome", code);
    case_fields_add(&verdict, closes ? "evidence" : "why", str_from(words->said));
    day on = day_of(clerks, row);
    struct case_event events[] = {
        event_of(EVENT_CONTACT, on, &contact),
        event_of(closes ? EVENT_CLOSED : EVENT_CONFIRMED, on, &verdict),
    };
    struct case_write write = {
        .number = row->number, .seen = CASE_SEEN_ANY, .events = events, .count = 2};
    int64_t version;
    if (!case_write(&clerks->work, clerks->arena, clerks->asker, &write, NULL, NULL, &version,
                    err)) {
        return false;
    }
    clerks->result->contacts++;
    clerks->result->closed += closes;
    clerks->result->confirmed += !closes;
    return true;
}

/* The suspected; at the end also who was confirmed, and whom the registers do not show yet. */
static bool is_to_be_asked(const struct clerks *clerks, const struct case_row *row)
{
    if (row->procedure == NULL) return false;
    return row->status == CASE_SUSPECTED
           || (clerks->last && row->status == CASE_CONFIRMED && row->found);
}

static bool work_cases(struct clerks *clerks, struct err *err)
{
    for (size_t i = 0; i < clerks->row_count; i++) {
        progress_report(clerks->progress, "visiting families", "联系走访", i, clerks->row_count);
        if (is_to_be_asked(clerks, &clerks->rows[i]) && !work_case(clerks, &clerks->rows[i], err)) {
            return false;
        }
    }
    return true;
}

/* What the clerks find on their desks. */
static bool take_work(struct clerks *clerks, struct err *err)
{
    struct workspace *workspace = clerks->workspace;
    struct check_run *run = clerks->run;
    struct people *people = &run->people;
    struct case_filter filter = {.role = -1,
                                 .status = -1,
                                 .due = DAY_NONE,
                                 .at = run->at,
                                 .procedure = STR("dropout"),
                                 .bare = true};
    if (!casework_open(&clerks->work, clerks->arena, &workspace->registry, &workspace->procedures,
                       &workspace->chains, people->when, err)
        || !review_list(people, &workspace->registry, clerks->asker, &clerks->items,
                        &clerks->item_count, err)
        || !case_list(&clerks->work, clerks->arena, clerks->asker, &filter, &clerks->rows,
                      &clerks->row_count, err)) {
        return false;
    }
    u64_map_init(&clerks->persons, clerks->arena);
    for (uint32_t i = 0; i < people->person_count; i++) {
        u64_map_put(&clerks->persons, (uint64_t)people->persons[i].number, i);
    }
    choose_pairs(clerks);
    clerks->numbers = arena_array(clerks->arena, uint32_t, people->record_count);
    clerks->result->asked = clerks->item_count;
    clerks->result->cases = clerks->row_count;
    return true;
}

bool clerks_work(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                 const char *folder, struct check_run *run, bool last,
                 const struct progress *progress, struct clerks_result *out, struct err *err)
{
    struct clerks_result result = {0};
    struct clerks clerks = {.workspace = workspace,
                            .arena = arena,
                            .asker = asker,
                            .run = run,
                            .last = last,
                            .progress = progress,
                            .result = &result};
    answers_init(&clerks.answers, arena);
    if (!take_work(&clerks, err)) return false;
    bool good = store_prepare(workspace->store, &clerks.file,
                              "SELECT b.file, s.name FROM batch b JOIN batch_sheet s "
                              "ON s.batch = b.number WHERE b.number = $batch AND s.sheet = $sheet",
                              err)
                && ask_all(&clerks, err);
    store_finish(clerks.file);
    good = good && answers_read(&clerks.answers, folder, err) && decide_pairs(&clerks, err)
           && work_cases(&clerks, err);
    *out = result;
    return good;
}
