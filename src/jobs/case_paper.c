#include "jobs/case_paper.h"

#include "access/audit.h"
#include "cases/case_words.h"
#include "cases/duty.h"
#include "jobs/case_child.h"

enum { NAME_BYTES_MAX = 1024 };

/* What a paper is filled in from. */
struct filling {
    struct arena *arena;
    const struct notices *notices;
    const struct notice *notice;
    const struct case_paper_order *order;
    const struct casework *work;
    const struct case_file *file;
    struct case_words words; /* Chinese: papers are */
    struct notice_values *values;
};

static void set_day(struct notice_values *values, const char *name, day d)
{
    notice_set(values, name, notice_day(values->arena, d));
}

/* 失学: in no school; 辍学: on a roll and not there. */
static struct str kind_words(struct str kinds)
{
    bool none = str_find(kinds, STR("not_enrolled")) != SIZE_MAX;
    bool away = str_find(kinds, STR("not_attending")) != SIZE_MAX;
    return none ? STR("失学") : away ? STR("辍学") : STR_EMPTY;
}

/* As people keep it in the case, else the outcome under which it was confirmed. */
static void set_reason(const struct filling *filling)
{
    const struct case_file *file = filling->file;
    struct str reason = case_field_value(file->events, file->event_count, "category");
    for (size_t i = file->event_count; reason.len == 0 && i > 0; i--) {
        const struct case_event *event = &file->events[i - 1];
        if (event->kind != EVENT_CONFIRMED) continue;
        reason =
            case_outcome_words(filling->words, file->procedure, case_event_get(event, "outcome"));
    }
    notice_set(filling->values, "child.reason", reason);
}

static void set_case(const struct filling *filling)
{
    const struct case_file *file = filling->file;
    const struct case_state *state = &file->state;
    struct notice_values *values = filling->values;
    const struct procedure_state *stands = state->state;
    notice_set(values, "child.name", state->name);
    notice_set(values, "case.number", str_i64(filling->arena, file->number));
    notice_set(values, "case.state", stands->zh);
    notice_set(values, "case.evidence", STR_EMPTY);
    set_day(values, "case.opened", state->opened);
    set_day(values, "case.reported", state->opened);
    set_day(values, "absent.from", state->reopened);
    set_day(values, "case.returned", state->returned);
    set_day(values, "case.closed", state->closed);
    set_day(values, "day", filling->order->at);
    notice_set(values, "school.name", state->school);
    notice_set(values, "school.code", state->school_code);
    notice_set(values, "child.whereabouts",
               case_field_value(file->events, file->event_count, "whereabouts"));
    notice_set(values, "case.kind", kind_words(state->kinds));
    set_reason(filling);
    if (state->outcome.len > 0) {
        notice_set(values, "case.outcome",
                   case_outcome_words(filling->words, file->procedure, state->outcome));
    }
    if (state->birth.len > 0) {
        day birth;
        if (day_parse(state->birth, &birth)) set_day(values, "child.birth", birth);
    }
    for (size_t i = 0; i < file->event_count; i++) {
        struct str evidence = case_event_get(&file->events[i], "evidence");
        if (evidence.len > 0) notice_set(values, "case.evidence", evidence);
    }
}

static struct str word_of(const struct procedure_words *words, struct str key)
{
    const struct procedure_word *word = procedure_word_find(words, key);
    return word == NULL ? key : word->zh;
}

static void add_visit(const struct filling *filling, const struct case_event *event, size_t number)
{
    const struct procedures *procedures = filling->work->procedures;
    struct notice_values *values = filling->values;
    const struct {
        const char *name;
        struct str text;
    } cells[] = {
        {"visit.way", word_of(&procedures->ways, case_event_get(event, "way"))},
        {"visit.who", case_event_get(event, "who")},
        {"visit.said", case_event_get(event, "said")},
        {"visit.result", word_of(&procedures->results, case_event_get(event, "result"))},
        {"visit.file", case_event_get(event, "file")},
        {"visit.on", notice_day(values->arena, event->on)},
        {"serial", str_u64(filling->arena, number)},
    };
    notice_row(values, "visits");
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        notice_row_set(values, "visits", cells[i].name, cells[i].text);
        /* A record of one visit is of the last. */
        if (!notice_has_list(filling->notice, "visits"))
            notice_set(values, cells[i].name, cells[i].text);
    }
    notice_set(values, "visit.count", str_u64(filling->arena, number));
}

