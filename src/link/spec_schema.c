#include "link/spec_keys.h"

#include "base/json.h"

#include <stdio.h>

/* The JSON Schema of a spec. What a text holds is written as a pattern from the parser's tables of
 * functions and methods. */

enum { SCHEMA_BYTES_MAX = 1 << 18, PATTERN_BYTES_MAX = 1 << 14 };

static const char *const place_names[SPEC_PLACES] = {[SPEC_COMPARISON] = "comparison",
                                                     [SPEC_LEVEL] = "level",
                                                     [SPEC_RULE] = "rule",
                                                     [SPEC_WORDS] = "words"};

static void open_type(struct json *json, const char *type)
{
    json_object(json);
    json_key_str(json, "type", str_from(type));
}

static void reference(struct json *json, const char *name)
{
    char path[64];
    int length = snprintf(path, sizeof path, "#/$defs/%s", name);
    json_object(json);
    json_key_str(json, "$ref", (struct str){path, (size_t)length});
    json_object_end(json);
}

static void choices(struct json *json, struct str words)
{
    struct str word;
    json_key(json, "enum");
    json_list(json);
    while (str_split(&words, '|', &word)) json_str(json, word);
    json_list_end(json);
}

/* A list of `item`s, or one of them alone. */
static void one_or_list(struct json *json, const char *item, const struct spec_key *key)
{
    json_key(json, "anyOf");
    json_list(json);
    reference(json, item);
    open_type(json, "array");
    json_key(json, "items");
    reference(json, item);
    if (key->least > 0) json_key_i64(json, "minItems", key->least);
    json_key_i64(json, "maxItems", key->most);
    json_object_end(json);
    json_list_end(json);
}

/* Values by any name. */
static void by_name(struct json *json, const char *item, const struct spec_key *key)
{
    json_key_str(json, "type", STR("object"));
    if (key->least > 0) json_key_i64(json, "minProperties", key->least);
    if (key->most > 0) json_key_i64(json, "maxProperties", key->most);
    json_key(json, "additionalProperties");
    reference(json, item);
}

/* A list, each item a text or a map. */
static void text_or_map_list(struct json *json, const char *text, const char *map,
                             const struct spec_key *key)
{
    json_key_str(json, "type", STR("array"));
    json_key_i64(json, "minItems", key->least);
    json_key_i64(json, "maxItems", key->most);
    json_key(json, "items");
    json_object(json);
    json_key(json, "anyOf");
    json_list(json);
    reference(json, text);
    reference(json, map);
    json_list_end(json);
    json_object_end(json);
}

static void levels_value(struct json *json, const struct spec_key *key)
{
    json_key(json, "anyOf");
    json_list(json);
    reference(json, "set");
    json_object(json);
    text_or_map_list(json, "test", "level", key);
    json_object_end(json);
    json_list_end(json);
}

static void interactions_value(struct json *json, const struct spec_key *key)
{
    json_key_str(json, "type", STR("array"));
    json_key_i64(json, "maxItems", key->most);
    json_key(json, "items");
    open_type(json, "array");
    json_key(json, "items");
    open_type(json, "string");
    json_object_end(json);
    json_key_i64(json, "minItems", 2);
    json_key_i64(json, "maxItems", 2);
    json_object_end(json);
}

static void limits(struct json *json, const struct spec_key *key)
{
    json_key_str(json, "type", key->kind == SPEC_INTEGER ? STR("integer") : STR("number"));
    json_key_i64(json, "minimum", key->least);
    json_key_i64(json, "maximum", key->most);
}

static void value_of(struct json *json, const struct spec_key *key)
{
    switch (key->kind) {
    case SPEC_TEXT: json_key_str(json, "type", STR("string")); break;
    case SPEC_BOOL: json_key_str(json, "$ref", STR("#/$defs/flag")); break;
    case SPEC_NUMBER:
    case SPEC_INTEGER: limits(json, key); break;
    case SPEC_CHOICE: choices(json, str_from(key->choices)); break;
    case SPEC_COLUMN: json_key_str(json, "$ref", STR("#/$defs/column")); break;
    case SPEC_COLUMNS: one_or_list(json, "column", key); break;
    case SPEC_RULE_TEXT: json_key_str(json, "$ref", STR("#/$defs/columns")); break;
    case SPEC_TEST: json_key_str(json, "$ref", STR("#/$defs/test")); break;
    case SPEC_LEVELS: levels_value(json, key); break;
    case SPEC_LABEL: json_key_str(json, "$ref", STR("#/$defs/label")); break;
    case SPEC_FREQUENCY:
        json_key(json, "anyOf");
        json_list(json);
        reference(json, "flag");
        json_object(json);
        one_or_list(json, "column", key);
        json_object_end(json);
        json_list_end(json);
        break;
    case SPEC_DERIVE: by_name(json, "column", key); break;
    case SPEC_COMPARE: by_name(json, "comparison", key); break;
    case SPEC_RULES: text_or_map_list(json, "columns", "rule", key); break;
    case SPEC_INTERACTIONS: interactions_value(json, key); break;
    }
}

static void default_of(struct json *json, const char *text)
{
    int64_t number;
    struct str value = str_from(text);
    json_key(json, "default");
    if (str_to_i64(value, &number))
        json_i64(json, number);
    else if (str_is(value, "false"))
        json_bool(json, false);
    else
        json_str(json, str_slice(value, 1, value.len - 1));
}

