#include "cases/case.h"

static const struct {
    const char *key, *zh, *en;
} kinds[EVENT_KIND_COUNT] = {
    [EVENT_OPENED] = {"opened", "立案", "opened"},
    [EVENT_FACTS] = {"facts", "名册记载变化", "the registers say otherwise"},
    [EVENT_FOUND] = {"found", "比对又见", "found again"},
    [EVENT_UNFOUND] = {"unfound", "比对未见，尚无佐证", "not found any more, without evidence"},
    [EVENT_CONTACT] = {"contact", "联系走访", "contact"},
    [EVENT_CONFIRMED] = {"confirmed", "核查确认", "confirmed"},
    [EVENT_STEP] = {"step", "办理步骤", "step done"},
    [EVENT_RETURNED] = {"returned", "复学", "back"},
    [EVENT_CLOSED] = {"closed", "销号", "closed"},
    [EVENT_REOPENED] = {"reopened", "重新立案", "opened again"},
    [EVENT_TRANSFERRED] = {"transferred", "移交", "transferred"},
    [EVENT_SET] = {"set", "填写", "filled in"},
    [EVENT_ATTACHED] = {"attached", "附件", "attached"},
    [EVENT_PAPER] = {"paper", "文书", "paper"},
    [EVENT_MERGED] = {"merged", "并案", "merged"},
    [EVENT_PERSON] = {"person", "人员编号变更", "the person's number changed"},
};

static const struct {
    const char *key, *zh, *en;
} settles[SETTLE_BY_COUNT] = {
    [SETTLE_BY_PRESENT] = {"present", "到校名册有该生", "among those present at a school"},
    [SETTLE_BY_ON_ROLL] = {"on_roll", "学籍册有该生", "on a roll"},
    [SETTLE_BY_FINISHED] = {"finished", "已完成义务教育", "finished compulsory schooling"},
    [SETTLE_BY_LAWFUL] = {"lawful", "名册载有合法理由", "a register gives a lawful reason"},
    [SETTLE_BY_GONE] = {"gone", "名册载明不再属本地", "by a register not of this place any more"},
    [SETTLE_BY_OVER_AGE] = {"over_age", "已超义务教育年龄", "past the age"},
    [SETTLE_BY_ABSENCE] = {"absence", "比对不再发现", "not found any more"},
};

const char *case_event_key(enum case_event_kind kind)
{
    CHECK(kind < EVENT_KIND_COUNT);
    return kinds[kind].key;
}

const char *case_event_text(enum case_event_kind kind, enum lang lang)
{
    CHECK(kind < EVENT_KIND_COUNT);
    return lang == LANG_EN ? kinds[kind].en : kinds[kind].zh;
}

int case_event_of(struct str key)
{
    for (int i = 0; i < EVENT_KIND_COUNT; i++) {
        if (str_is(key, kinds[i].key)) return i;
    }
    return -1;
}

const char *settle_by_key(enum settle_by by)
{
    CHECK(by < SETTLE_BY_COUNT);
    return settles[by].key;
}

const char *settle_by_text(enum settle_by by, enum lang lang)
{
    CHECK(by < SETTLE_BY_COUNT);
    return lang == LANG_EN ? settles[by].en : settles[by].zh;
}

int settle_by_of(struct str key)
{
    for (int i = 0; i < SETTLE_BY_COUNT; i++) {
        if (str_is(key, settles[i].key)) return i;
    }
    return -1;
}

struct str case_event_get(const struct case_event *event, const char *key)
{
    for (size_t i = 0; i < event->field_count; i++) {
        if (str_is(event->fields[i].key, key)) return event->fields[i].value;
    }
    return STR_EMPTY;
}

bool case_event_is_contact(const struct procedures *procedures, const struct case_event *event)
{
    if (event->kind == EVENT_PAPER) return str_is(case_event_get(event, "served"), "yes");
    if (event->kind != EVENT_CONTACT) return false;
    const struct procedure_word *result =
        procedure_word_find(&procedures->results, case_event_get(event, "result"));
    return result == NULL || !result->not_reached;
}

struct str case_field_value(const struct case_event *events, size_t count, const char *key)
{
    struct str value = STR_EMPTY;
    for (size_t i = 0; i < count; i++) {
        if (events[i].kind != EVENT_SET) continue;
        for (size_t f = 0; f < events[i].field_count; f++) {
            if (str_is(events[i].fields[f].key, key)) value = events[i].fields[f].value;
        }
    }
    return value;
}

struct replay {
    const struct procedures *procedures;
    const struct procedure *procedure;
    struct case_state *state;
};

static day from_of(const struct replay *replay, size_t step)
{
    const struct procedure_step *text = &replay->procedure->steps[step];
    const struct case_state *state = replay->state;
    switch (text->from) {
    case STEP_FROM_OPENED: return state->reopened;
    case STEP_FROM_CONFIRMED: return state->confirmed;
    case STEP_FROM_RETURNED: return state->returned;
    case STEP_FROM_STEP: return state->steps[text->from_step].done;
    }
    CHECK(false);
    return DAY_NONE;
}

