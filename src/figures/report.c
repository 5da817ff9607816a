#include "figures/report.h"

#include "access/codec.h"
#include "figures/publication.h"

const char *report_say(const struct report_data *data, const char *zh, const char *en)
{
    return data->options->lang == LANG_EN ? en : zh;
}

const char *report_group(const struct report_data *data, struct str group)
{
    static const struct {
        const char *key, *zh, *en;
    } groups[] = {
        {"compulsory", "义务教育保障", "Compulsory schooling"},
        {"roll", "在校规模", "Pupils and schools"},
        {"conditions", "办学条件", "Conditions"},
        {"teachers", "教师队伍", "Teachers"},
        {"aid", "学生资助", "Student aid"},
        {"admission", "专项招生", "Admission"},
        {"cooperation", "协作", "Cooperation"},
    };
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        if (str_is(group, groups[i].key)) return report_say(data, groups[i].zh, groups[i].en);
    }
    return report_say(data, "其他", "Other");
}

struct str report_value(struct arena *arena, const struct report_data *data,
                        const struct figure *figure, struct str value)
{
    struct text text;
    size_t whole = str_find(value, STR("."));
    if (value.len == 0) return STR("-");
    if (whole == SIZE_MAX) whole = value.len;
    text_init(&text, arena, 200);
    for (size_t i = 0; i < value.len; i++) {
        bool part = i > 0 && i < whole && (whole - i) % 3 == 0 && value.ptr[i - 1] != '-';
        if (part) text_add_byte(&text, ',');
        text_add_byte(&text, value.ptr[i]);
    }
    text_add_f(&text, " %s", figure_unit_text(figure->unit, data->options->lang));
    return text_str(&text);
}

static bool make_code(struct figure_desk *desk, struct arena *arena, const struct figure *figure,
                      struct str *out, struct err *err)
{
    unsigned char hash[PUBLICATION_HASH_BYTES];
    char hex[2 * REPORT_CODE_BYTES + 1], at[DAY_TEXT_SIZE];
    struct text text;
    if (!publication_hash_now(desk, figure, hash, err)) return false;
    hex_of(hash, REPORT_CODE_BYTES, hex);
    text_init(&text, arena, 200);
    text_add_f(&text, "%.*s %s %s", STR_ARG(figure->key), day_format(desk->when.at, at), hex);
    *out = text_str(&text);
    return true;
}

static int64_t size_of(const struct figure *figure, const struct figure_value *value)
{
    int64_t size = 0;
    if (figure->measure != FIGURE_SHARE) return value->amount;
    return figure_value_e4(figure, value, &size) ? size : 0;
}

/* Most figures can be split by county; one that cannot has no picture. */
static bool make_parts(struct figure_desk *desk, struct arena *arena,
                       const struct report_options *options, struct report_line *line,
                       struct err *err)
{
    struct figure_part_value *parts = NULL;
    size_t count = 0;
    struct err split = ERR_INIT;
    if (!figure_count_by(desk, arena, line->figure, FIGURE_BY_COUNTY, &parts, &count, &split)) {
        if (split.kind == ERR_USAGE) return true;
        *err = split;
        return false;
    }
    if (count < 2 || count > REPORT_PLACES_MAX) return true;
    bool *withheld = arena_array(arena, bool, count);
    if (options->is_public) {
        figure_withhold(options->figures, line->figure, parts, count, withheld);
    }
    line->parts = arena_array(arena, struct report_part, count);
    line->part_count = count;
    for (size_t i = 0; i < count; i++) {
        struct report_part *part = &line->parts[i];
        part->place = parts[i].place.len == 0
                          ? STR("…")
                          : division_name_of(options->divisions, parts[i].place);
        if (withheld[i]) continue;
        part->value = figure_value_text(arena, line->figure, &parts[i].value);
        part->size = size_of(line->figure, &parts[i].value);
    }
    return true;
}

/* What is counted, hashed and split is worked out once. */
static bool keep_rows(struct figure_desk *desk, const struct figure *figure, struct err *err)
{
    for (int part = 0; part < FIGURE_QUERIES; part++) {
        if (figure->queries[part].sql.len == 0) continue;
        if (!figure_desk_keep(desk, figure, (enum figure_part)part, err)) return false;
    }
    return true;
}

static bool make_line(struct figure_desk *desk, struct arena *arena, const struct report_data *data,
                      const struct figure *figure, struct report_line *out, struct err *err)
{
    const struct report_options *options = data->options;
    struct figure_value value;
    *out = (struct report_line){.figure = figure};
    if (!keep_rows(desk, figure, err) || !figure_count(desk, figure, &value, err)
        || (figure->everyone && !figure_count_everyone(desk, figure, &out->everyone, err))) {
        return false;
    }
    if (!value.known) {
        out->why_none = str_from(report_say(data, "来源名册未导入", "nothing imported"));
        return true;
    }
    if (options->is_public && figure_is_small(options->figures, figure, &value)) {
        out->why_none = str_from(report_say(data, "人数过小，不公开", "withheld: few people"));
        return true;
    }
    out->value = figure_value_text(arena, figure, &value);
    return make_code(desk, arena, figure, &out->code, err)
           && make_parts(desk, arena, options, out, err);
}

bool report_collect(struct figure_desk *desk, struct arena *arena,
                    const struct report_options *options, struct report_data *out, struct err *err)
{
    CHECK(options->figures != NULL);
    struct report_data data = {.options = options,
                               .at = desk->when.at,
                               .lines = arena_array(arena, struct report_line, options->count),
                               .count = options->count};
    for (size_t i = 0; i < options->count; i++) {
        progress_report(options->progress, "counting figures", "计算指标", i, options->count);
        if (!progress_wanted(options->progress, err)
            || !make_line(desk, arena, &data, options->list[i], &data.lines[i], err)) {
            return false;
        }
    }
    *out = data;
    return true;
}
