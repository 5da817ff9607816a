#include "targets.h"

#include "link/spec.h"
#include "link/sweep.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A linkage: a spec, one or two files and a truth, parted by lines of "%%%". */

enum { PARTS = 4, LINES_MAX = 300, LINE_LENGTH_MAX = 2000, EXPLAINED_MAX = 8, STEPS = 5 };

/* Two files that are linked one to one. */
static const char two_files[] =
    "id: id\n"
    "derive:\n"
    "  n: name | clean\n"
    "  g: n | grams 2\n"
    "compare:\n"
    "  name: {on: n, levels: [exact, jaro_winkler 0.9, damerau 2], frequency: yes}\n"
    "  born: {on: born, levels: date}\n"
    "  tel: {on: tel | phone, levels: phone, missing: any}\n"
    "  at: {on: [x, y], levels: [exact, within 2, crossed], missing: all}\n"
    "block: [born, g, tel & n | first 1, {on: x, max: 9}]\n"
    "interactions: [[name, born]]\n"
    "review: -6\n"
    "match: 1.5\n"
    "one_to_one: yes\n"
    "%%%\n"
    "id,name,born,tel,x,y\n"
    "1,ann lee,2001-02-03,555-1234,1,2\n"
    "2,bob ray,2001-02-04,,3,\n"
    "3,cy woo,05/06/1999,5551235,1.5,2\n"
    "%%%\n"
    "id,name,born,tel,x,y\n"
    "a,an lee,2001-02-03,5551234,1,2\n"
    "b,bob ray,2001-04-02,555 9999,3,3\n"
    "c,ann lee,,5551234,1,2\n"
    "%%%\n"
    "id,entity\n"
    "1,1\n"
    "a,1\n"
    "2,2\n"
    "b,2\n";

/* One list of several sources. */
static const char one_file[] =
    "id: 编号\n"
    "source: 来源\n"
    "once_per_entity: yes\n"
    "once_penalty: 4\n"
    "derive:\n"
    "  号: 身份证号 | id\n"
    "compare:\n"
    "  姓名: {on: 姓名 | name, levels: chinese_name, frequency: yes, label: {zh: 名, en: n}}\n"
    "  号: {on: 身份证号, levels: id_number, anchor: yes, depends: [生日]}\n"
    "  生日:\n"
    "    on: 生日 | or 号\n"
    "    levels: [date, {test: year & 1 month_day, label: y}, years 1]\n"
    "    otherwise: 不同\n"
    "  村: {on: 村, levels: division, frequency_weight: 0.5, frequency: 村}\n"
    "block:\n"
    "  - 号 | wildcards\n"
    "  - 姓名 | reading_class & 生日 | year\n"
    "  - 姓名 | deletes\n"
    "  - 村 & 生日 | year_month\n"
    "block_max: 50\n"
    "review: -8\n"
    "match: 2\n"
    "%%%\n"
    "编号,来源,姓名,身份证号,生日,村\n"
    "1,甲,王小明,620422201203050013,2012-03-05,620422100001\n"
    "2,乙,王晓明,62042220120305001,2012/3/5,620422100001\n"
    "3,乙,欧阳红,6.20422E+17,20120503,620422100\n"
    "4,丙,王小,,2012年3月,\n"
    "5,甲,欧阳虹,620422201205030017,2012-05-03,620422100002\n";

static const char link_words[] =
    "\n%%%\n clean nfkc lower letters squeeze digits first last at_least blank word sort_words "
    "initials "
    "soundex skeleton name surname given reading reading_class date year month day year_month "
    "month_day id "
    "id_valid id_birth id_area id_sex phone division or join tokens token_pairs grams wildcards "
    "deletes exact "
    "crossed crossed_jaro_winkler jaro_winkler levenshtein damerau prefix contains initial "
    "homophone "
    "near_homophone shape order missing_character one_character id_equal substitution "
    "transposition "
    "two_substitutions truncated lost_digit id_doubtful digits_swapped day_month_swapped one_digit "
    "partial "
    "default_day lunar days years phone_one_digit phone_tail within ratio chinese_name id_number "
    "text "
    "frequency: frequency_weight: anchor: depends: missing: otherwise: label: interactions: "
    "block_max: "
    "once_penalty: pairs: between review: match: one_to_one: 0.5 -1 1000 99999999999 \n\t- | &";

