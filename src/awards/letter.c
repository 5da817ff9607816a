#include "awards/letter.h"

#include "base/paper.h"

enum { LETTER_LINE_BYTES_MAX = 1 << 13, LETTER_DEPTH_MAX = 5, LETTER_WAYS_MAX = 5 };

struct letter {
    struct arena *arena;
    struct paper *paper;
    enum page_words words;
    const struct award_explained *explained;
    const struct policy_scheme *scheme;
};

/* A sentence in the languages of the letter: the second small, below the first. */
static void say_str(const struct letter *letter, enum paper_style style, int indent, struct str zh,
                    struct str en)
{
    if (letter->words != PAGE_EN) paper_add(letter->paper, style, indent, zh);
    if (letter->words == PAGE_EN) paper_add(letter->paper, style, indent, en);
    if (letter->words == PAGE_BOTH && !str_equal(zh, en)) {
        paper_add(letter->paper, PAPER_SMALL, indent, en);
    }
}

static void say(const struct letter *letter, enum paper_style style, int indent, const char *zh,
                const char *en)
{
    say_str(letter, style, indent, str_from(zh), str_from(en));
}

/* "中文 English", for short things that stand in one line. */
static struct str both(const struct letter *letter, struct str zh, struct str en)
{
    if (letter->words == PAGE_EN) return en;
    if (letter->words == PAGE_ZH || str_equal(zh, en) || en.len == 0) return zh;
    struct text text;
    text_init(&text, letter->arena, LETTER_LINE_BYTES_MAX);
    text_add(&text, zh);
    text_add_c(&text, "  ");
    text_add(&text, en);
    return text_str(&text);
}

static void heading(const struct letter *letter, const char *zh, const char *en)
{
    paper_add(letter->paper, PAPER_HEADING, 0, both(letter, str_from(zh), str_from(en)));
}

static void pair(const struct letter *letter, const char *zh, const char *en, struct str value)
{
    paper_pair(letter->paper, both(letter, str_from(zh), str_from(en)), value);
}

static void put_head(const struct letter *letter)
{
    const struct award_explained *explained = letter->explained;
    const struct policy_explanation *explanation = &explained->explanation;
    struct arena *arena = letter->arena;
    char at[DAY_TEXT_SIZE];
    const struct policy_scheme *scheme = letter->scheme;
    if (letter->words != PAGE_EN) paper_add(letter->paper, PAPER_TITLE, 0, STR("资助结果告知书"));
    if (letter->words != PAGE_ZH) {
        paper_add(letter->paper, letter->words == PAGE_EN ? PAPER_TITLE : PAPER_SECOND, 0,
                  STR("Notice of a decision on aid"));
    }
    paper_rule(letter->paper);
    if (explained->people->names != NULL && explained->people->names[explained->row].len > 0) {
        pair(letter, "姓名", "Name", explained->people->names[explained->row]);
    }
    pair(letter, "编号", "Number", explained->people->ids[explained->row]);
    pair(letter, "项目", "Scheme", both(letter, scheme->name.zh, scheme->name.en));
    pair(letter, "期间", "Period",
         both(letter, period_text(arena, explanation->period, LANG_ZH),
              period_text(arena, explanation->period, LANG_EN)));
    pair(letter, "以此日为准", "As on", str_copy(arena, str_from(day_format(explained->at, at))));
    paper_rule(letter->paper);
}

static struct str paid_by(const struct letter *letter, enum lang lang)
{
    const struct policy_scheme *scheme = letter->scheme;
    struct str payer = lang == LANG_ZH ? scheme->payer_zh : scheme->payer_en;
    struct text text;
    text_init(&text, letter->arena, LETTER_LINE_BYTES_MAX);
    text_add_c(&text, lang == LANG_ZH ? "方式：" : "Form: ");
    text_add_c(&text, policy_form_text(scheme->form, lang));
    if (payer.len > 0) {
        text_add_f(&text, lang == LANG_ZH ? "；由%.*s发放" : "; from %.*s", STR_ARG(payer));
    }
    return text_str(&text);
}

