#include "cli/screen.h"

#include "base/list.h"

enum { SCREEN_COUNTIES_MAX = 12, SCREEN_UNREPORTED_MAX = 5 };

struct county {
    struct str code;
    uint64_t missing, queues[QUEUE_COUNT], others;
};

struct tally {
    LIST(struct county) counties;
    uint64_t kinds[FINDING_KIND_COUNT];
    uint64_t queues[QUEUE_COUNT]; /* of those not enrolled */
};

static struct county *county_of(struct cli *cli, struct tally *tally, struct str area)
{
    struct str code = str_slice(area, 0, 6);
    for (size_t i = 0; i < tally->counties.count; i++) {
        if (str_equal(tally->counties.items[i].code, code)) return &tally->counties.items[i];
    }
    struct county *county = list_push(cli->arena, &tally->counties);
    county->code = code;
    return county;
}

static void count_findings(struct cli *cli, struct tally *tally, const struct check_run *run,
                           struct str area)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct finding *finding = &run->findings[i];
        if (!finding_concerns(finding, area)) continue;
        struct county *county = county_of(cli, tally, finding->area);
        tally->kinds[finding->kind]++;
        if (finding->kind != FINDING_NOT_ENROLLED) {
            county->others++;
            continue;
        }
        county->missing++;
        county->queues[finding->queue]++;
        tally->queues[finding->queue]++;
    }
}

/* Most missing first, then by code. */
static void sort_counties(struct tally *tally)
{
    for (size_t i = 1; i < tally->counties.count; i++) {
        struct county moved = tally->counties.items[i];
        size_t k = i;
        for (; k > 0; k--) {
            const struct county *before = &tally->counties.items[k - 1];
            if (before->missing > moved.missing) break;
            if (before->missing == moved.missing && str_compare(before->code, moved.code) <= 0)
                break;
            tally->counties.items[k] = *before;
        }
        tally->counties.items[k] = moved;
    }
}

static void put(FILE *out, struct str text, int width, bool right)
{
    int spare = width - utf8_width(text);
    for (int i = 0; right && i < spare; i++) fputc(' ', out);
    fprintf(out, "%.*s", STR_ARG(text));
    for (int i = 0; !right && i < spare; i++) fputc(' ', out);
}

static void line(const struct cli *cli, FILE *out, const char *zh, const char *en, uint64_t count)
{
    fputs("    ", out);
    put(out, str_from(cli_say(cli, zh, en)), 42, false);
    put(out, cli_thousands(cli, count), 12, true);
    fputc('\n', out);
}

static bool what_was_read(struct cli *cli, FILE *out, struct err *err)
{
    struct batch *batches = NULL;
    size_t count = 0;
    if (!registry_batches(&cli->workspace.registry, cli->arena, &cli->asker, &batches, &count,
                          err)) {
        return false;
    }
    uint64_t files = 0, rows = 0, warned = 0, rejected = 0;
    for (size_t i = 0; i < count; i++) {
        if (batches[i].undone_ms != 0) continue;
        files++;
        rows += batches[i].rows;
        warned += batches[i].warned;
        rejected += batches[i].rejected;
    }
    const char *format = cli_say(cli, "读入 %s 份名册文件，%s 行；带提示 %s 行，拒收 %s 行\n",
                                 "read: %s files, %s rows; %s with a remark, %s rejected\n");
    fprintf(out, format, cli_thousands(cli, files).ptr, cli_thousands(cli, rows).ptr,
            cli_thousands(cli, warned).ptr, cli_thousands(cli, rejected).ptr);
    return true;
}

static void who_is_expected(const struct cli *cli, FILE *out, const struct check_summary *summary)
{
    const struct rules *rules = &cli->workspace.rules;
    const char *format =
        cli_say(cli, "应在学校的儿童 %s 人（%d 至 %d 周岁，户籍、常住、摸排合并去重）\n",
                "children who ought to be at school: %s (aged %d to %d; population, "
                "residents and door survey, each once)\n");
    fprintf(out, format, cli_thousands(cli, summary->expected).ptr, rules->age_from, rules->age_to);
    line(cli, out, "有学籍", "on a school roll", summary->on_roll);
    line(cli, out, "初中已毕业", "finished junior school", summary->finished);
    line(cli, out, "有合法理由（市外就读、送教、缓学等）", "a lawful reason (elsewhere, at home …)",
         summary->lawful);
    line(cli, out, "有人说在读，未见学籍", "said to be at school, no roll",
         summary->reported_schooled);
    line(cli, out, "以上都没有", "none of these", summary->not_enrolled);
}

