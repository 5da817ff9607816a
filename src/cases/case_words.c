#include "cases/case_words.h"

#include "identity/division.h"

enum { EVENT_TEXT_BYTES_MAX = 1 << 16 };

static struct str joined(struct arena *arena, struct str first, struct str second)
{
    struct text text;
    text_init(&text, arena, EVENT_TEXT_BYTES_MAX);
    text_add(&text, first);
    text_add_byte(&text, ' ');
    text_add(&text, second);
    return text_str(&text);
}

struct str case_say(struct case_words words, struct str zh, struct str en)
{
    return words.lang == LANG_EN ? en : zh;
}

struct str case_holder_words(struct case_words words, const struct casework *work, size_t position,
                             struct str area, struct str school_code, struct str school)
{
    const struct position *text = &work->chains->positions[position];
    const struct holder *holder =
        holder_of(&work->holders, work->chains, position, area, school_code, school);
    struct str title = case_say(words, text->zh, text->en);
    if (text->level == LEVEL_FAMILY) return title;
    struct str name =
        holder != NULL ? holder->name : case_say(words, STR("（未指定）"), STR("(nobody named)"));
    return joined(words.arena, title, name);
}

struct str case_state_words(struct case_words words, const struct procedure *procedure,
                            struct str key)
{
    const struct procedure_state *state =
        procedure == NULL ? NULL : procedure_state_find(procedure, key);
    return state == NULL ? key : case_say(words, state->zh, state->en);
}

struct str case_step_words(struct case_words words, const struct procedure *procedure,
                           struct str key)
{
    int step = procedure == NULL ? -1 : procedure_step_find(procedure, key);
    if (step < 0) return key;
    return case_say(words, procedure->steps[step].zh, procedure->steps[step].en);
}

struct str case_outcome_words(struct case_words words, const struct procedure *procedure,
                              struct str code)
{
    const struct procedure_outcome *outcome =
        procedure == NULL ? NULL : procedure_outcome_find(procedure, code);
    if (outcome == NULL) return code;
    return joined(words.arena, code, case_say(words, outcome->zh, outcome->en));
}

static struct str word_of(struct case_words words, const struct procedure_words *list,
                          struct str key)
{
    const struct procedure_word *word = procedure_word_find(list, key);
    return word == NULL ? key : case_say(words, word->zh, word->en);
}

static struct str cause_words(struct case_words words, struct str cause)
{
    if (str_is(cause, "relapse")) return case_say(words, STR("复辍"), STR("missing again"));
    if (str_is(cause, "again")) return case_say(words, STR("比对再次发现"), STR("found again"));
    if (str_is(cause, "not_shown")) {
        return case_say(words, STR("到期名册仍无记载"), STR("the registers still do not show it"));
    }
    if (str_is(cause, "follows")) {
        return case_say(words, STR("由另一案卷的处理结果转来"), STR("follows from another case"));
    }
    return cause;
}

static struct str value_words(struct case_words words, const struct casework *work,
                              const struct procedure *procedure, const struct case_field *field)
{
    struct str key = field->key, value = field->value;
    if (str_is(key, "way")) return word_of(words, &work->procedures->ways, value);
    if (str_is(key, "result")) return word_of(words, &work->procedures->results, value);
    if (str_is(key, "outcome")) return case_outcome_words(words, procedure, value);
    if (str_is(key, "step")) return case_step_words(words, procedure, value);
    if (str_is(key, "cause")) return cause_words(words, value);
    if (str_is(key, "area")) return division_name_of(words.divisions, value);
    if (str_is(key, "settle") && settle_by_of(value) >= 0) {
        return str_from(settle_by_text((enum settle_by)settle_by_of(value), words.lang));
    }
    return value;
}

static struct str key_words(struct case_words words, const struct casework *work, struct str key)
{
    static const struct {
        const char *key, *zh, *en;
    } keys[] = {
        {"way", "方式", "way"},
        {"who", "对象", "who"},
        {"said", "所述", "said"},
        {"result", "结果", "result"},
        {"outcome", "核查结果", "outcome"},
        {"evidence", "佐证", "evidence"},
        {"settle", "名册佐证", "shown by"},
        {"step", "步骤", "step"},
        {"cause", "缘由", "cause"},
        {"why", "理由", "why"},
        {"file", "附件", "file"},
        {"file_hash", "附件校验", "hash of the file"},
        {"area", "区划", "area"},
        {"school", "学校", "school"},
        {"paper", "文书", "paper"},
        {"note", "说明", "note"},
        {"from_case", "来自案卷", "from case"},
        {"sheet", "离线工作簿", "case sheet"},
        {"sheet_hash", "所填校验", "hash of what was filled in"},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (!str_is(key, keys[i].key)) continue;
        return case_say(words, str_from(keys[i].zh), str_from(keys[i].en));
    }
    return word_of(words, &work->procedures->fields, key);
}

struct str case_event_words(struct case_words words, const struct casework *work,
                            const struct procedure *procedure, const struct case_event *event,
                            bool on_screen)
{
    struct text text;
    text_init(&text, words.arena, EVENT_TEXT_BYTES_MAX);
    for (size_t i = 0; i < event->field_count; i++) {
        const struct case_field *field = &event->fields[i];
        if (text.len > 0) text_add_c(&text, on_screen && words.lang == LANG_ZH ? "；" : "; ");
        text_add(&text, on_screen ? key_words(words, work, field->key) : field->key);
        text_add_c(&text, on_screen && words.lang == LANG_ZH ? "：" : on_screen ? ": " : "=");
        text_add(&text, on_screen ? value_words(words, work, procedure, field) : field->value);
    }
    return text_str(&text);
}