/* The keys of a place, inside an object that is open. */
static void put_place(struct json *json, enum spec_place place)
{
    size_t count;
    const struct spec_key *keys = spec_keys(&count);
    json_key_str(json, "type", STR("object"));
    json_key_bool(json, "additionalProperties", false);
    json_key(json, "required");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        if (keys[i].place == place && keys[i].needed) json_str(json, str_from(keys[i].name));
    }
    json_list_end(json);
    json_key(json, "properties");
    json_object(json);
    for (size_t i = 0; i < count; i++) {
        if (keys[i].place != place) continue;
        json_key(json, keys[i].name);
        json_object(json);
        json_key_str(json, "description", str_from(keys[i].en));
        json_key_str(json, "$comment", str_from(keys[i].zh));
        value_of(json, &keys[i]);
        if (keys[i].otherwise != NULL) default_of(json, keys[i].otherwise);
        json_object_end(json);
    }
    json_object_end(json);
}

#define NUMBER "[0-9]*\\.?[0-9]+"

/* "COLUMN | function ARGUMENT | …". */
static void column_pattern(struct text *text)
{
    struct spec_function function;
    text_add_f(text, "[ \\t]*[^|& \\t][^|&]*(\\|[ \\t]*(");
    for (size_t i = 0; spec_function_at(i, &function); i++) {
        text_add_f(text, "%s%s%s", i == 0 ? "" : "|", function.name,
                   str_is(str_from(function.argument), "")    ? ""
                   : str_is(str_from(function.argument), "N") ? "[ \\t]+-?[0-9]+"
                   : function.argument[0] == 'C'              ? "[ \\t]+[^|& \\t]+"
                                                              : "([ \\t]+[^|&]*)?");
    }
    text_add_f(text, ")[ \\t]*)*");
}

/* "METHOD NUMBER", with the number of a column before it. */
static void test_pattern(struct text *text)
{
    struct spec_method method;
    text_add_f(text, " *([1-%d] +)?(", SPEC_FIELDS_MAX);
    for (size_t i = 0; spec_method_at(i, &method); i++) {
        bool number = method.share || method.whole || method.amount;
        text_add_f(text, "%s%s%s", i == 0 ? "" : "|", method.name,
                   number ? method.whole ? " +[0-9]+" : " +" NUMBER : "");
    }
    text_add_f(text, ") *");
}

/* A text of up to `most` pieces joined by "&". */
static void text_def(struct json *json, struct arena *arena, const char *name,
                     void (*piece)(struct text *), int most)
{
    struct text one, whole;
    text_init(&one, arena, PATTERN_BYTES_MAX);
    text_init(&whole, arena, 3 * PATTERN_BYTES_MAX);
    piece(&one);
    text_add_f(&whole, "^%.*s", (int)one.len, one.ptr);
    if (most > 1) text_add_f(&whole, "(&%.*s){0,%d}", (int)one.len, one.ptr, most - 1);
    text_add_c(&whole, "$");
    json_key(json, name);
    open_type(json, "string");
    json_key_str(json, "pattern", text_str(&whole));
    json_object_end(json);
}

static void put_definitions(struct json *json, struct arena *arena)
{
    const char *set;
    text_def(json, arena, "column", column_pattern, 1);
    text_def(json, arena, "columns", column_pattern, SPEC_RULE_PARTS_MAX);
    text_def(json, arena, "test", test_pattern, SPEC_CLAUSES_MAX);
    json_key(json, "set");
    json_object(json);
    json_key(json, "enum");
    json_list(json);
    for (size_t i = 0; spec_set_at(i, &set); i++) json_str(json, str_from(set));
    json_list_end(json);
    json_object_end(json);
    json_key(json, "flag");
    json_object(json);
    json_key(json, "enum");
    json_list(json);
    json_bool(json, true);
    json_bool(json, false);
    for (int i = 0; i < 4; i++) {
        json_str(json, str_from((const char *[]){"yes", "no", "true", "false"}[i]));
    }
    json_list_end(json);
    json_object_end(json);
    json_key(json, "label");
    json_object(json);
    json_key(json, "anyOf");
    json_list(json);
    open_type(json, "string");
    json_object_end(json);
    reference(json, "words");
    json_list_end(json);
    json_object_end(json);
    for (enum spec_place place = SPEC_COMPARISON; place < SPEC_PLACES; place++) {
        json_key(json, place_names[place]);
        json_object(json);
        put_place(json, place);
        json_object_end(json);
    }
}

struct str link_spec_schema(struct arena *arena)
{
    struct text text;
    struct json json;
    text_init(&text, arena, SCHEMA_BYTES_MAX);
    json_init(&json, &text);
    json_object(&json);
    json_key_str(&json, "$schema", STR("https://json-schema.org/draft/2020-12/schema"));
    json_key_str(&json, "title", STR("baoxue match: the spec of a linkage"));
    put_place(&json, SPEC_TOP);
    json_key(&json, "$defs");
    json_object(&json);
    put_definitions(&json, arena);
    json_object_end(&json);
    json_object_end(&json);
    CHECK(!text.cut);
    return text_str(&text);
}
