#include "papers/notice.h"

#include "base/file.h"
#include "base/testing.h"
#include "base/testing_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void keep(struct notice_values *values, const struct notice *notice)
{
    const char *folder = getenv("BAOXUE_TEST_KEEP");
    struct err err = ERR_INIT;
    struct str bytes;
    char path[1024];
    day made;
    assert_true(day_parse(STR("2020-09-20"), &made));
    struct document *document = notice_document(notice, values, made);
    if (!document_pdf(document, &bytes, &err)) fail_msg("%s", err.en);
    assert_true(bytes.len > 1000);
    snprintf(path, sizeof path, "%s/%.*s.pdf", folder == NULL ? "" : folder, STR_ARG(notice->key));
    if (folder != NULL) assert_true(file_write(path, bytes, 0644, &err));
    if (!document_docx(document, &bytes, &err)) fail_msg("%s", err.en);
    snprintf(path, sizeof path, "%s/%.*s.docx", folder == NULL ? "" : folder, STR_ARG(notice->key));
    if (folder != NULL) assert_true(file_write(path, bytes, 0644, &err));
}

static void fill(struct notice_values *values, struct arena *arena)
{
    static const struct {
        const char *name, *text;
    } texts[] = {
        {"child.name", "王小明"},
        {"child.id", "620422********0013"},
        {"child.sex", "男"},
        {"child.birth", "2012年3月5日"},
        {"child.address", "甘肃省白银市会宁县郭城驿镇红堡子村3组"},
        {"child.grade", "二年级1班"},
        {"child.reason", "据其父称，随父母外出，在外地未入学。"},
        {"guardian.name", "王大山"},
        {"guardian.relation", "父亲"},
        {"school.name", "会宁县郭城驿镇郭城小学"},
        {"issuer.name", "会宁县郭城驿镇人民政府"},
        {"number", "郭政控〔2020〕3号"},
        {"day", "2020年9月20日"},
        {"due", "2020年9月30日"},
        {"absent.from", "2020年9月1日"},
        {"persuaded.text", "2020年9月5日、9月12日，我镇和学校工作人员先后入户进行批评教育和劝返，"},
        {"contact.name", "李主任"},
        {"contact.phone", "0943-3221234"},
        {"case.number", "17"},
        {"case.opened", "2020年9月3日"},
        {"case.state", "责令限期改正"},
        {"case.kind", "失学"},
        {"unit.name", "会宁县"},
        {"area.name", "会宁县"},
        {"period", "2020年秋季学期"},
        {"scheme", "寄宿生生活补助"},
        {"served.paper", "责令限期改正通知书"},
        {"served.number", "郭政控〔2020〕3号"},
        {"public.from", "2020年10月9日"},
        {"public.to", "2020年10月15日"},
        {"public.days", "5"},
        {"report.to", "郭城驿镇人民政府、会宁县教育局"},
        {"count", "2"},
    };
    static const char *const lists[] = {"visits", "children", "kinds",  "units",    "students",
                                        "papers", "duties",   "events", "evidence", "proofs"};
    static const char *const names[] = {
        "visit.on",  "visit.way",  "visit.who",  "visit.said",    "name",          "sex",
        "id",        "birth",      "village",    "guardian",      "school",        "kind",
        "reason",    "opened",     "queue",      "unit",          "grade",         "class",
        "found",     "paper.name", "paper.on",   "duty.level",    "duty.position", "duty.name",
        "duty.step", "event.on",   "event.kind", "event.text",    "event.user",    "evidence.file",
        "standing",  "proof.mark", "proof.name", "evidence.says", "evidence.row"};
    notice_values_init(values, arena);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        notice_set(values, texts[i].name, str_from(texts[i].text));
    }
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
        for (int row = 0; row < 2; row++) {
            notice_row(values, lists[l]);
            for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
                notice_row_set(values, lists[l], names[i], STR("内容"));
            }
        }
    }
}

/* Every paper that is shipped can be printed, and states its law. */
static void test_all(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct notices notices;
    struct notice_values values;
    if (!notices_load(&notices, &arena, NULL, &err)) fail_msg("%s", err.en);
    assert_true(notices.count >= 14);
    fill(&values, &arena);
    for (size_t i = 0; i < notices.count; i++) {
        assert_true(notices.items[i].law_count > 0);
        keep(&values, &notices.items[i]);
    }
    arena_free(&arena);
}

struct order_case {
    const char *key, *issuer, *steps;
    enum err_kind kind;
    const char *says; /* part of the Chinese sentence */
};

static struct str *split(struct arena *arena, const char *steps, size_t *count)
{
    struct str rest = str_from(steps), part;
    struct str *out = arena_array(arena, struct str, 16);
    *count = 0;
    while (str_split(&rest, ' ', &part)) {
        if (part.len > 0) out[(*count)++] = part;
    }
    return out;
}

