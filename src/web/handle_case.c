#include "cases/case_attachment.h"
#include "cases/duty.h"
#include "findings/reason.h"
#include "jobs/view_finding.h"
#include "web/case_desk.h"
#include "web/routes.h"

/* Lists are counted up to here; a longer one says that there are more. */
enum { COUNTED_MAX = 10000 };

static void words(struct json *json, const char *key, struct str word, struct str zh, struct str en)
{
    json_key(json, key);
    if (word.len == 0) {
        json_null(json);
    } else {
        answer_words(json, word, zh.len > 0 ? zh : word, en.len > 0 ? en : word);
    }
}

static void state_words(struct json *json, const struct procedure *procedure, struct str key)
{
    const struct procedure_state *state =
        procedure == NULL ? NULL : procedure_state_find(procedure, key);
    words(json, "state", key, state == NULL ? key : state->zh, state == NULL ? key : state->en);
}

static void step_words(struct json *json, const struct procedure *procedure, struct str key)
{
    int step = procedure == NULL || key.len == 0 ? -1 : procedure_step_find(procedure, key);
    words(json, "step", key, step < 0 ? key : procedure->steps[step].zh,
          step < 0 ? key : procedure->steps[step].en);
}

static void outcome_words(struct json *json, const struct procedure *procedure, struct str code)
{
    const struct procedure_outcome *outcome =
        procedure == NULL ? NULL : procedure_outcome_find(procedure, code);
    words(json, "outcome", code, outcome == NULL ? code : outcome->zh,
          outcome == NULL ? code : outcome->en);
}

/* With whom something lies: the position and who holds it, "" for nobody. Guardians are named by
 * the registers, not here. */
static void holder_words(struct json *json, const struct casework *work, int position,
                         const struct holder *holder)
{
    json_key(json, "position");
    if (position < 0) {
        json_null(json);
    } else {
        const struct position *text = &work->chains->positions[position];
        answer_words(json, text->key, text->zh, text->en);
    }
    json_key(json, "holder");
    if (holder == NULL && position >= 0
        && work->chains->positions[position].level == LEVEL_FAMILY) {
        json_null(json);
    } else {
        json_str(json, holder == NULL ? STR_EMPTY : holder->name);
    }
}

/* Whom or what a case is about: a child, or the school or office that has to send something. */
static struct str subject_of(int64_t person, struct str name, struct str school, struct str unit)
{
    if (person != 0) return name;
    return school.len > 0 ? school : unit;
}

static void write_row(struct json *json, const struct case_desk *desk, const struct case_row *row)
{
    const struct casework *work = &desk->work;
    int position = row->position.len == 0 ? -1 : position_find(work->chains, row->position);
    const struct holder *holder = position < 0
                                      ? NULL
                                      : holder_of(&work->holders, work->chains, (size_t)position,
                                                  row->area, row->school_code, row->school);
    const struct procedure *procedure = row->procedure;
    json_object(json);
    json_key_i64(json, "case", row->number);
    json_key_i64(json, "version", row->version);
    words(json, "procedure", row->procedure_key, procedure == NULL ? STR_EMPTY : procedure->zh,
          procedure == NULL ? STR_EMPTY : procedure->en);
    json_key_str(json, "status", str_from(case_status_key(row->status)));
    state_words(json, procedure, row->state);
    json_key_i64(json, "person", row->person);
    json_key_str(json, "name", subject_of(row->person, row->name, row->school, row->unit));
    json_key_str(json, "id_number", row->id_masked);
    json_key_str(json, "birth_date", row->birth);
    json_key_str(json, "area_name", view_area_name(&desk->view, row->area));
    json_key_str(json, "school", row->school);
    step_words(json, procedure, row->step);
    holder_words(json, work, position, holder);
    answer_day(json, "due", row->due);
    json_key_bool(json, "overdue", !day_is_none(row->due) && row->due.days < desk->at.days);
    json_key_i64(json, "level", row->level);
    answer_day(json, "opened", row->opened);
    json_key_i64(json, "contacts", row->contacts);
    json_key_i64(json, "relapses", row->relapses);
    outcome_words(json, procedure, row->outcome);
    json_object_end(json);
}

