#include "targets.h"

#include "cases/case_sheet.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* A case sheet as it comes back: read, or refused with a sentence; and whatever stands in its
 * hidden column, a seal opens only when it is, byte for byte, one that was written. */

enum { SEALS = 2, SHEET_BYTES_MAX = 1 << 14 };

static struct codec *codec_of_test(void)
{
    unsigned char secret[CODEC_SECRET_BYTES];
    for (size_t i = 0; i < sizeof secret; i++) secret[i] = (unsigned char)i;
    return codec_from_secret(secret);
}

static struct case_sheet_seal seal_of(size_t i)
{
    struct case_sheet_seal seal = {.pack = STR("0123456789abcdef"),
                                   .row = (int64_t)i + 1,
                                   .rows = SEALS,
                                   .by = STR("乡镇"),
                                   .at = {18500},
                                   .number = 7,
                                   .version = 3,
                                   .step = i == 0 ? STR("contact") : STR("report")};
    seal.fixed[SHEET_CASE] = STR("7");
    seal.fixed[SHEET_NAME] = STR("王小明");
    seal.fixed[SHEET_DUE] = STR("2020-09-17");
    return seal;
}

static void check_seal(struct codec *codec, struct arena *arena, struct str text)
{
    struct case_sheet_seal seal;
    struct err err = ERR_INIT;
    if (!case_sheet_seal_read(codec, arena, text, &seal, &err)) {
        CHECK(err.kind == ERR_INPUT);
        CHECK(utf8_valid(str_from(err.zh)) && utf8_valid(str_from(err.en)));
        return;
    }
    bool written = false;
    for (size_t i = 0; i < SEALS; i++) {
        struct case_sheet_seal mine = seal_of(i);
        if (!str_equal(text, case_sheet_seal_write(codec, arena, &mine))) continue;
        written = true;
        CHECK(seal.row == mine.row && seal.version == mine.version);
        CHECK(str_equal(seal.step, mine.step) && str_equal(seal.pack, mine.pack));
        for (int c = 0; c < SHEET_FIXED_COUNT; c++) {
            CHECK(str_equal(seal.fixed[c], mine.fixed[c]));
        }
    }
    CHECK(written);
}

static void run_sheet(struct str input)
{
    char path[64];
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct codec *codec = codec_of_test();
    struct case_sheet_row *rows;
    size_t count;
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    CHECK(fd >= 0);
    for (size_t done = 0; done < input.len;) {
        ssize_t put = write(fd, input.ptr + done, input.len - done);
        CHECK(put > 0);
        done += (size_t)put;
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (case_sheet_read(&arena, path, &rows, &count, &err)) {
        CHECK(count <= CASE_SHEET_ROWS_MAX);
        for (size_t i = 0; i < count; i++) {
            size_t filled = 0;
            for (int c = 0; c < SHEET_COLUMN_COUNT; c++) {
                CHECK(utf8_valid(rows[i].cells[c]));
                CHECK(str_equal(rows[i].cells[c], str_trim(rows[i].cells[c])));
                filled += rows[i].cells[c].len > 0;
            }
            CHECK(filled > 0);
            CHECK(i == 0 || rows[i].number > rows[i - 1].number
                  || !str_equal(rows[i].sheet, rows[i - 1].sheet));
            check_seal(codec, &arena, rows[i].cells[SHEET_SEAL]);
        }
    } else {
        CHECK(err.kind == ERR_INPUT || err.kind == ERR_LIMIT);
        CHECK(err.en[0] != '\0' && err.zh[0] != '\0');
    }
    if (utf8_valid(input)) check_seal(codec, &arena, input); /* as cells are */
    close(fd);
    codec_close(codec);
    arena_free(&arena);
}

/* A sheet as other programs save it, with both seals. */
static struct str sheet_of_test(struct arena *arena, char between, bool named_twice)
{
    struct text text;
    struct codec *codec = codec_of_test();
    text_init(&text, arena, SHEET_BYTES_MAX);
    text_add_f(&text, "离线工作簿%c2020-09-15\n", between);
    for (int c = 0; c < SHEET_COLUMN_COUNT; c++) {
        enum case_sheet_column column = (enum case_sheet_column)c;
        if (c > 0) text_add_byte(&text, between);
        text_add_c(&text, case_sheet_heading(column, LANG_ZH));
        if (named_twice) text_add_f(&text, " %s", case_sheet_heading(column, LANG_EN));
    }
    for (size_t i = 0; i < SEALS; i++) {
        struct case_sheet_seal seal = seal_of(i);
        text_add_c(&text, "\n");
        for (int c = 0; c < SHEET_SEAL; c++) {
            if (c < SHEET_FIXED_COUNT) text_add(&text, seal.fixed[c]);
            if (c == SHEET_DAY) text_add_c(&text, "2020.9.18");
            text_add_byte(&text, between);
        }
        text_add(&text, case_sheet_seal_write(codec, arena, &seal));
    }
    text_add_c(&text, "\n");
    codec_close(codec);
    return text_str(&text);
}

struct fuzz_target fuzz_sheet_target(struct arena *arena)
{
    struct case_sheet_seal seal = seal_of(0);
    struct codec *codec = codec_of_test();
    struct fuzz_target target = {
        "sheet",
        run_sheet,
        {sheet_of_test(arena, ',', false), sheet_of_test(arena, '\t', true),
         case_sheet_seal_write(codec, arena, &seal),
         STR("<table><tr><td>案卷<td>姓名<td>签章<tr><td>1<td>王<td>1.0</table>")},
        "1. . , \t \n \" 0 f 案卷 姓名 签章 联系日期 2020-02-30 44092 \x1f 1.0123456789abcdef.",
    };
    codec_close(codec);
    return target;
}