/* Remarks on the amount, of the amount clauses in force. */
static void put_amount_remarks(const struct letter *letter)
{
    bool average = false, ceiling = false;
    for (size_t i = 0; i < letter->scheme->clause_count; i++) {
        const struct policy_clause *clause = &letter->scheme->clauses[i];
        if (clause->kind != POLICY_AMOUNT) continue;
        if (!policy_in_force(clause->span, letter->explained->at)) continue;
        average = average || clause->average;
        ceiling = ceiling || clause->ceiling;
    }
    if (average) {
        say(letter, PAPER_SMALL, 0, "此为平均标准，学校分档发放时数额可能不同。",
            "This is an average: where a school pays by tiers the sum may differ.");
    }
    if (ceiling) {
        say(letter, PAPER_SMALL, 0, "此为上限，按实际天数或实际金额计算。",
            "This is a ceiling: what counts is the days served or the sum lent.");
    }
}

static void put_answer(const struct letter *letter)
{
    const struct policy_decision *decision = &letter->explained->explanation.decision;
    say_str(letter, PAPER_STRONG, 0, award_answer_text(letter->arena, letter->explained, LANG_ZH),
            award_answer_text(letter->arena, letter->explained, LANG_EN));
    if (decision->verdict != POLICY_ENTITLED) return;
    say_str(letter, PAPER_TEXT, 0, paid_by(letter, LANG_ZH), paid_by(letter, LANG_EN));
    put_amount_remarks(letter);
}

static struct str node_text(const struct letter *letter, const struct policy_node *node,
                            enum lang lang)
{
    static const char *const marks[] = {
        [POLICY_NO] = "× ", [POLICY_ENTITLED] = "√ ", [POLICY_UNKNOWN] = "？ "};
    struct text text;
    text_init(&text, letter->arena, LETTER_LINE_BYTES_MAX);
    text_add_c(&text, marks[node->truth]);
    text_add(&text, lang == LANG_ZH ? node->zh : node->en);
    if (node->cites.unconfirmed) {
        text_add_c(&text, lang == LANG_ZH ? "（待核实）" : " (to be confirmed)");
    }
    return text_str(&text);
}

static void put_node(const struct letter *letter, const struct policy_node *node, int depth)
{
    say_str(letter, PAPER_TEXT, depth, node_text(letter, node, LANG_ZH),
            node_text(letter, node, LANG_EN));
    if (depth + 1 >= LETTER_DEPTH_MAX) return;
    for (size_t i = 0; i < node->part_count; i++) {
        const struct policy_node *part = node->parts[i];
        bool made_it = part->truth == node->truth || part->decisive
                       || part->kind == POLICY_NODE_FACT || part->kind == POLICY_NODE_AMOUNT;
        if (made_it) put_node(letter, part, depth + 1);
    }
}

/* The root says what the answer says already. */
static void put_reasons(const struct letter *letter)
{
    const struct policy_node *root = letter->explained->explanation.root;
    heading(letter, "理由", "Reasons");
    for (size_t i = 0; i < root->part_count; i++) put_node(letter, root->parts[i], 0);
    if (root->part_count == 0) put_node(letter, root, 0);
}

static void put_needs(const struct letter *letter)
{
    const struct policy *policy = letter->explained->policy;
    uint64_t needs = letter->explained->explanation.decision.needs;
    if (needs == 0) return;
    heading(letter, "需要补充的材料", "What is still needed");
    for (size_t i = 0; i < policy->input_count; i++) {
        const struct policy_input *input = &policy->inputs[i];
        struct text zh, en;
        if ((needs >> i & 1) == 0) continue;
        text_init(&zh, letter->arena, LETTER_LINE_BYTES_MAX);
        text_init(&en, letter->arena, LETTER_LINE_BYTES_MAX);
        text_add(&zh, input->name.zh);
        text_add(&en, input->name.en);
        if (input->holder_zh.len > 0) {
            text_add_f(&zh, "（向%.*s索取）", STR_ARG(input->holder_zh));
        }
        if (input->holder_en.len > 0) {
            text_add_f(&en, " (from %.*s)", STR_ARG(input->holder_en));
        }
        say_str(letter, PAPER_TEXT, 0, text_str(&zh), text_str(&en));
    }
}