static struct case_filter read_filter(const struct request *request, const struct case_desk *desk)
{
    struct case_filter filter = {.area = request_text(request, "area"),
                                 .procedure = request_text(request, "procedure"),
                                 .role = -1,
                                 .status = -1,
                                 .due = request_day(request, "due"),
                                 .at = desk->at,
                                 .person = request_i64(request, "person", 0)};
    struct str status = request_text(request, "status");
    if (request_given(request, "role")) filter.role = role_of(request_text(request, "role"));
    if (str_is(status, "all")) {
        filter.status = -2;
    } else if (status.len > 0) {
        filter.status = case_status_of(status);
    }
    if (request_yes(request, "overdue")) {
        filter.due = (day){desk->at.days - 1};
    }
    return filter;
}

static bool cases(struct request *request, struct answer *answer, struct err *err)
{
    struct case_desk desk;
    struct case_row *rows;
    size_t count, total;
    struct request_page page = request_page(request);
    if (!case_desk_open(request, answer, &desk, err)) return false;
    struct case_filter filter = read_filter(request, &desk);
    struct case_filter counted = filter;
    counted.bare = true;
    counted.most = COUNTED_MAX;
    filter.skip = page.first;
    filter.most = (size_t)page.size;
    if (!case_list(&desk.work, request->arena, &request->asker, &counted, &rows, &total, err)
        || !case_list(&desk.work, request->arena, &request->asker, &filter, &rows, &count, err)) {
        return false;
    }
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) write_row(json, &desk, &rows[i]);
    answer_rows_end(answer, request, total);
    return true;
}

/* Why a run opened it: keys for the words of the console, and what stands behind them in words. */
static void write_field(struct json *json, const struct case_desk *desk,
                        const struct case_field *field)
{
    bool reason = str_is(field->key, "reason");
    struct str value = str_is(field->key, "area") ? view_area_name(&desk->view, field->value)
                       : reason                   ? reason_keys(field->value)
                                                  : field->value;
    json_object(json);
    json_key_str(json, "key", field->key);
    json_key_str(json, "value", value);
    if (reason && value.len < field->value.len) {
        struct str notes = reason_notes(field->value);
        json_key(json, "notes");
        answer_words(json, STR_EMPTY, view_reason(&desk->view, notes, LANG_ZH),
                     view_reason(&desk->view, notes, LANG_EN));
    }
    json_object_end(json);
}

/* `bytes`: of the file that is kept with it, 0 for none. */
static void write_event(struct json *json, const struct case_desk *desk,
                        const struct case_event *event, int64_t bytes)
{
    json_object(json);
    json_key_i64(json, "version", event->version);
    words(json, "event", str_from(case_event_key(event->kind)),
          str_from(case_event_text(event->kind, LANG_ZH)),
          str_from(case_event_text(event->kind, LANG_EN)));
    answer_day(json, "on", event->on);
    json_key_i64(json, "recorded_ms", event->recorded_ms);
    json_key_str(json, "user", event->user);
    json_key_i64(json, "file_bytes", bytes);
    json_key(json, "fields");
    json_list(json);
    for (size_t i = 0; i < event->field_count; i++) write_field(json, desk, &event->fields[i]);
    json_list_end(json);
    json_object_end(json);
}

static void write_steps(struct json *json, const struct case_file *file)
{
    static const char *const standings[] = {[STEP_NOT_YET] = "not_yet",
                                            [STEP_OWED] = "owed",
                                            [STEP_DONE] = "done",
                                            [STEP_LAPSED] = "lapsed"};
    json_key(json, "steps");
    json_list(json);
    for (size_t i = 0; i < file->procedure->step_count; i++) {
        const struct procedure_step *text = &file->procedure->steps[i];
        const struct case_step *step = &file->state.steps[i];
        json_object(json);
        step_words(json, file->procedure, text->key);
        json_key_str(json, "standing", str_from(standings[step->standing]));
        answer_day(json, "due", step->due);
        answer_day(json, "done", step->done);
        json_key_str(json, "evidence_zh", text->evidence_zh);
        json_key_str(json, "evidence_en", text->evidence_en);
        json_key_str(json, "paper", text->paper);
        json_key(json, "laws");
        json_list(json);
        for (size_t k = 0; k < text->law_count; k++) json_str(json, text->laws[k]);
        json_list_end(json);
        json_key_str(json, "confidence", text->confidence);
        json_object_end(json);
    }
    json_list_end(json);
}

