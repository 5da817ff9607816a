#include "placing/letter.h"

enum { SENTENCE_BYTES_MAX = 4000 };

const char *place_remedy_key(enum place_remedy_kind kind)
{
    static const char *const keys[] = {[PLACE_MORE_POINTS] = "points",
                                       [PLACE_ADJUST] = "adjust",
                                       [PLACE_PROVEN_PLAN] = "plan",
                                       [PLACE_MORE_SEATS] = "seats",
                                       [PLACE_MORE_ALLOTTED] = "allotted"};
    return keys[kind];
}

struct str place_remedy_text(struct arena *arena, const struct place_remedy *remedy, enum lang lang)
{
    struct text text;
    bool zh = lang == LANG_ZH;
    text_init(&text, arena, SENTENCE_BYTES_MAX);
    switch (remedy->kind) {
    case PLACE_MORE_POINTS:
        text_add_f(&text, zh ? "总分再高 %lld 分" : "%lld more points in the total",
                   (long long)remedy->points);
        break;
    case PLACE_ADJUST: text_add_c(&text, zh ? "填“服从调剂”" : "agreeing to adjustment"); break;
    case PLACE_PROVEN_PLAN:
        text_add_c(&text, zh ? "经审核具有该专项计划资格" : "being proven eligible for this plan");
        break;
    case PLACE_MORE_SEATS:
        text_add_c(&text,
                   zh ? "所填第一个专业多一个名额" : "one more seat in the major wished first");
        break;
    case PLACE_MORE_ALLOTTED:
        text_add_c(&text, zh ? "这里分给所在初中的名额多一个"
                             : "one more seat given to the own junior school");
        break;
    }
    return text_str(&text);
}

struct str place_reason_text(struct arena *arena, const struct place_input *input,
                             const struct place_reason *reason, enum lang lang)
{
    const struct place_choice *choice = reason->choice;
    const struct place_fate *fate = &reason->fate;
    struct text text;
    text_init(&text, arena, SENTENCE_BYTES_MAX);
    text_add_f(&text,
               lang == LANG_ZH ? "批次 %.*s 第 %u 志愿 专业组 %.*s：%s"
                               : "batch %.*s, choice %u, group %.*s: %s",
               STR_ARG(input->rules.batches[choice->batch].key), choice->rank,
               STR_ARG(input->groups[choice->group].code),
               fate->outcome == PLACE_BARRED ? place_bar_text(fate->bar, lang)
                                             : place_outcome_text(fate->outcome, lang));
    if (fate->programme != PLACE_NONE)
        text_add_f(&text, " %.*s", STR_ARG(input->programmes[fate->programme].code));
    return text_str(&text);
}

struct str place_allotted_text(struct arena *arena, const struct place_reason *reason,
                               struct str source, enum lang lang)
{
    struct text text;
    bool zh = lang == LANG_ZH;
    text_init(&text, arena, SENTENCE_BYTES_MAX);
    if (reason->allotted && source.len > 0) {
        text_add_f(
            &text,
            zh ? "下面是分给所在初中“%.*s”的名额，只与本校考生比较。"
               : "The numbers are of the seats given to junior school \"%.*s\", for which only "
                 "its own applicants compete. ",
            STR_ARG(source));
    } else if (reason->allotted) {
        text_add_c(&text, zh ? "考生没有登记可以使用其名额的初中。"
                             : "No junior school is on record whose seats the applicant may use. ");
    }
    if (reason->floor != INT64_MIN) {
        text_add_f(&text,
                   zh ? "统招线 %lld，名额录取不低于 %lld。"
                      : "The general line is %lld; nobody below %lld is placed by them. ",
                   (long long)reason->general, (long long)reason->floor);
    }
    if (reason->reserved > 0) {
        text_add_f(&text,
                   zh ? "另有 %lld 个名额留给初中。"
                      : "%lld more seats are reserved for junior schools. ",
                   (long long)reason->reserved);
    }
    if (reason->behind > 0) {
        text_add_f(&text,
                   zh ? "有 %llu 人成绩排在本人之后，凭分给初中的名额在这里录取。"
                      : "%llu with lower scores are placed here by seats given to junior schools. ",
                   (unsigned long long)reason->behind);
    }
    return str_trim(text_str(&text));
}

/* One letter being written. */
struct writing {
    struct document *document;
    struct text text;
    bool zh;
};

static void say(struct writing *writing, enum document_style style)
{
    document_add(writing->document, style, text_str(&writing->text));
    text_clear(&writing->text);
}

static void write_head(struct writing *writing, const struct place_explanation *explanation,
                       const struct place_letter *letter)
{
    const struct place_applicant *who = explanation->applicant;
    bool zh = writing->zh;
    document_add(writing->document, DOCUMENT_TITLE,
                 zh ? STR("录取结果说明") : STR("How your application was decided"));
    text_add_f(&writing->text, zh ? "考生 %.*s：" : "To applicant %.*s:", STR_ARG(who->number));
    say(writing, DOCUMENT_TO);
    text_add_f(&writing->text,
               zh ? "按“%.*s”的规则、计划、成绩和志愿，你的总分是 %lld，在全体考生中排第 %llu 名"
                  : "By the rules, seats, scores and wishes of \"%.*s\" your total is %lld, and "
                    "your rank among all applicants is %llu",
               STR_ARG(letter->run), (long long)who->total, (unsigned long long)explanation->rank);
    if (explanation->equal > 0)
        text_add_f(&writing->text,
                   zh ? "（另有 %llu 人成绩与同分比较项完全相同）"
                      : " (%llu others are equal in total and ties)",
                   (unsigned long long)explanation->equal);
    text_add_f(&writing->text, explanation->placed == PLACE_NONE
                                   ? (zh ? "，没有录取。逐个志愿说明如下。"
                                         : ". You were not placed. Of each of your choices:")
                                   : (zh ? "，已录取。逐个志愿说明如下。"
                                         : ". You were placed. Of each of your choices:"));
    say(writing, DOCUMENT_BODY);
    if (!letter->differs) return;
    document_add(writing->document, DOCUMENT_BODY,
                 zh ? STR("注意：所存录取结果与按规则重算的不一致，请以招生考试机构核实为准。")
                    : STR("Note: the result on file differs from what the rules give; the "
                          "admissions office has to clear this."));
}