static size_t split_parts(struct str input, struct str parts[PARTS])
{
    size_t count = 0, from = 0;
    for (size_t i = 0; i + 5 <= input.len && count + 1 < PARTS; i++) {
        if (memcmp(input.ptr + i, "\n%%%\n", 5) != 0) continue;
        parts[count++] = str_slice(input, from, i + 1);
        from = i + 5;
        i += 4;
    }
    parts[count++] = str_slice(input, from, input.len);
    return count;
}

/* The readers have a target of their own: what is large only costs time here. */
static bool is_small(struct str part)
{
    size_t lines = 0, length = 0;
    for (size_t i = 0; i < part.len; i++) {
        length = part.ptr[i] == '\n' ? 0 : length + 1;
        lines += part.ptr[i] == '\n';
        if (lines > LINES_MAX || length > LINE_LENGTH_MAX) return false;
    }
    return true;
}

static int open_part(struct str part, char path[64])
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    CHECK(fd >= 0);
    for (size_t done = 0; done < part.len;) {
        ssize_t put = write(fd, part.ptr + done, part.len - done);
        CHECK(put > 0);
        done += (size_t)put;
    }
    snprintf(path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

/* Weights for any spec, in place of learnt ones: few records teach nothing. */
static struct link_model *make_model(struct arena *arena, const struct link_spec *spec)
{
    struct link_model *model = arena_new(arena, struct link_model);
    model->prior = -9000;
    model->comparison_count = spec->comparison_count;
    for (size_t c = 0; c < spec->comparison_count; c++) {
        struct link_model_comparison *comparison = &model->comparisons[c];
        comparison->name = spec->comparisons[c].key;
        comparison->level_count = spec->comparisons[c].level_count;
        for (int32_t k = 0; k < (int32_t)comparison->level_count; k++) {
            comparison->m[k] = -500 - 700 * k;
            comparison->u[k] = k > 6 ? -400 : -8000 + 1200 * k;
            comparison->frequency_base[k] = -6000;
        }
    }
    model->interaction_count = spec->interaction_count;
    for (size_t i = 0; i < spec->interaction_count; i++) {
        model->interactions[i].first = spec->comparisons[spec->interactions[i].first].key;
        model->interactions[i].second = spec->comparisons[spec->interactions[i].second].key;
        model->interactions[i].bits[0][0] = -1500;
    }
    return model;
}

static void check_error(const struct err *err)
{
    CHECK(err->kind == ERR_INPUT || err->kind == ERR_LIMIT);
    CHECK(err->en[0] != '\0');
    CHECK(err->zh[0] != '\0');
}

static void check_pairs(const struct match *match, struct arena *arena)
{
    const struct link_result *result = &match->result;
    for (size_t i = 0; i < result->pair_count; i++) {
        const struct link_pair *pair = &result->pairs[i], *before = pair - 1;
        CHECK(pair->a < pair->b);
        CHECK(pair->b < match->input.record_count);
        CHECK(i == 0 || before->a < pair->a || (before->a == pair->a && before->b < pair->b));
        CHECK(pair->weight_millibits >= link_spec_review(match->spec));
        CHECK(pair->probability_ppm == link_probability_ppm(pair->weight_millibits));
        CHECK(pair->pattern < result->pattern_count);
        if (i >= EXPLAINED_MAX) continue;
        struct link_explanation why;
        link_explain(arena, match->engine, result->model, pair->a, pair->b, &why);
        int64_t sum = why.prior_millibits;
        for (size_t f = 0; f < why.field_count; f++) {
            sum += why.fields[f].weight_millibits + why.fields[f].frequency_millibits;
        }
        CHECK(why.rule >= 0);
        CHECK(why.weight_millibits == pair->weight_millibits);
        CHECK(sum == pair->weight_millibits);
    }
}

static void check_clusters(const struct match *match, struct arena *arena)
{
    const struct link_result *result = &match->result;
    size_t sources = match->input.source_count, next = 0;
    bool *seen = arena_array(arena, bool, result->cluster_count *sources);
    for (size_t r = 0; r < match->input.record_count; r++) {
        uint32_t cluster = result->clusters[r];
        CHECK(cluster <= next);
        next += cluster == next;
        bool *here = &seen[cluster * sources + match->input.sources[r]];
        CHECK(!match->spec->one_to_one || !*here);
        *here = true;
    }
    CHECK(next == result->cluster_count);
}

static void check_same(const struct link_result *one, const struct link_result *two, size_t records)
{
    CHECK(one->pair_count == two->pair_count);
    for (size_t i = 0; i < one->pair_count; i++) {
        CHECK(one->pairs[i].a == two->pairs[i].a);
        CHECK(one->pairs[i].b == two->pairs[i].b);
        CHECK(one->pairs[i].weight_millibits == two->pairs[i].weight_millibits);
    }
    CHECK(memcmp(one->clusters, two->clusters, records * sizeof *one->clusters) == 0);
}

static void check_steps(const struct match *match, const char *truth)
{
    struct match_step steps[STEPS];
    struct err err = ERR_INIT;
    int32_t review = link_spec_review(match->spec), thresholds[STEPS];
    for (int32_t i = 0; i < STEPS; i++) thresholds[i] = review + i * 4001;
    thresholds[0] = link_spec_match(match->spec);
    if (!match_steps(match, truth, thresholds, STEPS, 1, steps, &err)) {
        check_error(&err);
        return;
    }
    CHECK(steps[0].clusters == match->result.cluster_count);
    for (size_t i = 0; i < STEPS; i++) CHECK(steps[i].inside.found <= steps[i].pairs);
    struct evaluation_report evaluated;
    if (truth == NULL) return;
    CHECK(match_evaluate_result(match, truth, &evaluated, &err));
    CHECK(evaluated.clusters.found == steps[0].inside.found);
    CHECK(evaluated.clusters.wrong == steps[0].inside.wrong);
}

static void link_and_check(struct match *match, const char *truth)
{
    struct err err = ERR_INIT;
    struct link_result again;
    struct link_options options = {.threads = 1};
    if (!link_run(match->engine, &options, &match->result, &err)) {
        CHECK(err.kind == ERR_INPUT || err.kind == ERR_NOT_FOUND);
        options.model = make_model(match->arena, match->spec);
        CHECK(link_run(match->engine, &options, &match->result, &err));
    }
    struct str text = link_model_write(match->arena, match->result.model);
    struct link_model *model;
    CHECK(link_model_read(match->arena, text, match->spec, &model, &err));
    check_pairs(match, match->arena);
    check_clusters(match, match->arena);
    check_steps(match, truth);
    options = (struct link_options){.threads = 3, .model = model, .keep_rejected = true};
    CHECK(link_run(match->engine, &options, &again, &err));
    check_same(&match->result, &again, match->input.record_count);
}

static void run_link(struct str input)
{
    struct str parts[PARTS] = {0};
    char paths[PARTS][64];
    int files[PARTS];
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct match match;
    size_t count = split_parts(input, parts);
    for (size_t i = 0; i < count; i++) {
        if (!is_small(parts[i])) return;
    }
    if (count == 1) {
        struct link_spec *spec;
        if (!link_spec_parse(&arena, parts[0], "fuzz", &spec, &err)) check_error(&err);
        arena_free(&arena);
        return;
    }
    for (size_t i = 0; i < count; i++) files[i] = open_part(parts[i], paths[i]);
    if (match_open(&match, &arena, paths[0], paths[1], count > 2 ? paths[2] : NULL, &err))
        link_and_check(&match, count > 3 ? paths[3] : NULL);
    else
        check_error(&err);
    for (size_t i = 0; i < count; i++) close(files[i]);
    arena_free(&arena);
}

struct fuzz_target fuzz_link_target(void)
{
    return (struct fuzz_target){
        .name = "link",
        .run = run_link,
        .seeds = {{two_files, sizeof two_files - 1}, {one_file, sizeof one_file - 1}},
        .words = link_words};
}
