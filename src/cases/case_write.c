#include "cases/case_write.h"

#include "access/audit.h"
#include "cases/case_attachment.h"
#include "findings/finding_store.h"

#include <stdlib.h>

struct writer {
    const struct casework *work;
    struct arena *arena;
    const struct asker *asker;
    const struct case_write *write;
    struct case_file file; /* as it is now */
    day today;
    LIST(struct case_conflict) conflicts;
};

static bool has(const struct case_event *event, const char *key)
{
    return str_trim(case_event_get(event, key)).len > 0;
}

static bool needs(const struct case_event *event, const char *key, const char *en, const char *zh,
                  struct err *err)
{
    if (has(event, key)) return true;
    return err_set(err, ERR_INPUT, "%s is missing%.0s", "%.0s缺少%s", en, zh);
}

/* What may be written instead, in both languages: "03 studies elsewhere; 05 …". */
struct choice_list {
    struct text en, zh;
};

static void choices_init(struct choice_list *list, struct arena *arena)
{
    text_init(&list->en, arena, ERR_TEXT_MAX - 200);
    text_init(&list->zh, arena, ERR_TEXT_MAX - 200);
}

static void choices_add(struct choice_list *list, struct str key, struct str en, struct str zh)
{
    text_add_f(&list->en, "%s%.*s %.*s", list->en.len == 0 ? "" : "; ", STR_ARG(key), STR_ARG(en));
    text_add_f(&list->zh, "%s%.*s %.*s", list->zh.len == 0 ? "" : "；", STR_ARG(key), STR_ARG(zh));
}

static bool name_choices(struct choice_list *list, struct err *err)
{
    if (err == NULL || list->en.len == 0) return false;
    struct err said = *err;
    return err_set(err, said.kind, "%s; there are: %s%.0s%.0s", "%.0s%.0s%s；可写：%s", said.en,
                   list->en.ptr, said.zh, list->zh.ptr);
}

static bool no_such_word(const struct writer *writer, const struct procedure_words *words,
                         struct err *err)
{
    struct choice_list list;
    choices_init(&list, writer->arena);
    for (size_t i = 0; i < words->count; i++) {
        choices_add(&list, words->items[i].key, words->items[i].en, words->items[i].zh);
    }
    return name_choices(&list, err);
}

static bool check_contact(const struct writer *writer, const struct case_event *event,
                          struct err *err)
{
    const struct procedures *texts = writer->work->procedures;
    struct str way = case_event_get(event, "way"), result = case_event_get(event, "result");
    if (way.len == 0 || procedure_word_find(&texts->ways, way) == NULL) {
        err_set(err, ERR_INPUT, "\"%.*s\" is no way of contact", "“%.*s”不是联系方式",
                STR_ARG(way));
        return no_such_word(writer, &texts->ways, err);
    }
    if (result.len == 0 || procedure_word_find(&texts->results, result) == NULL) {
        err_set(err, ERR_INPUT, "\"%.*s\" is no result of a contact", "“%.*s”不是联系结果",
                STR_ARG(result));
        return no_such_word(writer, &texts->results, err);
    }
    if (has(event, "who")) return true;
    return err_set(err, ERR_INPUT, "a contact names who was spoken with or looked for",
                   "联系走访须写明见了谁或找了谁");
}

static bool check_closed(const struct writer *writer, struct err *err)
{
    if (writer->file.state.status != CASE_CLOSED) return true;
    return err_set(err, ERR_CONFLICT, "case %lld is closed; open it again first",
                   "案卷 %lld 已销号，请先重新立案", (long long)writer->file.number);
}

static bool no_such_outcome(const struct writer *writer, struct str code, bool closes,
                            struct err *err)
{
    const struct procedure *procedure = writer->file.procedure;
    struct choice_list list;
    choices_init(&list, writer->arena);
    for (size_t i = 0; i < procedure->outcome_count; i++) {
        const struct procedure_outcome *outcome = &procedure->outcomes[i];
        if (outcome->closes == closes) choices_add(&list, outcome->code, outcome->en, outcome->zh);
    }
    if (str_trim(code).len == 0)
        err_set(err, ERR_INPUT, "the outcome is missing", "缺少核查结果");
    else
        err_set(err, ERR_INPUT, "\"%.*s\" is no outcome of this procedure",
                "“%.*s”不是本程序的核查结果代码", STR_ARG(code));
    return name_choices(&list, err);
}