/* Every position of the chain in use, and of whoever else owes a step, with what it owes. */
static void write_duties(struct json *json, struct case_desk *desk, const struct case_file *file)
{
    struct duty *duties;
    size_t count;
    int32_t at = desk->at.days;
    duties_of(desk->view.arena, desk->work.procedures, desk->work.chains, &desk->work.holders,
              &file->state, &duties, &count);
    json_key(json, "duties");
    json_list(json);
    for (size_t p = 0; p < desk->work.chains->position_count; p++) {
        bool listed = false;
        const struct chain *used = desk->work.chains->used;
        for (size_t i = 0; i < used->count; i++) listed = listed || used->positions[i] == p;
        for (size_t i = 0; i < count; i++) listed = listed || duties[i].position == p;
        if (!listed) continue;
        json_object(json);
        holder_words(json, &desk->work, (int)p,
                     duty_holder(desk->work.chains, &desk->work.holders, &file->state, p));
        json_key(json, "owes");
        json_list(json);
        for (size_t i = 0; i < count; i++) {
            const struct duty *duty = &duties[i];
            if (duty->position != p || duty->since.days > at) continue;
            json_object(json);
            step_words(json, file->procedure, file->procedure->steps[duty->step].key);
            answer_day(json, "due", duty->due);
            json_key_bool(json, "overdue", duty->due.days < at);
            json_key_i64(json, "level", duty->level);
            json_key_bool(json, "covers", duty->covers);
            json_object_end(json);
        }
        json_list_end(json);
        json_object_end(json);
    }
    json_list_end(json);
}

/* The fields that people keep of a case, each with its last value. */
static void write_kept(struct json *json, const struct case_desk *desk,
                       const struct case_file *file)
{
    const struct procedure_words *fields = &desk->work.procedures->fields;
    json_key(json, "kept");
    json_list(json);
    for (size_t i = 0; i < fields->count; i++) {
        json_object(json);
        words(json, "field", fields->items[i].key, fields->items[i].zh, fields->items[i].en);
        json_key_str(json, "value",
                     case_field_value(file->events, file->event_count,
                                      str_cstr(desk->view.arena, fields->items[i].key)));
        json_object_end(json);
    }
    json_list_end(json);
}

static void write_head(struct json *json, const struct case_desk *desk,
                       const struct case_file *file)
{
    const struct case_state *state = &file->state;
    json_key_i64(json, "case", file->number);
    json_key_i64(json, "version", state->version);
    words(json, "procedure", file->procedure->key, file->procedure->zh, file->procedure->en);
    json_key_str(json, "status", str_from(case_status_key(state->status)));
    state_words(json, file->procedure, state->state->key);
    json_key_i64(json, "person", state->person);
    json_key_str(json, "name", subject_of(state->person, state->name, state->school, state->unit));
    json_key_str(json, "id_number", state->id_masked);
    json_key_str(json, "birth_date", state->birth);
    json_key_str(json, "area", state->area);
    json_key_str(json, "area_name", view_area_name(&desk->view, state->area));
    json_key_str(json, "stated_area_name", view_area_name(&desk->view, state->stated_area));
    json_key_str(json, "school", state->school);
    answer_day(json, "at", desk->at);
    answer_day(json, "opened", state->opened);
    answer_day(json, "reopened", state->reopened);
    answer_day(json, "confirmed", state->confirmed);
    answer_day(json, "returned", state->returned);
    answer_day(json, "closed", state->closed);
    outcome_words(json, file->procedure, state->outcome);
    json_key_bool(json, "unfound", state->unfound && state->status != CASE_CLOSED);
    json_key_i64(json, "relapses", state->relapses);
    json_key_i64(json, "contacts", state->contacts);
}

static bool one_case(struct request *request, struct answer *answer, struct err *err)
{
    struct case_desk desk;
    struct case_file file;
    int64_t *bytes;
    if (!case_desk_open(request, answer, &desk, err)
        || !case_read(&desk.work, request->arena, &request->asker, request_i64(request, "case", 0),
                      desk.at, &file, err)
        || !case_attachment_sizes(&desk.work, request->arena, &file, &bytes, err)) {
        return false;
    }
    struct json *json = answer_json(answer);
    json_object(json);
    write_head(json, &desk, &file);
    write_steps(json, &file);
    write_duties(json, &desk, &file);
    write_kept(json, &desk, &file);
    json_key(json, "events");
    json_list(json);
    for (size_t i = 0; i < file.event_count; i++) {
        write_event(json, &desk, &file.events[i], bytes[i]);
    }
    json_list_end(json);
    json_object_end(json);
    return true;
}

