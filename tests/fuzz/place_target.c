#include "targets.h"

#include "placing/placing.h"
#include "verifying/verifying.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* The five files of placing in one text, a line "%" between them: refused with a reason, or placed,
 * and then the verifier, which has readers of its own, reads the same files and finds no fault in
 * the result. An empty last part is no file of allotments. */

enum { FILES = 5, PATH_BYTES = 64 };

struct part {
    int fd;
    char path[PATH_BYTES];
};

static void part_open(struct part *part, struct str content)
{
    part->fd = memfd_create("fuzz", MFD_CLOEXEC);
    CHECK(part->fd >= 0);
    for (size_t done = 0; done < content.len;) {
        ssize_t put = write(part->fd, content.ptr + done, content.len - done);
        CHECK(put > 0);
        done += (size_t)put;
    }
    snprintf(part->path, sizeof part->path, "/proc/self/fd/%d", part->fd);
}

static struct str next_part(struct str *rest)
{
    static const struct str between = {"%\n", 2};
    size_t at = str_find(*rest, between);
    struct str part = str_slice(*rest, 0, at == SIZE_MAX ? rest->len : at);
    *rest = at == SIZE_MAX ? STR_EMPTY : str_slice(*rest, at + between.len, rest->len);
    return part;
}

static void place_and_verify(struct arena *arena, const struct place_paths *paths)
{
    struct err err = ERR_INIT;
    struct place_input input;
    struct place_result result;
    struct verify_report report;
    char written[] = "/tmp/baoxue_fuzz_XXXXXX";
    if (!place_read(arena, paths, &input, &err)) {
        CHECK(err.kind == ERR_INPUT || err.kind == ERR_LIMIT || err.kind == ERR_USAGE);
        CHECK(err.en[0] != '\0' && err.zh[0] != '\0');
        return;
    }
    place_run(arena, &input, true, &result);
    CHECK(result.placed_count <= input.applicant_count);
    int fd = mkstemp(written); /* a result is put into the place of what stands there */
    CHECK(fd >= 0);
    CHECK(close(fd) == 0);
    CHECK(place_write(written, &input, &result, &err));
    const struct verify_paths checked = {paths->rules,   paths->programmes, paths->applicants,
                                         paths->choices, paths->allotments, written};
    if (!verify_run(arena, &checked, &report, &err)) fprintf(stderr, "%s\n", err.en);
    CHECK(err.kind == ERR_NONE);
    for (size_t i = 0; i < report.violation_count; i++) {
        fprintf(stderr, "%s\n", report.violations[i].en);
    }
    CHECK(report.violation_count == 0);
    CHECK(report.rows == result.placed_count);
    CHECK(unlink(written) == 0);
}

static void run_place(struct str input)
{
    struct arena arena = {0};
    struct part parts[FILES];
    struct str last = STR_EMPTY;
    for (size_t i = 0; i < FILES; i++) {
        last = next_part(&input);
        part_open(&parts[i], last);
    }
    const struct place_paths paths = {parts[0].path, parts[1].path, parts[2].path, parts[3].path,
                                      last.len > 0 ? parts[4].path : NULL};
    place_and_verify(&arena, &paths);
    for (size_t i = 0; i < FILES; i++) close(parts[i].fd);
    arena_free(&arena);
}

struct fuzz_target fuzz_place_target(void)
{
    return (struct fuzz_target){
        "place",
        run_place,
        {STR("ties: [tie1]\nbatches:\n  - {key: main, mode: parallel, choices_max: 3, majors_max: "
             "2, "
             "ratio: \"1.05\", lines: {physics: 500}, supplement: {rounds: 1, lower: 20}}\n%\n"
             "batch,plan,group,programme,quota,track,county,subjects\nmain,general,101,01,1,"
             "physics,,\n"
             "main,general,101,02,1,physics,,化学;生物|地理\nmain,poverty,102,01,1,,620422,\n%\n"
             "applicant,track,county,total,tie1,plans,subjects\n20001,physics,620422,600,120,,化学;"
             "地理\n"
             "20002,physics,620421,590,110,poverty,\n20003,physics,620421,590,110,,化学\n"
             "20004,physics,620422,580,100,poverty,\n20005,history,620422,500,90,,\n%\n"
             "applicant,batch,rank,group,majors,adjust\n20001,main,1,101,01;02,no\n"
             "20002,main,1,101,01,no\n20003,main,1,101,01,yes\n20004,main,2,101,02,no\n"
             "20004,main,3,102,01,yes\n20005,main,1,101,01,yes\n20005,main+1,1,102,,yes\n%\n"),
         STR("ties: []\nbatches:\n  - {key: a, mode: sequential, choices_max: 2, majors_max: 0, "
             "ratio: \"1\"}\n%\nbatch,plan,group,programme,quota,track,county\na,general,1,1,2,,\n"
             "a,national,2,1,1,,\n%\napplicant,track,county,total,plans\n1,,,5,national\n2,,,5,\n"
             "3,,,7,national\n%\napplicant,batch,rank,group,majors,adjust\n1,a,1,1,,yes\n1,a,2,2,,"
             "yes\n"
             "2,a,1,1,,yes\n3,a,1,2,,yes\n%\n"),
         STR("ties: [tie1]\nbatches:\n  - {key: general, mode: parallel, choices_max: 2, "
             "majors_max: 0, "
             "ratio: \"1\", lines: {\"*\": 400}}\n  - {key: allotted, of: general, mode: parallel, "
             "choices_max: 2, majors_max: 0, ratio: \"1\", allot: {least: \"0.5\", below: 50, "
             "rest: "
             "rest, groups: [甲]}}\n  - {key: rest, of: general, mode: parallel, choices_max: 2, "
             "majors_max: 0, ratio: \"1\"}\n%\nbatch,plan,group,programme,quota,track,county\n"
             "general,general,甲,01,3,,\ngeneral,general,乙,01,2,,\n%\n"
             "applicant,track,county,total,tie1,plans,source\n1,,,640,1,,东\n2,,,620,1,,东\n"
             "3,,,600,1,,西\n4,,,590,2,,西\n5,,,410,2,,\n%\n"
             "applicant,batch,rank,group,majors,adjust\n1,general,1,甲,,yes\n2,general,1,甲,,yes\n"
             "2,allotted,1,甲,,yes\n3,allotted,1,甲,,yes\n4,allotted,1,甲,,yes\n4,rest,1,甲,,yes\n"
             "4,rest,2,乙,,yes\n5,general,1,乙,,yes\n%\nbatch,group,source,seats\n"
             "allotted,甲,东,1\nallotted,甲,西,1\n")},
        "% , ; \n main general national poverty parallel sequential yes no 101 01 0 1 -1 600 "
        "physics "
        "620422 \"1.05\" 9223372036854775807 99999999999999999999 tie1 plans source allotted 甲 东",
    };
}
