#include "figures/report.h"

#include "base/paper.h"

enum { REPORT_TEXT_MAX = 4000 };

static void add_f(struct paper *paper, struct arena *arena, enum paper_style style,
                  const char *before, struct str text)
{
    struct text line;
    text_init(&line, arena, REPORT_TEXT_MAX);
    text_add_c(&line, before);
    text_add(&line, text);
    paper_add(paper, style, 1, text_str(&line));
}

static void add_everyone(struct paper *paper, struct arena *arena, const struct report_data *data,
                         const struct figure_everyone *everyone)
{
    struct text line;
    text_init(&line, arena, REPORT_TEXT_MAX);
    text_add_f(&line,
               report_say(data, "应有 %lld，已核实 %lld，在办 %lld，未报 %lld",
                          "expected %lld, verified %lld, open %lld, not reported %lld"),
               (long long)everyone->expected, (long long)everyone->verified,
               (long long)everyone->open, (long long)everyone->unreported);
    paper_add(paper, PAPER_TEXT, 1, text_str(&line));
}

static void add_picture(struct paper *paper, struct arena *arena, const struct report_data *data,
                        const struct report_line *line)
{
    struct paper_bar *bars = arena_array(arena, struct paper_bar, line->part_count);
    int64_t most = 0;
    for (size_t i = 0; i < line->part_count; i++) {
        if (line->parts[i].size > most) most = line->parts[i].size;
    }
    if (most <= 0) return;
    for (size_t i = 0; i < line->part_count; i++) {
        const struct report_part *part = &line->parts[i];
        int64_t share = part->size <= 0 ? 0 : part->size / (most / 1000000 + 1);
        if (most < 1000000 && part->size > 0) share = part->size * 1000000 / most;
        bars[i] = (struct paper_bar){
            part->place, report_value(arena, data, line->figure, part->value), (uint32_t)share};
    }
    paper_bars(paper, bars, line->part_count);
}

static void add_line(struct paper *paper, struct arena *arena, const struct report_data *data,
                     const struct report_line *line)
{
    const struct figure *figure = line->figure;
    bool en = data->options->lang == LANG_EN;
    struct text value;
    text_init(&value, arena, REPORT_TEXT_MAX);
    text_add(&value, en ? figure->en : figure->zh);
    text_add_c(&value, "  ");
    text_add(&value,
             line->value.len > 0 ? report_value(arena, data, figure, line->value) : line->why_none);
    paper_add(paper, PAPER_HEADING, 0, text_str(&value));
    if (figure->everyone && line->value.len > 0) add_everyone(paper, arena, data, &line->everyone);
    add_picture(paper, arena, data, line);
    add_f(paper, arena, PAPER_SMALL, report_say(data, "期间：", "period: "),
          figure_period_text(arena, figure->period, data->at, data->options->lang));
    add_f(paper, arena, PAPER_SMALL, report_say(data, "口径：", "definition: "),
          en ? figure->definition_en : figure->definition_zh);
    if (figure->cites.len > 0) {
        add_f(paper, arena, PAPER_SMALL, report_say(data, "依据：", "by: "), figure->cites);
    }
    if (line->code.len > 0) {
        add_f(paper, arena, PAPER_SMALL, report_say(data, "明细代码：", "code of the rows: "),
              line->code);
    }
}

bool report_paper(struct arena *arena, const struct report_data *data, struct str *pdf,
                  struct err *err)
{
    char at[DAY_TEXT_SIZE];
    struct text title;
    text_init(&title, arena, REPORT_TEXT_MAX);
    text_add(&title, data->options->place);
    text_add_c(&title, report_say(data, "教育指标报告", ": figures of schooling"));
    struct paper *paper = paper_new(arena, text_str(&title), data->at);
    paper_keep_size(paper);
    paper_add(paper, PAPER_TITLE, 0, text_str(&title));
    paper_add(paper, PAPER_SECOND, 0, str_from(day_format(data->at, at)));
    paper_add(paper, PAPER_SMALL, 0,
              str_from(report_say(
                  data,
                  "每个数都由记录得出。凭“明细代码”中的指标名和日期，可用 baoxue figures show "
                  "列出所计的每一条记录；后八位是明细校验值，任何一条记录变了都会变。",
                  "Every number is counted from records. By the key and the day of its code, "
                  "\"baoxue figures show\" lists each of them; the last eight digits are of their "
                  "hash and change when any record does.")));
    struct str group = STR_EMPTY;
    for (size_t i = 0; i < data->count; i++) {
        const struct report_line *line = &data->lines[i];
        if (!str_equal(group, line->figure->group)) {
            group = line->figure->group;
            paper_room(paper);
            paper_add(paper, PAPER_STRONG, 0, str_from(report_group(data, group)));
            paper_rule(paper);
        }
        add_line(paper, arena, data, line);
    }
    return paper_pdf(paper, pdf, err);
}
