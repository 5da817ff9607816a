#include "base/yaml.h"

#include "base/list.h"

#include <stdlib.h>
#include <yaml.h>

struct parse {
    yaml_parser_t parser;
    struct arena *arena;
    const char *name;
    size_t nodes;
    int depth;
};

static bool fail_at(const yaml_mark_t *mark, const char *name, struct err *err, const char *en,
                    const char *zh)
{
    err_set(err, ERR_INPUT, "%s", "%s", en);
    if (err != NULL) {
        struct err fresh = {.kind = ERR_INPUT};
        err_set(&fresh, ERR_INPUT, "%s", "%s", zh);
        memcpy(err->zh, fresh.zh, sizeof err->zh);
    }
    unsigned long line = (unsigned long)mark->line + 1, column = (unsigned long)mark->column + 1;
    return err_at(err, "%s:%lu:%lu", "%s:%lu:%lu", name, line, column);
}

static bool next_event(struct parse *parse, yaml_event_t *event, struct err *err)
{
    if (yaml_parser_parse(&parse->parser, event)) return true;
    return fail_at(&parse->parser.problem_mark, parse->name, err,
                   parse->parser.problem != NULL ? parse->parser.problem : "not readable as YAML",
                   "不符合 YAML 的写法");
}

static struct yaml_node *node_new(struct parse *parse, enum yaml_kind kind,
                                  const yaml_event_t *event)
{
    struct yaml_node *node = arena_new(parse->arena, struct yaml_node);
    node->kind = kind;
    node->line = (int)event->start_mark.line + 1;
    node->column = (int)event->start_mark.column + 1;
    return node;
}

static bool read_node(struct parse *parse, yaml_event_t *event, struct yaml_node **out,
                      struct err *err);

/* Reads the children of a list or map up to its end event. */
static bool read_children(struct parse *parse, struct yaml_node *node, struct err *err)
{
    LIST(struct yaml_node *) keys = {0};
    LIST(struct yaml_node *) items = {0};
    yaml_event_type_t end =
        node->kind == YAML_LIST ? YAML_SEQUENCE_END_EVENT : YAML_MAPPING_END_EVENT;
    for (bool key = node->kind == YAML_MAP;;) {
        yaml_event_t event;
        struct yaml_node *child;
        if (!next_event(parse, &event, err)) return false;
        bool ended = event.type == end;
        bool read = ended || read_node(parse, &event, &child, err);
        yaml_mark_t mark = event.start_mark;
        yaml_event_delete(&event);
        if (!read) return false;
        if (ended) break;
        if (key) {
            if (child->kind != YAML_SCALAR) {
                return fail_at(&mark, parse->name, err, "a key must be a plain word",
                               "键应为一个词");
            }
            for (size_t i = 0; i < keys.count; i++) {
                if (str_equal(keys.items[i]->text, child->text)) {
                    return fail_at(&mark, parse->name, err, "this key stands twice",
                                   "这个键出现两次");
                }
            }
            *list_push(parse->arena, &keys) = child;
        } else {
            *list_push(parse->arena, &items) = child;
        }
        if (node->kind == YAML_MAP) key = !key;
    }
    node->keys = keys.items;
    node->items = items.items;
    node->count = items.count;
    return true;
}

static bool read_node(struct parse *parse, yaml_event_t *event, struct yaml_node **out,
                      struct err *err)
{
    if (++parse->nodes > YAML_NODES_MAX) {
        return fail_at(&event->start_mark, parse->name, err, "too many values", "内容过多");
    }
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        *out = node_new(parse, YAML_SCALAR, event);
        (*out)->text =
            str_copy(parse->arena, (struct str){(const char *)event->data.scalar.value,
                                                event->data.scalar.length});
        return event->data.scalar.anchor == NULL
               || fail_at(&event->start_mark, parse->name, err, "anchors are not understood here",
                          "这里不支持锚点");
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT: {
        bool list = event->type == YAML_SEQUENCE_START_EVENT;
        *out = node_new(parse, list ? YAML_LIST : YAML_MAP, event);
        if (++parse->depth > YAML_DEPTH_MAX) {
            return fail_at(&event->start_mark, parse->name, err, "nested too deeply", "层次过深");
        }
        bool read = read_children(parse, *out, err);
        parse->depth--;
        return read;
    }
    default:
        return fail_at(&event->start_mark, parse->name, err, "aliases are not understood here",
                       "这里不支持别名");
    }
}

static bool read_document(struct parse *parse, struct yaml_node **out, struct err *err)
{
    yaml_event_t event;
    struct yaml_node *root = arena_new(parse->arena, struct yaml_node);
    root->kind = YAML_MAP;
    root->line = root->column = 1;
    for (bool more = true, seen = false; more;) {
        if (!next_event(parse, &event, err)) return false;
        bool good = true;
        switch (event.type) {
        case YAML_STREAM_END_EVENT: more = false; break;
        case YAML_STREAM_START_EVENT:
        case YAML_DOCUMENT_END_EVENT: break;
        case YAML_DOCUMENT_START_EVENT:
            good = !seen
                   || fail_at(&event.start_mark, parse->name, err,
                              "only one document may stand here", "这里只能有一个文档");
            seen = true;
            break;
        default: good = read_node(parse, &event, &root, err);
        }
        yaml_event_delete(&event);
        if (!good) return false;
    }
    *out = root;
    return true;
}