static bool check_outcome(const struct writer *writer, const struct case_event *event, bool closes,
                          struct err *err)
{
    struct str code = case_event_get(event, "outcome");
    const struct procedure_outcome *outcome = procedure_outcome_find(writer->file.procedure, code);
    if (!check_closed(writer, err)) return false;
    if (outcome == NULL) return no_such_outcome(writer, code, closes, err);
    if (closes && !outcome->closes) {
        return err_set(err, ERR_INPUT,
                       "outcome %.*s does not close a case: it confirms that the child is missing",
                       "核查结果 %.*s 不能销号，只能确认属实", STR_ARG(code));
    }
    if (!closes && outcome->closes) {
        return err_set(err, ERR_INPUT, "outcome %.*s closes the case: close it with its evidence",
                       "核查结果 %.*s 属销号结果，请连同佐证销号", STR_ARG(code));
    }
    if (!closes || has(event, "evidence") || has(event, "file")) return true;
    return err_set(err, ERR_INPUT, "outcome %s needs evidence: %s%.0s",
                   "核查结果 %s 须有佐证：%.0s%s", str_cstr(writer->arena, code),
                   str_cstr(writer->arena, outcome->evidence_en),
                   str_cstr(writer->arena, outcome->evidence_zh));
}

static bool no_such_step(const struct writer *writer, struct str key, struct err *err)
{
    const struct procedure *procedure = writer->file.procedure;
    struct choice_list list;
    choices_init(&list, writer->arena);
    for (size_t i = 0; i < procedure->step_count; i++) {
        const struct procedure_step *step = &procedure->steps[i];
        if (writer->file.state.steps[i].standing == STEP_OWED)
            choices_add(&list, step->key, step->en, step->zh);
    }
    err_set(err, ERR_INPUT, "\"%.*s\" is no step of this procedure", "“%.*s”不是本程序的步骤",
            STR_ARG(key));
    return name_choices(&list, err);
}

static bool check_step(const struct writer *writer, const struct case_event *event, struct err *err)
{
    struct str key = case_event_get(event, "step");
    int step = procedure_step_find(writer->file.procedure, key);
    if (step < 0) return no_such_step(writer, key, err);
    if (writer->file.state.steps[step].standing == STEP_OWED) return true;
    return err_set(err, ERR_CONFLICT, "the step \"%.*s\" is not owed now", "步骤“%.*s”现在无须办理",
                   STR_ARG(key));
}

static bool check_transfer(const struct writer *writer, const struct case_event *event,
                           struct err *err)
{
    struct str area = case_event_get(event, "area");
    struct str code = division_code_read(writer->arena, area);
    if (!check_closed(writer, err)) return false;
    if (code.len == 0 || !str_equal(code, area)) {
        return err_set(err, ERR_INPUT, "\"%.*s\" is no division code of 6, 9 or 12 digits",
                       "“%.*s”不是 6、9 或 12 位区划代码", STR_ARG(area));
    }
    if (str_equal(area, writer->file.state.area)) {
        return err_set(err, ERR_CONFLICT, "case %lld is there already", "案卷 %lld 已在该区划",
                       (long long)writer->file.number);
    }
    return needs(event, "why", "the reason", "理由", err);
}

static bool check_set(const struct writer *writer, const struct case_event *event, struct err *err)
{
    for (size_t i = 0; i < event->field_count; i++) {
        struct str key = event->fields[i].key;
        if (procedure_word_find(&writer->work->procedures->fields, key) != NULL) continue;
        return err_set(err, ERR_INPUT, "\"%.*s\" is no field of a case", "案卷没有“%.*s”这一栏",
                       STR_ARG(key));
    }
    if (event->field_count > 0) return true;
    return err_set(err, ERR_INPUT, "nothing is filled in", "没有填写任何内容");
}

/* A child said to be back is watched; the outcome is the one under which attendance ends a case. */
static bool check_returned(struct writer *writer, struct case_event *event, struct err *err)
{
    const struct procedure *procedure = writer->file.procedure;
    if (!check_closed(writer, err)
        || !needs(event, "evidence", "where the child is back", "复学的学校等佐证", err)) {
        return false;
    }
    for (size_t i = 0; i < procedure->settle_count; i++) {
        if (procedure->settles[i].watch_days == 0) continue;
        struct case_fields fields = {.arena = writer->arena};
        for (size_t f = 0; f < event->field_count; f++) {
            case_fields_put(&fields, event->fields[f].key, event->fields[f].value);
        }
        case_fields_add(&fields, "outcome", procedure->settles[i].outcome);
        event->fields = fields.items.items;
        event->field_count = fields.items.count;
        return true;
    }
    return err_set(err, ERR_CONFLICT, "under this procedure nobody returns", "本程序没有复学一说");
}

