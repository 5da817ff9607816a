#include "access/audit_action.h"
#include "base/dict.h"
#include "web/routes.h"
#include "web/show.h"

/* The words of the domain in both languages, so that the console has no second list of them. */

static void begin(struct json *json, const char *key)
{
    json_key(json, key);
    json_list(json);
}

static void word(struct json *json, const char *key, const char *zh, const char *en)
{
    answer_words(json, str_from(key), str_from(zh), str_from(en));
}

static void write_findings(struct json *json, const struct rules *rules)
{
    begin(json, "finding_kinds");
    for (int i = 0; i < FINDING_KIND_COUNT; i++) {
        enum finding_kind kind = (enum finding_kind)i;
        word(json, finding_kind_key(kind), finding_kind_text(kind, LANG_ZH),
             finding_kind_text(kind, LANG_EN));
    }
    json_list_end(json);
    begin(json, "queues");
    for (int i = 0; i < QUEUE_COUNT; i++) {
        enum queue queue = (enum queue)i;
        word(json, queue_key(queue), queue_text(queue, LANG_ZH), queue_text(queue, LANG_EN));
    }
    json_list_end(json);
    begin(json, "statuses");
    for (int i = 0; i <= FINDING_CLOSED; i++) {
        enum finding_status status = (enum finding_status)i;
        word(json, finding_status_key(status), finding_status_text(status, LANG_ZH),
             finding_status_text(status, LANG_EN));
    }
    json_list_end(json);
    begin(json, "reasons");
    for (size_t i = 0; i < rules->reason_count; i++) {
        answer_words(json, rules->reasons[i].key, rules->reasons[i].zh, rules->reasons[i].en);
    }
    json_list_end(json);
    begin(json, "verdicts");
    for (int i = 0; i <= REVIEW_OPEN; i++) {
        enum review_verdict verdict = (enum review_verdict)i;
        word(json, review_verdict_key(verdict), review_verdict_text(verdict, LANG_ZH),
             review_verdict_text(verdict, LANG_EN));
    }
    json_list_end(json);
}

/* What a register calls its fields, which differs ("from": since when supported, day of death), and
 * the words of their choices. */
static void write_register_fields(struct json *json, const struct profile *profile)
{
    begin(json, "fields");
    for (size_t f = 0; f < profile->field_count; f++) {
        const struct profile_field *field = &profile->fields[f];
        json_object(json);
        json_key_str(json, "key", field->key);
        json_key_str(json, "zh", field->zh);
        json_key_str(json, "en", field->en);
        begin(json, "choices");
        for (size_t c = 0; c < field->choice_count; c++) {
            answer_words(json, field->choices[c].key, field->choices[c].zh, field->choices[c].en);
        }
        json_list_end(json);
        json_object_end(json);
    }
    json_list_end(json);
}

static void write_registers(struct json *json, const struct profiles *profiles)
{
    begin(json, "registers");
    for (size_t i = 0; i < profiles->count; i++) {
        const struct profile *profile = &profiles->items[i];
        json_object(json);
        json_key_str(json, "key", profile->key);
        json_key_str(json, "zh", profile->zh);
        json_key_str(json, "en", profile->en);
        json_key_bool(json, "people", profile->people);
        write_register_fields(json, profile);
        json_object_end(json);
    }
    json_list_end(json);
}

/* A field means the same in every register, so the first that has it lends its words. */
static void write_fields(struct json *json, struct arena *arena, const struct profiles *profiles)
{
    struct dict seen;
    dict_init(&seen, arena);
    begin(json, "fields");
    for (size_t f = 0; f < profiles->common_count; f++) {
        const struct profile_field *field = &profiles->common[f];
        dict_put(&seen, field->key);
        answer_words(json, field->key, field->zh, field->en);
    }
    for (size_t i = 0; i < profiles->count; i++) {
        for (size_t f = 0; f < profiles->items[i].field_count; f++) {
            const struct profile_field *field = &profiles->items[i].fields[f];
            uint32_t before = seen.count;
            if (dict_put(&seen, field->key) < before) continue;
            answer_words(json, field->key, field->zh, field->en);
        }
    }
    json_list_end(json);
}

static void write_stages(struct json *json, const struct profiles *profiles)
{
    begin(json, "stages");
    for (size_t f = 0; f < profiles->common_count; f++) {
        const struct profile_field *field = &profiles->common[f];
        for (size_t c = 0; str_is(field->key, "stage") && c < field->choice_count; c++) {
            answer_words(json, field->choices[c].key, field->choices[c].zh, field->choices[c].en);
        }
    }
    json_list_end(json);
}

static void write_notes(struct json *json)
{
    begin(json, "notes");
    for (size_t i = 0; intake_note_code(i) != NULL; i++) {
        struct str code = str_from(intake_note_code(i));
        json_object(json);
        json_key_str(json, "code", code);
        json_key_str(json, "zh", str_from(intake_note_text(code, LANG_ZH)));
        json_key_str(json, "en", str_from(intake_note_text(code, LANG_EN)));
        json_object_end(json);
    }
    json_list_end(json);
}

static void write_actions(struct json *json)
{
    begin(json, "actions");
    for (int i = 0; i < AUDIT_ACTION_COUNT; i++) {
        enum audit_action action = (enum audit_action)i;
        word(json, audit_action_key(action), audit_action_text(action, LANG_ZH),
             audit_action_text(action, LANG_EN));
    }
    json_list_end(json);
}

static void write_roles(struct json *json)
{
    begin(json, "roles");
    for (int i = 0; i < ROLE_COUNT; i++) {
        enum role role = (enum role)i;
        json_object(json);
        json_key_str(json, "key", str_from(role_key(role)));
        json_key_str(json, "zh", str_from(role_text(role, LANG_ZH)));
        json_key_str(json, "en", str_from(role_text(role, LANG_EN)));
        json_key_str(json, "place", str_from(role_place_key(role_place(role))));
        json_object_end(json);
    }
    json_list_end(json);
    begin(json, "capabilities");
    for (int i = 0; i < CAPABILITY_COUNT; i++) {
        word(json, capability_key(i), capability_text(i, LANG_ZH), capability_text(i, LANG_EN));
    }
    json_list_end(json);
}

static bool words(struct request *request, struct answer *answer, struct err *err)
{
    const struct workspace *workspace = request->workspace;
    (void)err;
    struct json *json = answer_json(answer);
    json_object(json);
    write_findings(json, &workspace->rules);
    write_registers(json, &workspace->profiles);
    write_fields(json, request->arena, &workspace->profiles);
    write_stages(json, &workspace->profiles);
    write_notes(json);
    write_roles(json);
    write_actions(json);
    json_object_end(json);
    /* The text is its own version: it changes with the program and its policies alone. */
    if (!answer_unchanged(answer, request, text_str(&answer->text))) return true;
    text_clear(&answer->text);
    return true;
}

const struct route routes_words[] = {
    {.method = METHOD_GET,
     .pattern = "/api/words",
     .capability = CAPABILITY_ANY,
     .handle = words,
     .zh = "线索类别、分工、原因、状态、名册、字段、提示、角色、操作的中英文名称",
     .en = "the words for kinds, queues, reasons, statuses, registers, fields, notes, roles and "
           "actions"},
    {.pattern = NULL},
};