static void word_list(struct json *json, const char *key, const struct procedure_words *list)
{
    json_key(json, key);
    json_list(json);
    for (size_t i = 0; i < list->count; i++) {
        answer_words(json, list->items[i].key, list->items[i].zh, list->items[i].en);
    }
    json_list_end(json);
}

static void write_procedure(struct json *json, const struct procedure *procedure)
{
    json_object(json);
    json_key_str(json, "key", procedure->key);
    json_key_str(json, "zh", procedure->zh);
    json_key_str(json, "en", procedure->en);
    json_key(json, "outcomes");
    json_list(json);
    for (size_t i = 0; i < procedure->outcome_count; i++) {
        const struct procedure_outcome *outcome = &procedure->outcomes[i];
        json_object(json);
        json_key_str(json, "key", outcome->code);
        json_key_str(json, "zh", outcome->zh);
        json_key_str(json, "en", outcome->en);
        json_key_bool(json, "closes", outcome->closes);
        json_key_bool(json, "needs_evidence", outcome->needs_evidence);
        json_key_str(json, "evidence_zh", outcome->evidence_zh);
        json_key_str(json, "evidence_en", outcome->evidence_en);
        json_object_end(json);
    }
    json_list_end(json);
    json_key(json, "steps");
    json_list(json);
    for (size_t i = 0; i < procedure->step_count; i++) {
        const struct procedure_step *step = &procedure->steps[i];
        answer_words(json, step->key, step->zh, step->en);
    }
    json_list_end(json);
    json_object_end(json);
}

/* The texts of procedures are no secret: nothing in them belongs to an area. */
static bool procedures(struct request *request, struct answer *answer, struct err *err)
{
    const struct procedures *all = &request->workspace->procedures;
    const struct chains *chains = &request->workspace->chains;
    (void)err;
    struct json *json = answer_json(answer);
    json_object(json);
    json_key(json, "procedures");
    json_list(json);
    for (size_t i = 0; i < all->count; i++) write_procedure(json, &all->items[i]);
    json_list_end(json);
    word_list(json, "ways", &all->ways);
    word_list(json, "results", &all->results);
    word_list(json, "fields", &all->fields);
    json_key(json, "positions");
    json_list(json);
    for (size_t i = 0; i < chains->position_count; i++) {
        const struct position *position = &chains->positions[i];
        if (position->level != LEVEL_FAMILY) {
            answer_words(json, position->key, position->zh, position->en);
        }
    }
    json_list_end(json);
    json_object_end(json);
    return true;
}

#define CASE_NUMBER                                                                                \
    {                                                                                              \
        "case", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "案卷编号", "number of the case"     \
    }
const struct route routes_case[] = {
    {.method = METHOD_GET,
     .pattern = "/api/cases",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = cases,
     .zh = "案卷清单，按期限、编号排序；总数最多数到一万",
     .en = "the work list by due day, then number; counted up to ten thousand",
     .parameters = {ROUTE_AREA,
                    {"procedure", IN_QUERY, PARAMETER_TEXT, false, 0, 64, NULL, "程序的键",
                     "key of a procedure"},
                    {"status", IN_QUERY, PARAMETER_CHOICE, false, 0, 0,
                     "suspected|confirmed|returned|closed|all", "状态", "status"},
                    {"role", IN_QUERY, PARAMETER_CHOICE, false, 0, 0, "school|township|county|city",
                     "待办落到谁处", "with whom it lies"},
                    {"due", IN_QUERY, PARAMETER_DAY, false, 0, 0, NULL, "这一天或以前到期",
                     "due on that day or before"},
                    {"overdue", IN_QUERY, PARAMETER_YES_NO, false, 0, 0, NULL, "只要逾期的",
                     "only what is overdue"},
                    {"person", IN_QUERY, PARAMETER_INTEGER, false, 1, 0, NULL, "人员编号",
                     "number of a person"},
                    ROUTE_PAGE}},
    {.method = METHOD_GET,
     .pattern = "/api/cases/{case}",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_ROWS,
     .handle = one_case,
     .zh = "一份案卷：来龙去脉、步骤、各人责任",
     .en = "one case: its story, its steps, who owes what",
     .parameters = {CASE_NUMBER}},
    {.method = METHOD_GET,
     .pattern = "/api/procedures",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_NONE,
     .handle = procedures,
     .zh = "各程序的步骤和核查结果，联系方式等用词",
     .en = "steps and outcomes of the procedures, and the words that people choose"},
    {.pattern = NULL},
};