/* An order is the government's, after the home was visited and the guardians were admonished. */
static void test_order(void **state)
{
    (void)state;
    static const struct order_case cases[] = {
        {"compliance_order", "school", "confirmed home_visit persuade", ERR_DENIED, "乡镇人民政府"},
        {"compliance_order", "", "confirmed home_visit persuade", ERR_DENIED, "第五十八条"},
        {"compliance_order", "township", "", ERR_CONFLICT, "确认"},
        {"compliance_order", "township", "confirmed", ERR_CONFLICT, "入户"},
        {"compliance_order", "township", "confirmed home_visit", ERR_CONFLICT, "第五十八条"},
        {"compliance_order", "township", "confirmed home_visit persuade", ERR_NONE, NULL},
        {"compliance_order", "county_education", "persuade home_visit confirmed", ERR_NONE, NULL},
        {"return_notice", "school", "", ERR_CONFLICT, "第二十八条"},
        {"return_notice", "school", "contact", ERR_NONE, NULL},
        {"school_report", "township", "contact", ERR_DENIED, "学校"},
        {"service_receipt", "township", "", ERR_CONFLICT, "文书"},
        {"service_receipt", "township", "compliance_order", ERR_NONE, NULL},
        {"home_visit", "", "", ERR_NONE, NULL},
    };
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct notices notices;
    struct notice_values values;
    assert_true(notices_load(&notices, &arena, NULL, &err));
    fill(&values, &arena);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct order_case *c = &cases[i];
        size_t count;
        struct str *steps = split(&arena, c->steps, &count);
        const struct notice *notice = notice_find(&notices, str_from(c->key));
        err = ERR_INIT;
        bool may = notice_check(&notices, notice, str_from(c->issuer), steps, count, &values, &err);
        assert_int_equal(may, c->kind == ERR_NONE);
        assert_int_equal(err.kind, c->kind);
        if (c->says != NULL && strstr(err.zh, c->says) == NULL) fail_msg("%zu: %s", i, err.zh);
    }
    arena_free(&arena);
}

static void test_needs(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct notices notices;
    struct notice_values values;
    assert_true(notices_load(&notices, &arena, NULL, &err));
    notice_values_init(&values, &arena);
    notice_set(&values, "child.name", STR("王小明"));
    const struct notice *notice = notice_find(&notices, STR("dossier"));
    assert_false(notice_check(&notices, notice, STR_EMPTY, NULL, 0, &values, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_non_null(strstr(err.en, "case.number"));
    arena_free(&arena);
}

/* Packs of one paper, with the issuers and the list of what is public. */
static bool load_text(const char *folder, struct arena *arena, const char *text, struct err *err)
{
    static const struct {
        const char *name, *text;
    } files[] = {
        {"issuers.yaml", "issuers:\n  school: {zh: 学校, en: school}\n"},
        {"public.yaml", "allowed: [serial, name, school]\n"},
    };
    char path[1024];
    struct notices notices;
    struct err own = ERR_INIT;
    snprintf(path, sizeof path, "%s/national/papers", folder);
    assert_true(file_make_folder(path, &own));
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/national/papers/%s", folder, files[i].name);
        assert_true(file_write(path, str_from(files[i].text), 0644, &own));
    }
    snprintf(path, sizeof path, "%s/national/papers/one.yaml", folder);
    assert_true(file_write(path, str_from(text), 0644, &own));
    return notices_load(&notices, arena, folder, err);
}

#define HEAD "key: one\nzh: 一\nen: one\nkind: form\n"

/* What the public may not see is found when the paper is read, wherever it stands on it. */
static void test_public(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {HEAD "public: yes\npaper:\n  - {body: \"{name} {school}\"}\n", NULL},
        {HEAD "public: yes\npaper:\n  - {body: \"{id}\"}\n", "{id}"},
        {HEAD "public: yes\npaper:\n  - {title: \"{child.birth}\"}\n", "{child.birth}"},
        {HEAD "public: yes\npaper:\n  - table: {list: a, shares: [1, 1], head: [[a, b]], "
              "row: [\"{name}\", \"{phone}\"]}\n",
         "{phone}"},
        {HEAD "public: yes\npaper:\n  - form: {shares: [1], rows: [[\"{reason}\"]]}\n", "{reason}"},
        {HEAD "paper:\n  - {body: \"{id}\"}\n", NULL},
        {HEAD "issuers: [police]\npaper:\n  - {body: a}\n", "issuer"},
        {HEAD "paper:\n  - {text: a}\n", "expected one of"},
        {HEAD "paper:\n  - form: {shares: [1, 1], rows: [[a]]}\n", "columns"},
        {HEAD "papers: []\npaper:\n  - {body: a}\n", "papers"},
        {HEAD "paper: []\n", "missing"},
    };
    const struct test_folder *folder = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct err err = ERR_INIT;
        bool good = load_text(folder->path, &arena, cases[i].text, &err);
        assert_int_equal(good, cases[i].says == NULL);
        if (!good && strstr(err.en, cases[i].says) == NULL) fail_msg("%zu: %s", i, err.en);
        arena_free(&arena);
    }
    static const char *const names[] = {"issuers.yaml", "public.yaml", "one.yaml"};
    for (size_t i = 0; i < 3; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/national/papers/%s", folder->path, names[i]);
        unlink(path);
    }
    char path[1024];
    snprintf(path, sizeof path, "%s/national/papers", folder->path);
    rmdir(path);
    snprintf(path, sizeof path, "%s/national", folder->path);
    rmdir(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_needs),
        cmocka_unit_test_setup_teardown(test_public, test_folder_make, test_folder_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
