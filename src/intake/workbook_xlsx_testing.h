#ifndef INTAKE_WORKBOOK_XLSX_TESTING_H
#define INTAKE_WORKBOOK_XLSX_TESTING_H

#include "intake/workbook_testing.h"

#include <zip.h>

/* For tests: xlsx packages made part by part, so that odd ones can be made as well. */

struct test_part {
    const char *name, *content;
    size_t size; /* 0: to the zero byte */
};

/* Writes the parts (up to one without a name) as a zip to a fresh temporary file, named in `path`.
 */
static inline const char *test_zip(char path[64], const struct test_part *parts)
{
    test_file(path, "", 0);
    int code;
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
    assert_non_null(zip);
    for (; parts->name != NULL; parts++) {
        size_t size = parts->size > 0 ? parts->size : strlen(parts->content);
        zip_source_t *source = zip_source_buffer(zip, parts->content, size, 0);
        assert_true(zip_file_add(zip, parts->name, source, ZIP_FL_ENC_UTF_8) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
    return path;
}

#define TEST_ROOT_RELS                                                                             \
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"       \
    "<Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"        \
    "relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
#define TEST_RELATION(id, type, target)                                                            \
    "<Relationship Id=\"" id "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"    \
    "relationships/" type "\" Target=\"" target "\"/>"
#define TEST_WORKBOOK(inside)                                                                      \
    "<?xml version=\"1.0\"?><workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/"    \
    "2006/main\" "                                                                                 \
    "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">" inside      \
    "</workbook>"
#define TEST_SHEET(rows, after)                                                                    \
    "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/"   \
    "2006/main\"><dimension ref=\"A1:XFD1048576\"/><sheetData>" rows "</sheetData>" after          \
    "</worksheet>"

/* A workbook of one sheet "甲" with shared texts and styles, either of which may be NULL. */
static inline const char *test_xlsx(char path[64], const char *sheet, const char *shared,
                                    const char *styles, const char *properties)
{
    struct arena arena = {0};
    struct text workbook;
    text_init(&workbook, &arena, 4096);
    text_add_c(&workbook, "<?xml version=\"1.0\"?><workbook xmlns:r=\"r\">");
    text_add_c(&workbook, properties == NULL ? "" : properties);
    text_add_c(&workbook,
               "<sheets><sheet name=\"甲\" sheetId=\"7\" r:id=\"rId9\"/></sheets></workbook>");
    struct test_part parts[6] = {
        {"_rels/.rels", TEST_ROOT_RELS, 0},
        {"xl/workbook.xml", workbook.ptr, 0},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships>" TEST_RELATION("rId9", "worksheet", "worksheets/third.xml")
             TEST_RELATION("rId2", "styles", "styles.xml")
                 TEST_RELATION("rId1", "sharedStrings", "sharedStrings.xml") "</Relationships>",
         0},
        {"xl/worksheets/third.xml", sheet, 0},
    };
    size_t count = 4;
    if (shared != NULL) parts[count++] = (struct test_part){"xl/sharedStrings.xml", shared, 0};
    if (styles != NULL) parts[count++] = (struct test_part){"xl/styles.xml", styles, 0};
    struct test_part all[7] = {0};
    memcpy(all, parts, count * sizeof *parts);
    test_zip(path, all);
    arena_free(&arena);
    return path;
}

#endif