static bool asks_queue(const struct procedure_step *text, struct str queue)
{
    if (text->queues == 0) return true;
    struct str rest = queue, part;
    while (str_split(&rest, ';', &part)) {
        for (int i = 0; i < QUEUE_COUNT; i++) {
            if ((text->queues >> i & 1) != 0 && str_is(part, queue_key((enum queue)i))) return true;
        }
    }
    return false;
}

/* Whether the step is owed on this day, by what has happened so far. */
static bool is_owed(const struct replay *replay, size_t step, day on)
{
    const struct procedure_step *text = &replay->procedure->steps[step];
    const struct case_step *mine = &replay->state->steps[step];
    day from = from_of(replay, step);
    if (day_is_none(from) || on.days < from.days) return false;
    if ((text->during >> replay->state->status & 1) == 0) return false;
    if (!day_is_none(mine->done) && text->again_days == 0) return false;
    return asks_queue(text, replay->state->queue);
}

static void mark_done(struct replay *replay, size_t step, const struct case_event *event)
{
    struct case_step *mine = &replay->state->steps[step];
    const struct procedure_step *text = &replay->procedure->steps[step];
    if (!day_is_none(mine->done) && mine->done.days > event->on.days) return;
    mine->done = event->on;
    mine->done_version = event->version;
    if (text->state.len == 0) return;
    const struct procedure_state *state = procedure_state_find(replay->procedure, text->state);
    CHECK(state != NULL); /* procedure_read has seen to it */
    if (state->is != replay->state->status || state == replay->state->state) return;
    replay->state->state = state;
    replay->state->state_version = event->version;
}

static void do_steps(struct replay *replay, const struct case_event *event,
                     enum step_done_by done_by)
{
    for (size_t i = 0; i < replay->procedure->step_count; i++) {
        if (replay->procedure->steps[i].done_by != done_by) continue;
        if (is_owed(replay, i, event->on)) mark_done(replay, i, event);
    }
}

static void forget_steps(struct case_state *state)
{
    for (size_t i = 0; i < PROCEDURE_STEPS_MAX; i++) {
        state->steps[i] = (struct case_step){.done = DAY_NONE, .due = DAY_NONE, .since = DAY_NONE};
    }
}

static void enter(struct replay *replay, enum case_status status, const struct case_event *event)
{
    replay->state->status = status;
    replay->state->state = procedure_state_of(replay->procedure, status);
    replay->state->state_version = event->version;
}

static void open_again(struct replay *replay, const struct case_event *event)
{
    struct case_state *state = replay->state;
    state->reopened = event->on;
    state->confirmed = state->returned = state->closed = DAY_NONE;
    state->found = true;
    state->unfound = false;
    state->settle = STR_EMPTY;
    forget_steps(state);
    enter(replay, CASE_SUSPECTED, event);
}

/* Facts that are stated again stand for those before; one that is not mentioned stays. */
static void take_facts(struct case_state *state, const struct case_event *event)
{
    struct {
        const char *key;
        struct str *value;
    } facts[] = {
        {"name", &state->name},     {"id", &state->id_masked},
        {"birth", &state->birth},   {"area", &state->stated_area},
        {"school", &state->school}, {"school_code", &state->school_code},
        {"kinds", &state->kinds},   {"queue", &state->queue},
        {"reason", &state->reason}, {"findings", &state->findings},
        {"unit", &state->unit},
    };
    for (size_t i = 0; i < event->field_count; i++) {
        struct str key = event->fields[i].key;
        for (size_t k = 0; k < sizeof facts / sizeof *facts; k++) {
            if (!str_is(key, facts[k].key)) continue;
            *facts[k].value = event->fields[i].value;
            if (str_is(key, "area")) state->area = event->fields[i].value;
        }
        if (str_is(key, "person")) (void)str_to_i64(event->fields[i].value, &state->person);
    }
}

static void take_step(struct replay *replay, const struct case_event *event)
{
    struct str key = case_event_get(event, "step");
    struct str paper = event->kind == EVENT_PAPER ? case_event_get(event, "paper") : STR_EMPTY;
    for (size_t i = 0; i < replay->procedure->step_count; i++) {
        const struct procedure_step *text = &replay->procedure->steps[i];
        bool named = key.len > 0 ? str_equal(text->key, key)
                                 : paper.len > 0 && str_equal(text->paper, paper);
        if (!named || event->on.days < replay->state->reopened.days) continue;
        mark_done(replay, i, event);
    }
}

static void take_contact(struct replay *replay, const struct case_event *event)
{
    struct case_state *state = replay->state;
    if (!case_event_is_contact(replay->procedures, event)) return;
    state->contacts++;
    if (day_is_none(state->last_contact) || state->last_contact.days < event->on.days) {
        state->last_contact = event->on;
    }
    do_steps(replay, event, STEP_BY_CONTACT);
    const struct procedure_word *way =
        procedure_word_find(&replay->procedures->ways, case_event_get(event, "way"));
    if (way != NULL && way->home) do_steps(replay, event, STEP_BY_VISIT);
    if (event->kind == EVENT_CONTACT) take_step(replay, event);
}

