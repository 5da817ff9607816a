#include "link/match.h"

#include "base/file.h"
#include "link/coded.h"

/* The file of a state: a line that says what it is, then the model, its frequencies and the state,
 * each with its length before it. */

#define FIRST_LINE "baoxue link state 1\n"

static const size_t state_bytes_max = (size_t)1 << 36;

/* The next part; empty when it is cut short. */
static struct str take_part(struct coded *in)
{
    size_t length = coded_get_count(in, 1);
    struct str part = {(const char *)in->at, length};
    in->at += length;
    return part;
}

bool match_state_take(struct arena *arena, const struct link_spec *spec, struct str bytes,
                      struct link_model **model, struct link_state **state, struct err *err)
{
    struct str head = STR(FIRST_LINE);
    bool known = str_starts(bytes, head);
    struct coded in = coded_of(known ? str_slice(bytes, head.len, bytes.len) : STR(""));
    struct str json = take_part(&in), frequencies = take_part(&in), rest = take_part(&in);
    struct link_model *fresh;
    if (!known || in.bad || in.at != in.end) {
        return err_set(err, ERR_INPUT, "this is not the state of a run, or it is damaged",
                       "这不是一次运行的状态文件，或已损坏");
    }
    if (!link_model_read(arena, json, spec, &fresh, err)
        || !link_frequencies_read(arena, frequencies, spec, &fresh->frequencies, err)
        || !link_state_read(arena, rest, state, err)) {
        return false;
    }
    *model = fresh;
    return true;
}

static void put_part(struct text *out, struct str part)
{
    coded_put(out, part.len);
    text_add(out, part);
}

struct str match_state_put(struct arena *arena, const struct link_result *result)
{
    CHECK(result->state != NULL);
    const struct link_model *model = result->model;
    struct text out;
    text_init(&out, arena, state_bytes_max);
    text_add(&out, STR(FIRST_LINE));
    put_part(&out, link_model_write(arena, model));
    put_part(&out, link_frequencies_write(arena, model->frequencies));
    put_part(&out, link_state_write(arena, result->state));
    return text_str(&out);
}

bool match_state_read(struct match *match, const char *path, struct link_model **model,
                      struct link_state **state, struct err *err)
{
    struct str bytes, name = file_name(path);
    if (!file_read(match->arena, path, state_bytes_max, &bytes, err)) return false;
    if (match_state_take(match->arena, match->spec, bytes, model, state, err)) return true;
    err_at(err, "%.*s", "%.*s", STR_ARG(name));
    return err_hint(err, "without --previous everything is compared anew",
                    "不带 --previous 就会全部重新比较");
}

bool match_state_write(const struct match *match, const char *path, struct err *err)
{
    struct arena scratch = {0};
    bool good = file_write(path, match_state_put(&scratch, &match->result), 0600, err);
    arena_free(&scratch);
    return good;
}
