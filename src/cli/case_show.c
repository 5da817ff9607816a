#include "access/audit.h"
#include "cases/household.h"
#include "cli/bar.h"
#include "cli/case.h"
#include "cli/report.h"
#include "jobs/person_told.h"

#include <stdio.h>

static const struct report_column columns[] = {
    {"version", "版", "version", true},          {"day", "日期", "day", false},
    {"event", "事项", "event", false},           {"user", "何人", "who", false},
    {"recorded", "记录时间", "recorded", false}, {"text", "内容", "text", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static bool write_events(struct case_call *call, struct report *report,
                         const struct case_file *file, struct err *err)
{
    struct cli *cli = call->cli;
    for (size_t i = 0; i < file->event_count; i++) {
        const struct case_event *event = &file->events[i];
        if (event->on.days > call->when.at.days) continue;
        struct str values[COLUMNS] = {
            cli_number(cli, (uint64_t)event->version),
            cli_date(cli, event->on),
            str_from(case_event_key(event->kind)),
            event->user,
            cli_moment(cli, event->recorded_ms),
            case_event_words(cli_words(cli), &call->work, file->procedure, event, false),
        };
        struct str shown[COLUMNS] = {
            [2] = str_from(case_event_text(event->kind, cli->lang)),
            [5] = case_event_words(cli_words(cli), &call->work, file->procedure, event, true),
        };
        if (!report_row(report, values, shown, err)) return false;
    }
    return true;
}

static void json_facts(struct case_call *call, const struct case_file *file, struct json *json)
{
    const struct case_state *state = &file->state;
    struct cli *cli = call->cli;
    json_key_i64(json, "case", file->number);
    json_key_str(json, "procedure", file->procedure->key);
    json_key_str(json, "status", str_from(case_status_key(state->status)));
    json_key_str(json, "state", state->state->key);
    json_key_i64(json, "version", state->version);
    json_key_i64(json, "person", state->person);
    json_key_str(json, "unit", state->unit);
    json_key_str(json, "name", state->name);
    json_key_str(json, "id_number", state->id_masked);
    json_key_str(json, "birth_date", state->birth);
    json_key_str(json, "area", state->area);
    json_key_str(json, "stated_area", state->stated_area);
    json_key_str(json, "school", state->school);
    json_key_str(json, "kinds", state->kinds);
    json_key_str(json, "queue", state->queue);
    json_key_str(json, "reason", state->reason);
    json_key_str(json, "findings", state->findings);
    json_key_str(json, "opened", cli_date(cli, state->opened));
    json_key_str(json, "reopened", cli_date(cli, state->reopened));
    json_key_str(json, "confirmed", cli_date(cli, state->confirmed));
    json_key_str(json, "returned", cli_date(cli, state->returned));
    json_key_str(json, "closed", cli_date(cli, state->closed));
    json_key_str(json, "outcome", state->outcome);
    json_key_bool(json, "found", state->found);
    json_key_i64(json, "relapses", state->relapses);
    json_key_i64(json, "contacts", state->contacts);
}

static void json_steps(struct case_call *call, const struct case_file *file, struct json *json)
{
    static const char *const standings[] = {"not_yet", "owed", "done", "lapsed"};
    json_key(json, "steps");
    json_list(json);
    for (size_t i = 0; i < file->procedure->step_count; i++) {
        const struct case_step *step = &file->state.steps[i];
        json_object(json);
        json_key_str(json, "step", file->procedure->steps[i].key);
        json_key_str(json, "standing", str_from(standings[step->standing]));
        json_key_str(json, "due", cli_date(call->cli, step->due));
        json_key_str(json, "done", cli_date(call->cli, step->done));
        json_object_end(json);
    }
    json_list_end(json);
}

static struct str holder_name(const struct case_call *call, const struct case_state *state,
                              size_t position)
{
    const struct holder *holder =
        duty_holder(call->work.chains, &call->work.holders, state, position);
    return holder == NULL ? STR_EMPTY : holder->name;
}

static void json_duties(struct case_call *call, const struct case_file *file,
                        const struct duty *duties, size_t count, struct json *json)
{
    json_key(json, "duties");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        json_object(json);
        json_key_str(json, "step", file->procedure->steps[duties[i].step].key);
        json_key_str(json, "position", call->work.chains->positions[duties[i].position].key);
        json_key_str(json, "holder", holder_name(call, &file->state, duties[i].position));
        json_key_i64(json, "level", duties[i].level);
        json_key_bool(json, "covers", duties[i].covers);
        json_key_str(json, "since", cli_date(call->cli, duties[i].since));
        json_key_str(json, "due", cli_date(call->cli, duties[i].due));
        json_key_bool(json, "begun", duties[i].since.days <= call->when.at.days);
        json_object_end(json);
    }
    json_list_end(json);
}

static void tell_head(struct case_call *call, const struct case_file *file)
{
    const struct case_state *state = &file->state;
    struct cli *cli = call->cli;
    struct str procedure = case_say(cli_words(cli), file->procedure->zh, file->procedure->en);
    struct str stands = case_say(cli_words(cli), state->state->zh, state->state->en);
    struct str area = division_name_of(cli->workspace.divisions, state->area);
    struct str who = state->person != 0 ? state->name : state->unit;
    cli_note(cli, "案卷 %lld　%.*s　%.*s　%.*s %.*s　%.*s　%.*s",
             "case %lld, %.*s, %.*s: %.*s %.*s, %.*s, %.*s", (long long)file->number,
             STR_ARG(procedure), STR_ARG(stands), STR_ARG(who), STR_ARG(state->id_masked),
             STR_ARG(area), STR_ARG(state->school));
    if (state->outcome.len > 0) {
        struct str outcome = case_outcome_words(cli_words(cli), file->procedure, state->outcome);
        cli_note(cli, "核查结果：%.*s", "outcome: %.*s", STR_ARG(outcome));
    }
    if (state->unfound && state->status != CASE_CLOSED) {
        cli_note(cli, "比对已不再发现，但没有名册或人员说明原因：须有佐证才能销号",
                 "not found any more, and no register or person says why: it needs evidence");
    }
}

/* Every position of the chain, and of whoever owes a step, with what it owes by when. */
static void tell_position(struct case_call *call, const struct case_file *file,
                          const struct duty *duties, size_t count, size_t position)
{
    struct cli *cli = call->cli;
    const struct case_state *state = &file->state;
    struct str who = case_holder_words(cli_words(cli), &call->work, position, state->area,
                                       state->school_code, state->school);
    bool owes = false;
    for (size_t i = 0; i < count; i++) {
        const struct duty *duty = &duties[i];
        if (duty->position != position) continue;
        struct str step = case_step_words(cli_words(cli), file->procedure,
                                          file->procedure->steps[duty->step].key);
        int late = call->when.at.days - duty->due.days;
        owes = true;
        if (duty->since.days > call->when.at.days) {
            cli_note(cli, "  %.*s：%.*s，逾期未办则 %s 起上报到此",
                     "  %.*s: %.*s, comes up here on %s if it is not done", STR_ARG(who),
                     STR_ARG(step), cli_date(cli, duty->since).ptr);
            continue;
        }
        cli_note(cli, "  %.*s：%.*s，%s 前%s%s", "  %.*s: %.*s by %s%s%s", STR_ARG(who),
                 STR_ARG(step), cli_date(cli, duty->due).ptr,
                 late > 0 ? cli_say(cli, "，已逾期", ", overdue") : "",
                 duty->covers      ? cli_say(cli, "（下级无人）", " (nobody is named below)")
                 : duty->level > 0 ? cli_say(cli, "（上报）", " (came up the chain)")
                                   : "");
    }
    if (!owes) cli_note(cli, "  %.*s：—", "  %.*s: -", STR_ARG(who));
}

static bool is_owner(const struct duty *duties, size_t count, size_t position)
{
    for (size_t i = 0; i < count; i++) {
        if (duties[i].position == position) return true;
    }
    return false;
}

static void tell_duties(struct case_call *call, const struct case_file *file,
                        const struct duty *duties, size_t count)
{
    const struct chains *chains = call->work.chains;
    struct str chain = case_say(cli_words(call->cli), chains->used->zh, chains->used->en);
    cli_note(call->cli, "责任（%.*s）：", "who answers (%.*s):", STR_ARG(chain));
    for (size_t p = 0; p < chains->position_count; p++) {
        bool listed = is_owner(duties, count, p);
        for (size_t i = 0; i < chains->used->count; i++) {
            listed = listed || chains->used->positions[i] == p;
        }
        if (listed) tell_position(call, file, duties, count, p);
    }
}

/* The people among whom a household is looked for; read when --household asks. What happened in the
 * case after the newest day of the registers says nothing of who lives together. */
static bool read_people(struct case_call *call, int64_t person, struct people *people,
                        struct err *err)
{
    struct bar bar;
    struct cli *cli = call->cli;
    struct people_question question = {.now = true, .person = person};
    if (!cli_when(cli, &question.when, err)) return false;
    bar_start(&bar, cli->lang, cli->quiet);
    bool good = job_people_around(&cli->workspace, cli->arena, &cli->asker, &question,
                                  &bar.progress, people, err);
    bar_end(&bar);
    return good;
}

static void tell_member(struct case_call *call, struct json *json, const struct people *people,
                        const struct household_member *member, const struct case_row *rows,
                        size_t count)
{
    struct cli *cli = call->cli;
    const struct person *person = &people->persons[member->person];
    uint32_t record = people->order[person->first];
    struct str name = people_text(people, record, PERSON_NAME);
    struct str birth = cli_date(cli, people->records[record].birth);
    struct text cases;
    text_init(&cases, cli->arena, 4096);
    for (size_t i = 0; i < count; i++) {
        text_add_f(&cases, "%s%lld %s", i == 0 ? "" : "; ", (long long)rows[i].number,
                   case_status_key(rows[i].status));
    }
    if (json == NULL) {
        cli_note(cli, "  同户：%lld 号 %.*s %.*s%s%.*s", "  household: person %lld %.*s %.*s%s%.*s",
                 (long long)person->number, STR_ARG(name), STR_ARG(birth),
                 count == 0 ? "" : cli_say(cli, "，案卷 ", ", cases "), (int)cases.len, cases.ptr);
        return;
    }
    json_object(json);
    json_key_i64(json, "person", person->number);
    json_key_str(json, "name", name);
    json_key_str(json, "birth_date", birth);
    json_key_bool(json, "same_number", member->same_number);
    json_key_bool(json, "same_guardian", member->same_guardian);
    json_key_str(json, "cases", text_str(&cases));
    json_object_end(json);
}

/* Brothers, sisters and others of the household, each with its own cases. */
static bool tell_household(struct case_call *call, const struct case_file *file, struct json *json,
                           struct err *err)
{
    struct people people;
    struct household_member *members = NULL;
    size_t count = 0;
    if (!read_people(call, file->state.person, &people, err)) return false;
    for (uint32_t p = 0; p < people.person_count; p++) {
        if (people.persons[p].number != file->state.person) continue;
        household_members(call->cli->arena, &people, p, &members, &count);
    }
    if (json != NULL) json_key(json, "household");
    if (json != NULL) json_list(json);
    for (size_t i = 0; i < count; i++) {
        struct case_filter filter = {.role = -1,
                                     .status = -2,
                                     .due = DAY_NONE,
                                     .at = call->when.at,
                                     .person = people.persons[members[i].person].number,
                                     .bare = true};
        struct case_row *rows;
        size_t row_count;
        if (!case_list(&call->work, call->cli->arena, &call->cli->asker, &filter, &rows, &row_count,
                       err)) {
            return false;
        }
        tell_member(call, json, &people, &members[i], rows, row_count);
    }
    if (json != NULL) json_list_end(json);
    return true;
}

bool case_read_as_of(struct case_call *call, struct case_file *file, struct err *err)
{
    struct cli *cli = call->cli;
    const struct casework *work = &call->work;
    if (!cli_has(cli, "--at")) {
        if (!case_read(work, cli->arena, &cli->asker, call->number, (day){INT32_MAX}, file, err)) {
            return false;
        }
        for (size_t i = 0; i < file->event_count; i++) {
            if (file->events[i].on.days > call->when.at.days) call->when.at = file->events[i].on;
        }
    }
    return case_read(work, cli->arena, &cli->asker, call->number, call->when.at, file, err);
}

bool case_show(struct case_call *call, struct err *err)
{
    struct cli *cli = call->cli;
    struct case_file file;
    struct duty *duties;
    size_t count;
    struct report *report = NULL;
    if (!case_read_as_of(call, &file, err)
        || !audit_append(cli->workspace.store, &cli->clock, &cli->asker, AUDIT_LOOK,
                         cli_format(cli, "case %lld", (long long)file.number), STR_EMPTY, err)
        || !report_open(&report, cli, "events", columns, COLUMNS, err)) {
        return false;
    }
    duties_of(cli->arena, call->work.procedures, call->work.chains, &call->work.holders,
              &file.state, &duties, &count);
    struct json *json = report_json(report);
    if (json != NULL) {
        json_key_str(json, "at", cli_date(cli, call->when.at));
        json_facts(call, &file, json);
        json_steps(call, &file, json);
        json_duties(call, &file, duties, count, json);
    }
    tell_head(call, &file);
    if (cli_has(cli, "--household") && !tell_household(call, &file, json, err)) return false;
    if (!write_events(call, report, &file, err)) {
        report_abandon(report);
        return false;
    }
    if (!report_close(report, err)) return false;
    fflush(stdout);
    if (json == NULL) tell_duties(call, &file, duties, count);
    return true;
}