static void add_paper(const struct notices *notices, const struct case_event *event,
                      struct notice_values *values)
{
    const struct notice *notice = notice_find(notices, case_event_get(event, "paper"));
    notice_row(values, "papers");
    notice_row_set(values, "papers", "paper.name",
                   notice == NULL ? case_event_get(event, "paper") : notice->zh);
    notice_row_set(values, "papers", "paper.number", case_event_get(event, "number"));
    notice_row_set(values, "papers", "paper.on", notice_day(values->arena, event->on));
    notice_row_set(values, "papers", "paper.served", case_event_get(event, "served"));
    notice_row_set(values, "papers", "paper.due", case_event_get(event, "due"));
}

static void add_event(const struct filling *filling, const struct case_event *event)
{
    struct notice_values *values = filling->values;
    notice_row(values, "events");
    notice_row_set(values, "events", "event.on", notice_day(values->arena, event->on));
    notice_row_set(values, "events", "event.kind", str_from(case_event_text(event->kind, LANG_ZH)));
    notice_row_set(
        values, "events", "event.text",
        case_event_words(filling->words, filling->work, filling->file->procedure, event, true));
    notice_row_set(values, "events", "event.user", event->user);
}

static void set_story(const struct filling *filling)
{
    const struct case_file *file = filling->file;
    size_t visits = 0;
    for (size_t i = 0; i < file->event_count; i++) {
        const struct case_event *event = &file->events[i];
        if (event->on.days > filling->order->at.days) continue;
        add_event(filling, event);
        if (event->kind == EVENT_CONTACT) add_visit(filling, event, ++visits);
        if (event->kind == EVENT_PAPER) add_paper(filling->notices, event, filling->values);
    }
}

/* Everybody who answers for the child, with what each owes. */
static void set_duties(const struct filling *filling)
{
    static const char *const levels[] = {
        [LEVEL_FAMILY] = "家庭",   [LEVEL_SCHOOL] = "学校", [LEVEL_VILLAGE] = "村",
        [LEVEL_TOWNSHIP] = "乡镇", [LEVEL_COUNTY] = "县区", [LEVEL_CITY] = "市"};
    const struct casework *work = filling->work;
    const struct case_file *file = filling->file;
    struct notice_values *values = filling->values;
    struct duty *duties;
    size_t count;
    duties_of(filling->arena, work->procedures, work->chains, &work->holders, &file->state, &duties,
              &count);
    for (size_t i = 0; i < count; i++) {
        const struct position *position = &work->chains->positions[duties[i].position];
        const struct holder *holder =
            duty_holder(work->chains, &work->holders, &file->state, duties[i].position);
        notice_row(values, "duties");
        notice_row_set(values, "duties", "duty.level", str_from(levels[position->level]));
        notice_row_set(values, "duties", "duty.position", position->zh);
        notice_row_set(values, "duties", "duty.name", holder == NULL ? STR_EMPTY : holder->name);
        notice_row_set(values, "duties", "duty.step", file->procedure->steps[duties[i].step].zh);
        notice_row_set(values, "duties", "duty.due", notice_day(values->arena, duties[i].due));
    }
}

/* The steps that papers may ask for: those done, and `confirmed`. */
static size_t steps_done(const struct case_file *file, struct str *out)
{
    size_t count = 0;
    for (size_t i = 0; i < file->procedure->step_count; i++) {
        if (file->state.steps[i].done_version > 0) out[count++] = file->procedure->steps[i].key;
    }
    if (!day_is_none(file->state.confirmed)) out[count++] = STR("confirmed");
    return count;
}