bool yaml_parse(struct arena *arena, struct str text, const char *name, struct yaml_node **out,
                struct err *err)
{
    CHECK(arena != NULL);
    CHECK(name != NULL);
    struct parse parse = {.arena = arena, .name = name};
    CHECK(yaml_parser_initialize(&parse.parser));
    yaml_parser_set_encoding(&parse.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parse.parser, (const unsigned char *)(text.len ? text.ptr : ""),
                                 text.len);
    bool done = read_document(&parse, out, err);
    yaml_parser_delete(&parse.parser);
    return done;
}

struct yaml_node *yaml_get(struct yaml_node *map, const char *key)
{
    if (map == NULL || map->kind != YAML_MAP) return NULL;
    map->used = true;
    for (size_t i = 0; i < map->count; i++) {
        if (!str_is(map->keys[i]->text, key)) continue;
        map->items[i]->used = true;
        return map->items[i];
    }
    return NULL;
}

bool yaml_fail(const struct yaml_node *node, const char *name, struct err *err, const char *en,
               const char *zh)
{
    int line = node == NULL ? 1 : node->line, column = node == NULL ? 1 : node->column;
    yaml_mark_t mark = {.line = (size_t)line - 1, .column = (size_t)column - 1};
    return fail_at(&mark, name, err, en, zh);
}

bool yaml_text(struct yaml_node *map, const char *key, const char *name, struct str *out,
               struct err *err)
{
    struct yaml_node *node = yaml_get(map, key);
    if (node == NULL) {
        yaml_fail(map, name, err, "a key is missing", "缺少一个键");
        return err_at(err, "\"%s\"", "“%s”", key);
    }
    if (node->kind != YAML_SCALAR) {
        return yaml_fail(node, name, err, "expected a single value", "此处应为单个值");
    }
    *out = node->text;
    return true;
}

bool yaml_text_or(struct yaml_node *map, const char *key, const char *name, struct str otherwise,
                  struct str *out, struct err *err)
{
    if (yaml_get(map, key) != NULL) return yaml_text(map, key, name, out, err);
    *out = otherwise;
    return true;
}

bool yaml_integer_or(struct yaml_node *map, const char *key, const char *name, int64_t otherwise,
                     int64_t *out, struct err *err)
{
    struct str text;
    struct yaml_node *node = yaml_get(map, key);
    if (node == NULL) {
        *out = otherwise;
        return true;
    }
    if (!yaml_text(map, key, name, &text, err)) return false;
    int64_t value;
    if (!str_to_i64(text, &value)) {
        return yaml_fail(node, name, err, "expected a whole number", "此处应为整数");
    }
    *out = value;
    return true;
}

bool yaml_decimal_or(struct yaml_node *map, const char *key, const char *name, double otherwise,
                     double *out, struct err *err)
{
    struct yaml_node *node = yaml_get(map, key);
    if (node == NULL) {
        *out = otherwise;
        return true;
    }
    struct str text;
    if (!yaml_text(map, key, name, &text, err)) return false;
    char *end;
    double value = strtod(text.ptr, &end); /* scalars are zero-terminated copies */
    bool number = text.len > 0 && *end == '\0' && value == value && value - value == 0;
    if (!number) return yaml_fail(node, name, err, "expected a number", "此处应为数字");
    *out = value;
    return true;
}

bool yaml_bool_or(struct yaml_node *map, const char *key, const char *name, bool otherwise,
                  bool *out, struct err *err)
{
    struct yaml_node *node = yaml_get(map, key);
    if (node == NULL) {
        *out = otherwise;
        return true;
    }
    struct str text;
    if (!yaml_text(map, key, name, &text, err)) return false;
    bool yes = str_is(text, "yes") || str_is(text, "true");
    if (!yes && !str_is(text, "no") && !str_is(text, "false")) {
        return yaml_fail(node, name, err, "expected yes or no", "此处应为 yes 或 no");
    }
    *out = yes;
    return true;
}

bool yaml_texts(struct arena *arena, struct yaml_node *map, const char *key, const char *name,
                struct str **out, size_t *count, struct err *err)
{
    struct yaml_node *node = yaml_get(map, key);
    size_t n = node == NULL ? 0 : node->kind == YAML_SCALAR ? 1 : node->count;
    struct str *texts = arena_array(arena, struct str, n);
    for (size_t i = 0; i < n; i++) {
        struct yaml_node *item = node->kind == YAML_SCALAR ? node : node->items[i];
        if (node->kind == YAML_MAP || item->kind != YAML_SCALAR) {
            return yaml_fail(node, name, err, "expected a list of words", "此处应为词的列表");
        }
        item->used = true;
        texts[i] = item->text;
    }
    *out = texts;
    *count = n;
    return true;
}

bool yaml_check_used(const struct yaml_node *node, const char *name, struct err *err)
{
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == YAML_MAP && !node->items[i]->used) {
            return yaml_fail(node->keys[i], name, err, "this key is not known here",
                             "这里没有这个键");
        }
        if (!yaml_check_used(node->items[i], name, err)) return false;
    }
    return true;
}