static void take_outcome(struct case_state *state, const struct case_event *event)
{
    struct str outcome = case_event_get(event, "outcome");
    if (outcome.len > 0) state->outcome = outcome;
    state->settle = case_event_get(event, "settle");
}

static void take_confirmed(struct replay *replay, const struct case_event *event)
{
    struct case_state *state = replay->state;
    take_outcome(state, event);
    do_steps(replay, event, STEP_BY_VERDICT);
    if (state->status != CASE_SUSPECTED) return;
    state->confirmed = event->on;
    enter(replay, CASE_CONFIRMED, event);
}

static void take_closed(struct replay *replay, const struct case_event *event)
{
    struct case_state *state = replay->state;
    take_outcome(state, event);
    do_steps(replay, event, STEP_BY_VERDICT);
    if (state->settle.len > 0) state->found = state->unfound = false;
    state->closed = event->on;
    enter(replay, CASE_CLOSED, event);
}

static void take_returned(struct replay *replay, const struct case_event *event)
{
    struct case_state *state = replay->state;
    take_outcome(state, event);
    if (state->settle.len > 0) state->found = state->unfound = false;
    state->returned = event->on;
    enter(replay, CASE_RETURNED, event);
}

static void take_reopened(struct replay *replay, const struct case_event *event)
{
    struct str cause = case_event_get(event, "cause");
    if (str_is(cause, "relapse")) replay->state->relapses++;
    open_again(replay, event);
}

static void take_found(struct replay *replay, const struct case_event *event)
{
    struct case_state *state = replay->state;
    state->found = true;
    state->unfound = false;
    if (state->status != CASE_RETURNED) return;
    state->relapses++;
    open_again(replay, event);
}

static void take(struct replay *replay, const struct case_event *event)
{
    struct case_state *state = replay->state;
    state->version = event->version;
    switch (event->kind) {
    case EVENT_OPENED:
        state->opened = event->on;
        take_facts(state, event);
        open_again(replay, event);
        break;
    case EVENT_FACTS: take_facts(state, event); break;
    case EVENT_FOUND: take_found(replay, event); break;
    case EVENT_UNFOUND:
        state->found = false;
        state->unfound = true;
        break;
    case EVENT_CONTACT: take_contact(replay, event); break;
    case EVENT_CONFIRMED: take_confirmed(replay, event); break;
    case EVENT_STEP: take_step(replay, event); break;
    case EVENT_PAPER:
        take_contact(replay, event);
        take_step(replay, event);
        break;
    case EVENT_RETURNED: take_returned(replay, event); break;
    case EVENT_CLOSED: take_closed(replay, event); break;
    case EVENT_REOPENED: take_reopened(replay, event); break;
    case EVENT_TRANSFERRED:
        state->area = case_event_get(event, "area");
        state->state_version = event->version;
        if (case_event_get(event, "school").len > 0) {
            state->school = case_event_get(event, "school");
            state->school_code = case_event_get(event, "school_code");
        }
        break;
    case EVENT_MERGED:
        (void)str_to_i64(case_event_get(event, "into"), &state->merged_into);
        state->closed = event->on;
        state->found = false;
        enter(replay, CASE_CLOSED, event);
        break;
    case EVENT_PERSON: take_facts(state, event); break;
    case EVENT_SET:
    case EVENT_ATTACHED: break;
    case EVENT_KIND_COUNT: CHECK(false);
    }
}

static void stand(const struct replay *replay, size_t step)
{
    const struct procedure_step *text = &replay->procedure->steps[step];
    struct case_step *mine = &replay->state->steps[step];
    day from = from_of(replay, step);
    bool done = !day_is_none(mine->done);
    mine->standing = STEP_NOT_YET;
    if (done) mine->standing = STEP_DONE;
    if (day_is_none(from)) return;
    mine->since = from;
    if (!asks_queue(text, replay->state->queue)
        || (text->during >> replay->state->status & 1) == 0) {
        if (!done) mine->standing = STEP_LAPSED;
        return;
    }
    if (done && text->again_days == 0) return;
    mine->standing = STEP_OWED;
    if (done) mine->since = mine->done;
    mine->due = procedure_day_after(replay->procedures, mine->since,
                                    done ? text->again_days : text->days, !done && text->working);
}

bool case_replay(const struct procedures *procedures, const struct procedure *procedure,
                 const struct case_event *events, size_t count, day at, struct case_state *out,
                 struct err *err)
{
    CHECK(procedure != NULL);
    CHECK(!day_is_none(at));
    struct case_state state = {
        .procedure = procedure, .opened = DAY_NONE, .last_contact = DAY_NONE};
    struct replay replay = {procedures, procedure, &state};
    if (count == 0 || events[0].kind != EVENT_OPENED || events[0].on.days > at.days) {
        return err_set(err, ERR_CONFLICT, "the case was not open on this day",
                       "该案卷在这一天尚未立案");
    }
    for (size_t i = 0; i < count; i++) {
        if (events[i].on.days <= at.days) take(&replay, &events[i]);
    }
    for (size_t i = 0; i < procedure->step_count; i++) stand(&replay, i);
    *out = state;
    return true;
}