static void write_numbers(struct writing *writing, struct arena *arena,
                          const struct place_reason *reason, struct str source)
{
    bool zh = writing->zh;
    struct text *text = &writing->text;
    struct str allotted = place_allotted_text(arena, reason, source, zh ? LANG_ZH : LANG_EN);
    text_add(text, allotted);
    if (allotted.len > 0 && !zh) text_add_byte(text, ' ');
    if (reason->fate.bar == PLACE_BAR_LINE)
        text_add_f(text, zh ? "最低控制分数线 %lld。" : "The lowest line is %lld. ",
                   (long long)reason->line);
    text_add_f(text,
               zh ? "计划 %lld 名，最多投档 %lld 份，实投 %llu 份；成绩排在前面的有 %llu 份。"
                  : "There were %lld seats; at most %lld files are taken, %llu came; %llu of them "
                    "had better scores. ",
               (long long)reason->seats, (long long)reason->capacity,
               (unsigned long long)reason->files, (unsigned long long)reason->ahead);
    if (reason->any_sent)
        text_add_f(text, zh ? "投档最低分 %lld。" : "Lowest total sent: %lld. ",
                   (long long)reason->sent_total);
    if (reason->any_admitted)
        text_add_f(text, zh ? "录取最低分 %lld。" : "Lowest total admitted: %lld. ",
                   (long long)reason->admitted_total);
    if (reason->fate.number_decided)
        text_add_c(text, zh ? "成绩与同分比较项都相同，按考生号先后。"
                            : "Equal in total and ties: the applicant's number decided.");
    say(writing, DOCUMENT_BODY);
}

static void write_reason(struct writing *writing, struct arena *arena,
                         const struct place_input *input, const struct place_reason *reason,
                         struct str source, enum lang lang)
{
    document_add(writing->document, DOCUMENT_HEADING,
                 place_reason_text(arena, input, reason, lang));
    write_numbers(writing, arena, reason, source);
    for (size_t i = 0; i < reason->remedy_count; i++) {
        struct str remedy = place_remedy_text(arena, &reason->remedies[i], lang);
        text_add_f(&writing->text,
                   writing->zh ? "假如%.*s，其他都不变，就会被这里录取。"
                               : "What would have placed you here, all else the same: %.*s.",
                   STR_ARG(remedy));
        say(writing, DOCUMENT_BODY);
    }
}

static void write_end(struct writing *writing, const struct place_explanation *explanation,
                      const struct place_letter *letter)
{
    bool zh = writing->zh;
    int year, month, day_of_month;
    document_add(
        writing->document, DOCUMENT_SMALL,
        zh ? STR("每一条“假如”都是只改这一项、把所有人重新投档一次得到的，不是估计。本说明不含其他"
                 "考生的信息，只有名次、分数和人数。")
           : STR(
               "Each \"would have\" was tried by placing everybody again with that one change; it "
               "is no estimate. Nothing here is of another applicant: only ranks, scores at the "
               "border and counts."));
    text_add_f(&writing->text,
               zh ? "回执（本人信息和志愿的 SM3 值）：%s。用自己的考生信息和志愿可以算出同一个值，"
                    "说明它们原样参加了投档。"
                  : "Receipt (SM3 of your own papers and wishes): %s. Whoever has them can compute "
                    "it and see that they were in the run as they are.",
               explanation->receipt);
    say(writing, DOCUMENT_SMALL);
    document_add(writing->document, DOCUMENT_SIGNED,
                 letter->office.len > 0 ? letter->office
                 : zh                   ? STR("（盖章）")
                                        : STR("(seal)"));
    if (day_is_none(letter->made)) return;
    day_to_ymd(letter->made, &year, &month, &day_of_month);
    text_add_f(&writing->text, zh ? "%d年%d月%d日" : "%d-%02d-%02d", year, month, day_of_month);
    say(writing, DOCUMENT_SIGNED);
}

struct document *place_letter_make(struct arena *arena, const struct place_input *input,
                                   const struct place_explanation *explanation,
                                   const struct place_letter *letter)
{
    struct writing writing = {.zh = letter->lang == LANG_ZH};
    text_init(&writing.text, arena, SENTENCE_BYTES_MAX);
    writing.document = document_new(
        arena, DOCUMENT_LETTER,
        writing.zh ? STR("录取结果说明") : STR("How your application was decided"), letter->made);
    write_head(&writing, explanation, letter);
    for (size_t i = 0; i < explanation->reason_count; i++)
        write_reason(&writing, arena, input, &explanation->reasons[i], explanation->source,
                     letter->lang);
    write_end(&writing, explanation, letter);
    return writing.document;
}