static void put_ways(const struct letter *letter)
{
    const struct policy_explanation *explanation = &letter->explained->explanation;
    if (explanation->way_count == 0) return;
    heading(letter, "情况如有不同", "What would change the answer");
    for (size_t i = 0; i < explanation->way_count && i < LETTER_WAYS_MAX; i++) {
        say_str(letter, PAPER_TEXT, 0, explanation->ways[i].zh, explanation->ways[i].en);
    }
}

static struct str document_text(const struct letter *letter, const struct policy_document *document,
                                enum lang lang)
{
    bool zh = lang == LANG_ZH;
    struct str title = zh ? document->title_zh : document->title_en;
    struct text text;
    text_init(&text, letter->arena, LETTER_LINE_BYTES_MAX);
    text_add(&text, document->number);
    if (title.len > 0) text_add_f(&text, zh ? "《%.*s》" : ", %.*s", STR_ARG(title));
    if (document->confidence == POLICY_UNCONFIRMED) {
        text_add_c(&text, zh ? "（待核实）" : " (to be confirmed)");
    }
    return text_str(&text);
}

static void put_law(const struct letter *letter)
{
    const struct policy_explanation *explanation = &letter->explained->explanation;
    heading(letter, "依据", "Rests on");
    for (size_t i = 0; i < explanation->document_count; i++) {
        const struct policy_document *document =
            &letter->explained->policy->documents[explanation->documents[i]];
        say_str(letter, PAPER_TEXT, 0, document_text(letter, document, LANG_ZH),
                document_text(letter, document, LANG_EN));
    }
    if (!explanation->unconfirmed) return;
    say(letter, PAPER_TEXT, 0, "其中标明“待核实”的内容尚须由教育局确认，确认后结果可能改变。",
        "What is marked \"to be confirmed\" awaits confirmation by the education bureau; the "
        "result "
        "may then change.");
}

static void put_appeal(const struct letter *letter, const struct letter_wish *wish)
{
    heading(letter, "有不同意见怎么办", "If you disagree");
    say(letter, PAPER_TEXT, 0,
        "可带本告知书和证明材料，向学校或县（区）教育局的学生资助机构提出，请其核对记录、重新作出结"
        "果；"
        "记录有误的，由掌握该记录的单位更正。对教育局的决定不服的，可依《行政复议法》申请行政复议，"
        "或依《行政诉讼法》提起诉讼，期限从各该法的规定。",
        "Take this notice and your papers to the school or to the student aid office of the "
        "county's "
        "education bureau and ask for the records to be checked and the result to be made anew; a "
        "wrong record is corrected by whoever holds it. Against a decision of the bureau one may "
        "ask "
        "for administrative reconsideration or go to court, within the time that the law sets.");
    paper_room(letter->paper);
    paper_room(letter->paper);
    if (wish->office.len > 0) paper_add(letter->paper, PAPER_TEXT, 0, wish->office);
    paper_add(letter->paper, PAPER_TEXT, 0,
              both(letter, STR("经办人：____________　　日期：____________　　（盖章）"),
                   STR("Official: ____________   Date: ____________   (seal)")));
}

bool letter_pdf(struct arena *arena, const struct award_explained *explained,
                const struct letter_wish *wish, struct str *out, struct err *err)
{
    struct letter letter = {
        .arena = arena,
        .paper = paper_new(arena, STR("资助结果告知书"), explained->at),
        .words = wish->words,
        .explained = explained,
        .scheme = &explained->policy->schemes[explained->explanation.decision.scheme],
    };
    put_head(&letter);
    put_answer(&letter);
    put_reasons(&letter);
    put_needs(&letter);
    put_ways(&letter);
    put_law(&letter);
    put_appeal(&letter, wish);
    return paper_pdf(letter.paper, out, err);
}