static void set_given(const struct filling *filling)
{
    const struct case_paper_order *order = filling->order;
    struct notice_values *values = filling->values;
    for (size_t i = 0; i < order->given_count; i++) {
        const struct case_field *field = &order->given[i];
        day d;
        struct str text = day_parse(field->value, &d) ? notice_day(values->arena, d) : field->value;
        notice_set(values, str_cstr(values->arena, field->key), text);
    }
}

/* Who issues it, and its name on the paper: "郭城驿镇人民政府". */
static bool set_issuer(const struct filling *filling, struct str *out, struct err *err)
{
    const struct notice *notice = filling->notice;
    const struct case_state *state = &filling->file->state;
    *out = filling->order->issuer;
    if (out->len == 0 && notice->issuer_count == 1) *out = notice->issuers[0];
    if (out->len == 0) return true;
    const struct notice_issuer *issuer = notice_issuer_find(filling->notices, *out);
    if (issuer == NULL) {
        err_set(err, ERR_NOT_FOUND, "there is no issuer \"%.*s\"", "没有发文机关“%.*s”",
                STR_ARG(*out));
        return err_hint(err, "\"baoxue papers\" lists them", "用 baoxue papers 列出");
    }
    size_t digits = str_is(*out, "township") ? 9 : str_is(*out, "village") ? 12 : 6;
    if (str_is(*out, "city_education")) digits = 4;
    struct str place = state->area.len < digits ? state->area : str_slice(state->area, 0, digits);
    struct text name;
    text_init(&name, filling->arena, NAME_BYTES_MAX);
    text_add(&name, str_is(*out, "school") ? state->school
                                           : division_name_of(filling->words.divisions, place));
    text_add(&name, issuer->suffix);
    notice_set(filling->values, "issuer.name", text_str(&name));
    return true;
}

static bool audit(const struct filling *filling, struct err *err)
{
    const struct case_paper_order *order = filling->order;
    struct workspace *workspace = order->workspace;
    struct text object;
    text_init(&object, filling->arena, NAME_BYTES_MAX);
    text_add_f(&object, "case %lld %.*s", (long long)filling->file->number,
               STR_ARG(filling->notice->key));
    return audit_append(workspace->store, &workspace->clock, order->asker,
                        order->reveal.len > 0 ? AUDIT_REVEAL : AUDIT_EXPORT, text_str(&object),
                        order->reveal, err);
}

bool case_paper_may(const struct notices *notices, const struct notice *notice,
                    const struct case_file *file, struct err *err)
{
    struct str steps[PROCEDURE_STEPS_MAX + 1];
    size_t count = steps_done(file, steps);
    struct str issuer = notice->issuer_count == 0 ? STR_EMPTY : notice->issuers[0];
    return notice_may(notices, notice, issuer, steps, count, err);
}

bool case_paper_make(struct arena *arena, const struct notices *notices,
                     const struct case_paper_order *order, struct case_paper *out, struct err *err)
{
    const struct notice *notice = notice_find(notices, order->paper);
    struct str issuer, steps[PROCEDURE_STEPS_MAX + 1];
    if (notice == NULL || !notice->of_case) {
        err_set(err, ERR_NOT_FOUND, "a case has no paper \"%.*s\"", "案卷没有文书“%.*s”",
                STR_ARG(order->paper));
        return err_hint(err, "\"baoxue papers\" lists them", "用 baoxue papers 列出");
    }
    *out = (struct case_paper){.notice = notice};
    notice_values_init(&out->values, arena);
    const struct filling filling = {
        .arena = arena,
        .notices = notices,
        .notice = notice,
        .order = order,
        .work = order->work,
        .file = order->file,
        .words = {arena, LANG_ZH, order->workspace->divisions},
        .values = &out->values,
    };
    set_case(&filling);
    set_story(&filling);
    set_duties(&filling);
    if (!case_child_values(order->workspace, order->file, order->reveal.len > 0, &out->values, err)
        || !set_issuer(&filling, &issuer, err)) {
        return false;
    }
    set_given(&filling);
    size_t count = steps_done(order->file, steps);
    return notice_check(notices, notice, issuer, steps, count, &out->values, err)
           && audit(&filling, err);
}