static bool check_reopened(const struct writer *writer, const struct case_event *event,
                           struct err *err)
{
    if (writer->file.state.status != CASE_CLOSED) {
        return err_set(err, ERR_CONFLICT, "case %lld is open", "案卷 %lld 并未销号",
                       (long long)writer->file.number);
    }
    if (writer->file.state.merged_into != 0) {
        return err_set(err, ERR_CONFLICT, "case %lld goes on as case %lld",
                       "案卷 %lld 已并入案卷 %lld", (long long)writer->file.number,
                       (long long)writer->file.state.merged_into);
    }
    return needs(event, "why", "the reason", "理由", err);
}

static bool check_kind(struct writer *writer, struct case_event *event, struct err *err)
{
    switch (event->kind) {
    case EVENT_CONTACT: return check_contact(writer, event, err);
    case EVENT_CONFIRMED: return check_outcome(writer, event, false, err);
    case EVENT_CLOSED: return check_outcome(writer, event, true, err);
    case EVENT_STEP: return check_step(writer, event, err);
    case EVENT_PAPER: return needs(event, "paper", "which paper", "文书", err);
    case EVENT_RETURNED: return check_returned(writer, event, err);
    case EVENT_REOPENED: return check_reopened(writer, event, err);
    case EVENT_TRANSFERRED: return check_transfer(writer, event, err);
    case EVENT_SET: return check_set(writer, event, err);
    case EVENT_ATTACHED: return needs(event, "file", "the file", "附件", err);
    case EVENT_OPENED:
    case EVENT_FACTS:
    case EVENT_FOUND:
    case EVENT_UNFOUND:
    case EVENT_MERGED:
    case EVENT_PERSON:
    case EVENT_KIND_COUNT: break;
    }
    CHECK(false); /* only a run writes these */
    return false;
}

static bool is_of_state(enum case_event_kind kind)
{
    return kind == EVENT_CONFIRMED || kind == EVENT_CLOSED || kind == EVENT_RETURNED
           || kind == EVENT_REOPENED || kind == EVENT_TRANSFERRED;
}

static bool check_may(const struct writer *writer, const struct case_event *event, struct err *err)
{
    bool state = is_of_state(event->kind);
    if (asker_may(writer->asker, state ? CAPABILITY_REVIEW : CAPABILITY_WORK)) return true;
    return err_set(err, ERR_DENIED,
                   state ? "confirming, closing, opening again and moving a case is for township, "
                           "county and city"
                         : "recording in cases is not among what this role does",
                   state ? "核查确认、销号、重新立案和移交由乡镇、县区和市办理"
                         : "这一角色不办理案卷");
}

static bool check_day(const struct writer *writer, const struct case_event *event, struct err *err)
{
    bool earlier = event->kind == EVENT_CONTACT || event->kind == EVENT_ATTACHED;
    day from = earlier ? DAY_NONE : writer->file.state.reopened;
    if (event->on.days >= from.days && event->on.days <= writer->today.days) return true;
    return err_set(err, ERR_INPUT, "the day must lie between the opening of the case and today",
                   "日期应在立案之日与今天之间");
}

static void add_conflict(struct writer *writer, struct str field, struct str yours,
                         struct str theirs, const struct case_event *event)
{
    *list_push(writer->arena, &writer->conflicts) =
        (struct case_conflict){field, yours, theirs, event->user, event->version};
}

/* Fields that both write, to another value. */
static void compare_set(struct writer *writer, const struct case_event *mine,
                        const struct case_event *theirs)
{
    for (size_t i = 0; i < mine->field_count; i++) {
        for (size_t k = 0; k < theirs->field_count; k++) {
            const struct case_field *a = &mine->fields[i], *b = &theirs->fields[k];
            if (!str_equal(a->key, b->key) || str_equal(a->value, b->value)) continue;
            add_conflict(writer, a->key, a->value, b->value, theirs);
        }
    }
}

