#include "access/audit.h"
#include "access/codec.h"
#include "base/file.h"
#include "cases/duty.h"
#include "cli/case.h"
#include "cli/case_child.h"
#include "identity/id_number.h"

/* The papers of one case: what the law asks of who issues them and of what came before is checked
 * where papers are (papers/notice.h); here the case and the registers fill them in. */

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
static void set_reason(const struct case_call *call, const struct case_file *file,
                       struct notice_values *values)
{
    struct str reason = case_field_value(file->events, file->event_count, "category");
    for (size_t i = file->event_count; reason.len == 0 && i > 0; i--) {
        const struct case_event *event = &file->events[i - 1];
        if (event->kind != EVENT_CONFIRMED) continue;
        reason = case_outcome_words(call->cli, file->procedure, case_event_get(event, "outcome"));
    }
    notice_set(values, "child.reason", reason);
}

static void set_case(const struct case_call *call, const struct case_file *file,
                     struct notice_values *values)
{
    const struct case_state *state = &file->state;
    const struct cli *cli = call->cli;
    const struct procedure_state *stands = state->state;
    notice_set(values, "child.name", state->name);
    notice_set(values, "case.number", cli_number(cli, (uint64_t)file->number));
    notice_set(values, "case.state", stands->zh);
    notice_set(values, "case.evidence", STR_EMPTY);
    set_day(values, "case.opened", state->opened);
    set_day(values, "case.reported", state->opened);
    set_day(values, "absent.from", state->reopened);
    set_day(values, "case.returned", state->returned);
    set_day(values, "case.closed", state->closed);
    set_day(values, "day", call->when.at);
    notice_set(values, "school.name", state->school);
    notice_set(values, "school.code", state->school_code);
    notice_set(values, "child.whereabouts",
               case_field_value(file->events, file->event_count, "whereabouts"));
    notice_set(values, "case.kind", kind_words(state->kinds));
    set_reason(call, file, values);
    if (state->outcome.len > 0) {
        notice_set(values, "case.outcome",
                   case_outcome_words(cli, file->procedure, state->outcome));
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

static void add_visit(const struct case_call *call, const struct notice *notice,
                      const struct case_event *event, size_t number, struct notice_values *values)
{
    const struct procedures *procedures = call->work.procedures;
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
        {"serial", cli_number(call->cli, number)},
    };
    notice_row(values, "visits");
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        notice_row_set(values, "visits", cells[i].name, cells[i].text);
        /* A record of one visit is of the last. */
        if (!notice_has_list(notice, "visits")) notice_set(values, cells[i].name, cells[i].text);
    }
    notice_set(values, "visit.count", cli_number(call->cli, number));
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

static void add_event(const struct case_call *call, const struct case_file *file,
                      const struct case_event *event, struct notice_values *values)
{
    notice_row(values, "events");
    notice_row_set(values, "events", "event.on", notice_day(values->arena, event->on));
    notice_row_set(values, "events", "event.kind", str_from(case_event_text(event->kind, LANG_ZH)));
    notice_row_set(values, "events", "event.text",
                   case_event_words(call->cli, &call->work, file->procedure, event, true));
    notice_row_set(values, "events", "event.user", event->user);
}

static void set_story(const struct case_call *call, const struct notices *notices,
                      const struct notice *notice, const struct case_file *file,
                      struct notice_values *values)
{
    size_t visits = 0;
    for (size_t i = 0; i < file->event_count; i++) {
        const struct case_event *event = &file->events[i];
        if (event->on.days > call->when.at.days) continue;
        add_event(call, file, event, values);
        if (event->kind == EVENT_CONTACT) add_visit(call, notice, event, ++visits, values);
        if (event->kind == EVENT_PAPER) add_paper(notices, event, values);
    }
}

/* Everybody who answers for the child, with what each owes. */
static void set_duties(const struct case_call *call, const struct case_file *file,
                       struct notice_values *values)
{
    static const char *const levels[] = {
        [LEVEL_FAMILY] = "家庭",   [LEVEL_SCHOOL] = "学校", [LEVEL_VILLAGE] = "村",
        [LEVEL_TOWNSHIP] = "乡镇", [LEVEL_COUNTY] = "县区", [LEVEL_CITY] = "市"};
    const struct casework *work = &call->work;
    struct duty *duties;
    size_t count;
    duties_of(call->cli->arena, work->procedures, work->chains, &work->holders, &file->state,
              &duties, &count);
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

/* --set NAME=VALUE: what only the office knows; a day as 2020-10-10 is written out. */
static bool set_given(const struct case_call *call, struct notice_values *values, struct err *err)
{
    struct case_fields given = {.arena = call->cli->arena};
    if (!case_read_fields(call, &given, err)) return false;
    for (size_t i = 0; i < given.items.count; i++) {
        const struct case_field *field = &given.items.items[i];
        day d;
        struct str text = day_parse(field->value, &d) ? notice_day(values->arena, d) : field->value;
        notice_set(values, str_cstr(values->arena, field->key), text);
    }
    return true;
}

/* Who issues it, and its name on the paper: "郭城驿镇人民政府". */
static bool set_issuer(const struct case_call *call, const struct notices *notices,
                       const struct notice *notice, const struct case_file *file, struct str *out,
                       struct notice_values *values, struct err *err)
{
    const char *said = cli_option(call->cli, "--issuer");
    *out = said != NULL ? str_from(said) : STR_EMPTY;
    if (said == NULL && notice->issuer_count == 1) *out = notice->issuers[0];
    if (out->len == 0) return true;
    const struct notice_issuer *issuer = notice_issuer_find(notices, *out);
    if (issuer == NULL) {
        return err_set(err, ERR_NOT_FOUND,
                       "there is no issuer \"%.*s\"; \"baoxue papers\" lists them",
                       "没有发文机关“%.*s”，用 baoxue papers 列出", STR_ARG(*out));
    }
    struct str area = file->state.area;
    size_t digits = str_is(*out, "township") ? 9 : str_is(*out, "village") ? 12 : 6;
    if (str_is(*out, "city_education")) digits = 4;
    struct str place = area.len < digits ? area : str_slice(area, 0, digits);
    struct str name = str_is(*out, "school")
                          ? file->state.school
                          : division_name_of(call->cli->workspace.divisions, place);
    notice_set(values, "issuer.name",
               cli_format(call->cli, "%.*s%.*s", STR_ARG(name), STR_ARG(issuer->suffix)));
    return true;
}

/* What the case and its registers say, below what was said with --set. */
static bool fill(struct case_call *call, const struct notices *notices, const struct notice *notice,
                 const struct case_file *file, struct str *issuer, struct notice_values *values,
                 struct err *err)
{
    struct cli *cli = call->cli;
    struct str reason;
    if (!cli_reveal(cli, &reason, err)) return false;
    struct str object =
        cli_format(cli, "case %lld %.*s", (long long)file->number, STR_ARG(notice->key));
    notice_values_init(values, cli->arena);
    set_case(call, file, values);
    set_story(call, notices, notice, file, values);
    set_duties(call, file, values);
    return case_child_values(cli, file, reason.len > 0, values, err)
           && set_issuer(call, notices, notice, file, issuer, values, err)
           && set_given(call, values, err)
           && audit_append(cli->workspace.store, &cli->clock, &cli->asker,
                           reason.len > 0 ? AUDIT_REVEAL : AUDIT_EXPORT, object, reason, err);
}

bool case_print(struct case_call *call, struct err *err)
{
    struct cli *cli = call->cli;
    const char *key = cli->word_count > 2 ? cli->words[2] : NULL, *out = cli_option(cli, "--out");
    struct case_file file;
    struct notices notices;
    struct notice_values values;
    struct str issuer, steps[PROCEDURE_STEPS_MAX + 1];
    if (key == NULL || out == NULL) {
        return err_set(err, ERR_USAGE,
                       "say which paper and where to: case ID print PAPER --out FILE.pdf",
                       "请写明文书和文件：case 编号 print 文书 --out 文件.pdf");
    }
    if (!case_read_as_of(call, &file, err)
        || !notices_load(&notices, cli->arena, cli->workspace.policies, err)) {
        return false;
    }
    const struct notice *notice = notice_find(&notices, str_from(key));
    if (notice == NULL) {
        return err_set(err, ERR_NOT_FOUND, "there is no paper \"%s\"; \"baoxue papers\" lists them",
                       "没有文书“%s”，用 baoxue papers 列出", key);
    }
    if (!fill(call, &notices, notice, &file, &issuer, &values, err)) return false;
    size_t count = steps_done(&file, steps);
    if (!notice_check(&notices, notice, issuer, steps, count, &values, err)
        || !notice_write(notice, &values, call->when.at, out, err)) {
        return false;
    }
    cli_note(cli, "已写出 %s", "written: %s", out);
    return true;
}
