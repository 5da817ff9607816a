#include "placing/duty.h"

#include "base/list.h"

#include <stdlib.h>

/* What has to be, what was done and what is lacking, from the teachers as they were read. */

enum { PERCENT = 100 };

static const struct {
    const char *key, *zh, *en;
} states[] = {{"eligible", "符合交流条件", "eligible"},
              {"not_yet", "未满年限", "not yet"},
              {"unknown", "年限不明", "years unknown"}},
  evidences[] = {
      {"stated", "教师册：到本校时间", "teachers: at this school since"},
      {"came", "轮岗册：交流来校", "rotations: came by an exchange"},
      {"returned", "轮岗册：交流期满回校", "rotations: returned from one"},
      {"away", "轮岗册：正在外校交流", "rotations: on one now"},
      {"posted", "岗位册：特岗聘用到校", "postings: hired for this school"},
      {"hired", "教师册：聘用日期（至多这些年）", "teachers: hired on (at most so long)"},
      {"nothing", "没有依据", "nothing"}};

const char *duty_state_key(enum duty_state state)
{
    return states[state].key;
}

const char *duty_state_text(enum duty_state state, enum lang lang)
{
    return lang == LANG_ZH ? states[state].zh : states[state].en;
}

const char *duty_evidence_key(enum duty_evidence evidence)
{
    return evidences[evidence].key;
}

const char *duty_evidence_text(enum duty_evidence evidence, enum lang lang)
{
    return lang == LANG_ZH ? evidences[evidence].zh : evidences[evidence].en;
}

struct str duty_percent(struct arena *arena, int64_t part, int64_t whole)
{
    struct text text;
    if (whole == 0) return STR_EMPTY;
    int64_t hundredths = (part * PERCENT * PERCENT * 2 + whole) / (whole * 2);
    text_init(&text, arena, 32);
    text_add_f(&text, "%lld.%02lld", (long long)(hundredths / PERCENT),
               (long long)(hundredths % PERCENT));
    return text_str(&text);
}

/* So many per cent of `whole`, rounded up to whole persons. */
static int64_t share_up(int64_t whole, int64_t percent)
{
    return (whole * percent + PERCENT - 1) / PERCENT;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

void duty_reckon(const struct duty_rules *rules, struct duty_count *count)
{
    int64_t key = rules->key_percent, more = 0;
    count->required = share_up(count->eligible, rules->share_percent);
    count->required_most = share_up(count->eligible + count->unknown, rules->share_percent);
    count->lacking = larger(0, count->required - count->exchanged);
    count->met = count->exchanged * PERCENT >= count->eligible * rules->share_percent;
    count->key_met = count->key_exchanged * PERCENT >= count->exchanged * key;
    while ((count->key_exchanged + more) * PERCENT
           < larger(count->required, count->exchanged + more) * key)
        more++;
    count->key_lacking = more;
}

/* Longest first: who has no more years than the other stands behind; then school, then record. */
static int by_years(const void *a, const void *b)
{
    const struct duty_teacher *x = *(const struct duty_teacher *const *)a;
    const struct duty_teacher *y = *(const struct duty_teacher *const *)b;
    if (x->years != y->years) return x->years > y->years ? -1 : 1;
    int order = str_compare(x->since, y->since);
    if (order == 0) order = str_compare(x->school_code, y->school_code);
    if (order == 0) order = str_compare(x->school, y->school);
    return order != 0 ? order : (x->record > y->record) - (x->record < y->record);
}

static void pick_in(const struct duty_count *county, struct duty_teacher **may, size_t count)
{
    int64_t picked = 0;
    for (size_t i = 0; i < count && picked < county->key_lacking; i++) {
        if (!may[i]->key) continue;
        may[i]->due = true;
        picked++;
    }
    for (size_t i = 0; i < count && picked < county->lacking; i++) {
        if (may[i]->due) continue;
        may[i]->due = true;
        picked++;
    }
}

static bool is_in(const struct duty_teacher *teacher, const struct duty_count *county)
{
    return county->area.len > 0
               ? str_starts(teacher->area, county->area)
               : teacher->area.len == 0 && str_equal(teacher->county, county->name);
}

void duty_pick(struct duty_found *found, struct arena *arena)
{
    struct duty_teacher **may = arena_array(arena, struct duty_teacher *, found->teacher_count + 1);
    for (size_t c = 0; c < found->county_count; c++) {
        size_t count = 0;
        for (size_t t = 0; t < found->teacher_count; t++) {
            struct duty_teacher *teacher = &found->teachers[t];
            if (teacher->state == DUTY_ELIGIBLE && !teacher->exchanged
                && is_in(teacher, &found->counties[c]))
                may[count++] = teacher;
        }
        if (count > 1) qsort(may, count, sizeof *may, by_years);
        pick_in(&found->counties[c], may, count);
    }
}
