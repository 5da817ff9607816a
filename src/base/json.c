#include "base/json.h"

void json_init(struct json *json, struct text *out)
{
    CHECK(out != NULL);
    *json = (struct json){.out = out};
}

static void before_value(struct json *json)
{
    if (json->key) {
        json->key = false;
        return;
    }
    if (json->comma[json->depth]) text_add_byte(json->out, ',');
    json->comma[json->depth] = true;
}

static void open_level(struct json *json, char bracket)
{
    before_value(json);
    text_add_byte(json->out, bracket);
    CHECK(json->depth + 1 < JSON_DEPTH_MAX);
    json->comma[++json->depth] = false;
}

static void close_level(struct json *json, char bracket)
{
    CHECK(json->depth > 0);
    CHECK(!json->key);
    json->depth--;
    text_add_byte(json->out, bracket);
}

void json_object(struct json *json)
{
    open_level(json, '{');
}

void json_object_end(struct json *json)
{
    close_level(json, '}');
}

void json_list(struct json *json)
{
    open_level(json, '[');
}

void json_list_end(struct json *json)
{
    close_level(json, ']');
}

static void put_quoted(struct text *out, struct str value)
{
    text_add_byte(out, '"');
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];
        if (c == '"' || c == '\\') {
            text_add_byte(out, '\\');
            text_add_byte(out, (char)c);
        } else if (c == '\n') {
            text_add_c(out, "\\n");
        } else if (c < 0x20) {
            text_add_f(out, "\\u%04x", c);
        } else {
            text_add_byte(out, (char)c);
        }
    }
    text_add_byte(out, '"');
}

void json_key(struct json *json, const char *key)
{
    CHECK(!json->key);
    before_value(json);
    put_quoted(json->out, str_from(key));
    text_add_byte(json->out, ':');
    json->key = true;
}

void json_str(struct json *json, struct str value)
{
    before_value(json);
    put_quoted(json->out, value);
}

void json_i64(struct json *json, int64_t value)
{
    before_value(json);
    text_add_f(json->out, "%lld", (long long)value);
}

void json_bool(struct json *json, bool value)
{
    before_value(json);
    text_add_c(json->out, value ? "true" : "false");
}

void json_null(struct json *json)
{
    before_value(json);
    text_add_c(json->out, "null");
}

void json_ready(struct json *json, struct str value)
{
    CHECK(value.len > 0);
    before_value(json);
    text_add(json->out, value);
}

void json_key_str(struct json *json, const char *key, struct str value)
{
    json_key(json, key);
    json_str(json, value);
}

void json_key_i64(struct json *json, const char *key, int64_t value)
{
    json_key(json, key);
    json_i64(json, value);
}

void json_key_bool(struct json *json, const char *key, bool value)
{
    json_key(json, key);
    json_bool(json, value);
}