static bool check_seen(struct writer *writer, struct err *err)
{
    const struct case_write *write = writer->write;
    if (write->seen == CASE_SEEN_ANY) return true;
    for (size_t e = 0; e < write->count; e++) {
        const struct case_event *mine = &write->events[e];
        for (size_t i = 0; i < writer->file.event_count; i++) {
            const struct case_event *other = &writer->file.events[i];
            if (other->version <= write->seen) continue;
            if (mine->kind == EVENT_SET && other->kind == EVENT_SET) {
                compare_set(writer, mine, other);
            } else if (is_of_state(mine->kind)
                       && (is_of_state(other->kind) || other->kind == EVENT_MERGED)) {
                add_conflict(writer, STR("state"), str_from(case_event_key(mine->kind)),
                             str_from(case_event_key(other->kind)), other);
            }
        }
    }
    if (writer->conflicts.count == 0) return true;
    const struct case_conflict *first = &writer->conflicts.items[0];
    return err_set(err, ERR_CONFLICT,
                   "case %lld was changed since version %lld: %.*s, by %.*s in version %lld",
                   "案卷 %lld 在第 %lld 版之后有改动：%.*s，由 %.*s 在第 %lld 版写入",
                   (long long)write->number, (long long)write->seen, STR_ARG(first->field),
                   STR_ARG(first->user), (long long)first->version);
}

/* Findings of the case stand as it does. */
static bool mark_findings(struct writer *writer, day at, struct err *err)
{
    const struct case_state *state = &writer->file.state;
    struct str rest = state->findings, part;
    enum finding_status status = state->status == CASE_CLOSED      ? FINDING_CLOSED
                                 : state->status == CASE_SUSPECTED ? FINDING_SUSPECTED
                                                                   : FINDING_CONFIRMED;
    if (!state->found) return true;
    while (str_split(&rest, ';', &part)) {
        int64_t number;
        if (!str_to_i64(part, &number)) continue;
        if (!finding_mark(writer->work->registry->store, number, status, at, err)) return false;
    }
    return true;
}

static bool audit(const struct writer *writer, const struct case_event *event, struct err *err)
{
    struct text object;
    text_init(&object, writer->arena, 64);
    text_add_f(&object, "case %lld", (long long)writer->write->number);
    return audit_append(writer->work->registry->store, &writer->work->registry->clock,
                        writer->asker, AUDIT_CASE, text_str(&object),
                        str_from(case_event_key(event->kind)), err);
}

/* The child's case under a procedure; 0: there is none. */
static bool find_case(struct writer *writer, struct str procedure, int64_t *number, bool *closed,
                      struct err *err)
{
    struct store_statement *get = NULL;
    bool row = false;
    *number = 0;
    if (!store_prepare(writer->work->registry->store, &get,
                       "SELECT number, status = 'closed' FROM case_file "
                       "WHERE procedure = $procedure AND person = $person",
                       err)) {
        return false;
    }
    store_bind_str(get, "$procedure", procedure);
    store_bind_i64(get, "$person", writer->file.state.person);
    bool good = store_step(get, &row, err);
    if (good && row) {
        *number = store_i64(get, 0);
        *closed = store_i64(get, 1) != 0;
    }
    store_finish(get);
    return good;
}

/* What the case that follows says of the child: as this one does. */
static void tell_child(const struct writer *writer, const struct procedure_outcome *outcome,
                       struct case_fields *fields)
{
    const struct case_state *state = &writer->file.state;
    case_fields_add_number(fields, "person", state->person);
    case_fields_add(fields, "name", state->name);
    case_fields_add(fields, "id", state->id_masked);
    case_fields_add(fields, "birth", state->birth);
    case_fields_add(fields, "area", state->area);
    case_fields_add(fields, "school", state->school);
    case_fields_add(fields, "school_code", state->school_code);
    case_fields_add(fields, "queue", outcome->next_queue);
}

/* An outcome that another procedure follows opens the child's case under that one, or opens it
 * again; one that is open already goes on. */
static bool follow(struct writer *writer, const struct case_event *closing, struct err *err)
{
    const struct case_file *file = &writer->file;
    const struct procedure_outcome *outcome =
        procedure_outcome_find(file->procedure, case_event_get(closing, "outcome"));
    struct case_fields fields = {.arena = writer->arena};
    int64_t number;
    bool closed = false;
    if (closing->kind != EVENT_CLOSED || outcome == NULL || outcome->next.len == 0) return true;
    if (file->state.person == 0) return true;
    const struct procedure *next = procedure_find(writer->work->procedures, outcome->next);
    CHECK(next != NULL);
    if (!find_case(writer, outcome->next, &number, &closed, err)) return false;
    if (number != 0 && !closed) return true;
    if (number == 0) tell_child(writer, outcome, &fields);
    case_fields_add(&fields, "cause", STR("follows"));
    case_fields_add_number(&fields, "from_case", file->number);
    struct case_event event = {.kind = number == 0 ? EVENT_OPENED : EVENT_REOPENED,
                               .on = closing->on,
                               .recorded_ms = closing->recorded_ms,
                               .user = closing->user,
                               .fields = fields.items.items,
                               .field_count = fields.items.count};
    return case_append(writer->work, writer->arena, next, &number, &event, 1, err);
}