static void by_queue(const struct cli *cli, FILE *out, const struct tally *tally)
{
    uint64_t suspected = tally->kinds[FINDING_NOT_ENROLLED];
    fprintf(
        out,
        cli_say(cli, "列为疑似失学 %s 人%s\n", "listed as suspected of being in no school: %s%s\n"),
        cli_thousands(cli, suspected).ptr,
        suspected == 0 ? "" : cli_say(cli, "，该做的事：", "; what to do:"));
    for (int i = 0; i < QUEUE_COUNT; i++) {
        if (tally->queues[i] == 0) continue;
        line(cli, out, queue_text((enum queue)i, LANG_ZH), queue_text((enum queue)i, LANG_EN),
             tally->queues[i]);
    }
}

static struct str county_name(const struct cli *cli, struct str code)
{
    if (code.len == 0) return str_from(cli_say(cli, "区划不明", "area not known"));
    return division_name_of(cli->workspace.divisions, code);
}

static void by_county(const struct cli *cli, FILE *out, const struct tally *tally)
{
    if (tally->counties.count == 0) return;
    fputs(cli_say(cli, "按县区（疑似失学 / 其他线索）：\n",
                  "by county (suspected / other findings):\n"),
          out);
    for (size_t i = 0; i < tally->counties.count && i < SCREEN_COUNTIES_MAX; i++) {
        const struct county *county = &tally->counties.items[i];
        fputs("    ", out);
        put(out, county_name(cli, county->code), 42, false);
        put(out, cli_thousands(cli, county->missing), 12, true);
        put(out, cli_thousands(cli, county->others), 10, true);
        fputc('\n', out);
    }
    if (tally->counties.count > SCREEN_COUNTIES_MAX) {
        fprintf(out, cli_say(cli, "    另有 %zu 个县区\n", "    and %zu more\n"),
                tally->counties.count - SCREEN_COUNTIES_MAX);
    }
}

/* Of aid, what came undone and candidates only where there is something. */
static void what_else(const struct cli *cli, FILE *out, const struct tally *tally, bool aid)
{
    fputs(cli_say(cli, "其他线索：\n", "other findings:\n"), out);
    for (int i = FINDING_NOT_ENROLLED + 1; i < FINDING_KIND_COUNT; i++) {
        bool always = i <= FINDING_NOT_REPORTED || (aid && i <= FINDING_AID_LATE);
        if (!always && tally->kinds[i] == 0) continue;
        line(cli, out, finding_kind_text((enum finding_kind)i, LANG_ZH),
             finding_kind_text((enum finding_kind)i, LANG_EN), tally->kinds[i]);
    }
}

/* Who has not sent a list: their children are suspected of nothing until they have. */
static void who_has_not_reported(const struct cli *cli, FILE *out, const struct check_run *run,
                                 struct str area)
{
    size_t shown = 0;
    struct str before = STR_EMPTY; /* one list of a county may be missing for each stage */
    for (size_t i = 0; i < run->count && shown < SCREEN_UNREPORTED_MAX; i++) {
        const struct finding *finding = &run->findings[i];
        if (finding->kind != FINDING_NOT_REPORTED) continue;
        if (!finding_concerns(finding, area)) continue;
        struct str name = finding->school;
        if (name.len == 0 && finding->area.len == 0)
            name = str_from(cli_say(cli, "各地", "all areas"));
        if (name.len == 0) name = county_name(cli, finding->area);
        if (shown > 0 && str_equal(name, before)) continue;
        before = name;
        fprintf(out, "%s%.*s",
                shown == 0 ? cli_say(cli, "    未报送：", "    not reported: ") : "、",
                STR_ARG(name));
        shown++;
    }
    if (shown > 0) fputc('\n', out);
}

bool screen_check(struct cli *cli, const struct check_run *run, struct str area, FILE *out,
                  struct err *err)
{
    struct tally tally = {0};
    struct check_summary summary;
    char date[DAY_TEXT_SIZE];
    count_findings(cli, &tally, run, area);
    sort_counties(&tally);
    struct str place = area.len == 0 ? STR_EMPTY : county_name(cli, area);
    fprintf(
        out,
        cli_say(cli, "\n== %s%s%.*s 控辍保学比对 ==\n", "\n== %s%s%.*s: who is in no school ==\n"),
        day_format(run->at, date), place.len > 0 ? " " : "", STR_ARG(place));
    if (!what_was_read(cli, out, err)) return false;
    check_summarise(&run->people, &run->kept, run->findings, run->count, area, &summary);
    who_is_expected(cli, out, &summary);
    by_queue(cli, out, &tally);
    by_county(cli, out, &tally);
    what_else(cli, out, &tally, run->aid != NULL && run->aid->paid);
    who_has_not_reported(cli, out, run, area);
    fprintf(out,
            cli_say(cli, "若只按证件号码比对，会列出 %s 人失学。\n",
                    "a look-up by ID number alone would have listed %s children.\n"),
            cli_thousands(cli, summary.id_lookup_missing).ptr);
    fputs(cli_say(cli, "以上均为疑似，须由人确认。\n", "a program suspects; a person confirms.\n"),
          out);
    return true;
}