static bool takes_file(enum case_event_kind kind)
{
    return kind == EVENT_CONTACT || kind == EVENT_STEP || kind == EVENT_PAPER
           || kind == EVENT_CONFIRMED || kind == EVENT_RETURNED || kind == EVENT_CLOSED
           || kind == EVENT_ATTACHED;
}

/* The event with what it says of a file that comes with it. */
static void tell_file(const struct writer *writer, struct case_event *event,
                      const struct case_attachment *attachment)
{
    struct case_fields fields = {.arena = writer->arena};
    for (size_t i = 0; i < event->field_count; i++) {
        case_fields_put(&fields, event->fields[i].key, event->fields[i].value);
    }
    case_attachment_tell(attachment, &fields);
    event->fields = fields.items.items;
    event->field_count = fields.items.count;
}

static bool write_event(struct writer *writer, struct case_event *event,
                        const struct case_attachment *attachment, struct err *err)
{
    struct case_file *file = &writer->file;
    struct registry *registry = writer->work->registry;
    int64_t number = writer->write->number;
    if (attachment != NULL) tell_file(writer, event, attachment);
    event->user = writer->asker->name;
    event->recorded_ms = clock_now_ms(&registry->clock);
    if (!check_may(writer, event, err) || !check_day(writer, event, err)
        || !check_kind(writer, event, err)
        || !case_append(writer->work, writer->arena, file->procedure, &number, event, 1, err)
        || !audit(writer, event, err)
        || !case_read(writer->work, writer->arena, &(struct asker){.all_areas = true}, number,
                      (day){INT32_MAX}, file, err)) {
        return false;
    }
    if (attachment != NULL
        && !case_attachment_keep(registry->store, registry->codec, number, file->state.version,
                                 attachment, err)) {
        return false;
    }
    if (is_of_state(event->kind) && !mark_findings(writer, event->on, err)) return false;
    return follow(writer, event, err);
}

static bool write_events(struct writer *writer, struct err *err)
{
    const struct case_write *write = writer->write;
    size_t kept = 0;
    if (!case_read(writer->work, writer->arena, writer->asker, write->number, (day){INT32_MAX},
                   &writer->file, err)
        || !check_seen(writer, err)) {
        return false;
    }
    for (size_t i = 0; i < write->count; i++) {
        struct case_event *event = &write->events[i];
        bool takes = kept == 0 && write->attachment_count > 0 && takes_file(event->kind);
        if (!write_event(writer, event, takes ? &write->attachments[0] : NULL, err)) return false;
        kept += takes;
    }
    for (; kept < write->attachment_count; kept++) {
        struct case_event event = {.kind = EVENT_ATTACHED,
                                   .on = write->count > 0 ? write->events[0].on : writer->today};
        if (!write_event(writer, &event, &write->attachments[kept], err)) return false;
    }
    return true;
}

bool case_write_within(const struct casework *work, struct arena *arena, const struct asker *asker,
                       const struct case_write *write, struct case_conflict **conflicts,
                       size_t *conflict_count, int64_t *version, struct err *err)
{
    struct writer writer = {.work = work,
                            .arena = arena,
                            .asker = asker,
                            .write = write,
                            .today = clock_today(&work->registry->clock)};
    CHECK(write->count + write->attachment_count > 0);
    CHECK(write->count <= CASE_WRITES_MAX);
    CHECK(write->attachment_count <= CASE_ATTACHMENTS_MAX);
    CHECK(store_in_transaction(work->registry->store));
    bool good = write_events(&writer, err);
    if (conflicts != NULL) {
        *conflicts = writer.conflicts.items;
        *conflict_count = writer.conflicts.count;
    }
    if (good) *version = writer.file.state.version;
    return good;
}

bool case_write(const struct casework *work, struct arena *arena, const struct asker *asker,
                const struct case_write *write, struct case_conflict **conflicts,
                size_t *conflict_count, int64_t *version, struct err *err)
{
    int64_t written = 0;
    if (!store_begin(work->registry->store, err)) return false;
    bool good =
        case_write_within(work, arena, asker, write, conflicts, conflict_count, &written, err);
    if (!store_end(work->registry->store, good, err)) return false;
    *version = written;
    return true;
}
