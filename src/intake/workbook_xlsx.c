#include "intake/workbook_xlsx.h"

#include "base/list.h"

#include <string.h>

enum { RELATIONS_MAX = 10000 };

/* One relation of a part to another: <Relationship Id Type Target>. */
struct relation {
    const char *id;
    struct str type; /* last part of its URI: "worksheet" */
    const char *part;
};

struct relations {
    struct arena *arena;
    const char *folder; /* of the part whose relations these are, with "/" at its end */
    LIST(struct relation) list;
};

/* "xl/" and "../a/b.xml" make "a/b.xml"; a target that begins with "/" is taken from the root. */
static const char *resolve(struct arena *arena, const char *folder, const char *target)
{
    struct text path;
    text_init(&path, arena, 2048);
    if (target[0] != '/' && target[0] != '\\') text_add_c(&path, folder);
    while (*target != '\0') {
        size_t length = strcspn(target, "/\\");
        struct str part = {target, length};
        if (str_is(part, "..")) {
            if (path.len > 0) path.len--;
            while (path.len > 0 && path.ptr[path.len - 1] != '/') path.len--;
            path.ptr[path.len] = '\0';
        } else if (length > 0 && !str_is(part, ".")) {
            text_add(&path, part);
            if (target[length] != '\0') text_add_byte(&path, '/');
        }
        target += length + (target[length] != '\0');
    }
    return path.ptr;
}

static void relation_start(struct xml_reader *xml, const char *name, const char **attributes)
{
    struct relations *relations = xml->context;
    if (strcmp(name, "Relationship") != 0 || relations->list.count == RELATIONS_MAX) return;
    const char *id = xml_attribute(attributes, "Id"), *type = xml_attribute(attributes, "Type");
    const char *target = xml_attribute(attributes, "Target");
    const char *mode = xml_attribute(attributes, "TargetMode");
    if (id == NULL || type == NULL || target == NULL) return;
    if (mode != NULL && strcmp(mode, "External") == 0) return;
    const char *slash = strrchr(type, '/');
    *list_push(relations->arena, &relations->list) = (struct relation){
        str_cstr(relations->arena, str_from(id)),
        str_copy(relations->arena, str_from(slash == NULL ? type : slash + 1)),
        resolve(relations->arena, relations->folder, target),
    };
}

/* The relations of `part`; none when the package has no list of them. */
static bool read_relations(const struct package *package, struct relations *relations,
                           struct arena *arena, const char *part, struct err *err)
{
    static const struct xml_events events = {.start = relation_start};
    const char *slash = strrchr(part, '/');
    struct str folder = {part, slash == NULL ? 0 : (size_t)(slash + 1 - part)};
    struct text name;
    text_init(&name, arena, 2048);
    text_add_f(&name, "%.*s_rels/%s.rels", STR_ARG(folder), part + folder.len);
    *relations = (struct relations){.arena = arena, .folder = str_cstr(arena, folder)};
    if (!package_has(package, name.ptr)) return true;
    struct xml_reader xml = {0};
    if (!xml_open(&xml, package, name.ptr, &events, relations, err)) return false;
    bool done = xml_run(&xml, err);
    xml_close(&xml);
    return done;
}

static const struct relation *relation_of_type(const struct relations *relations, const char *type)
{
    for (size_t i = 0; i < relations->list.count; i++) {
        if (str_is(relations->list.items[i].type, type)) return &relations->list.items[i];
    }
    return NULL;
}

struct sheet_parse {
    struct workbook *workbook;
    const struct relations *relations;
    LIST(struct workbook_sheet_info) infos;
    LIST(struct xlsx_sheet) sheets;
};

static bool is_true(const char *text)
{
    return text != NULL && (strcmp(text, "1") == 0 || strcmp(text, "true") == 0);
}

static void sheet_list_start(struct xml_reader *xml, const char *name, const char **attributes)
{
    struct sheet_parse *parse = xml->context;
    struct workbook *workbook = parse->workbook;
    struct xlsx_state *state = workbook->state;
    if (strcmp(name, "workbookPr") == 0) {
        state->date1904 = is_true(xml_attribute(attributes, "date1904"));
    }
    if (strcmp(name, "sheet") != 0) return;
    const char *id = xml_attribute(attributes, "id"), *shown = xml_attribute(attributes, "name");
    const char *visible = xml_attribute(attributes, "state");
    const struct relation *relation = NULL;
    for (size_t i = 0; id != NULL && i < parse->relations->list.count; i++) {
        const struct relation *candidate = &parse->relations->list.items[i];
        if (strcmp(candidate->id, id) == 0) relation = candidate;
    }
    /* Chart and dialog sheets have no rows. */
    if (relation != NULL && !str_is(relation->type, "worksheet")) return;
    if (parse->sheets.count == WORKBOOK_SHEETS_MAX) {
        err_set(&xml->failure, ERR_LIMIT, "more than %d sheets", "超过 %d 个工作表",
                WORKBOOK_SHEETS_MAX);
        xml_stop(xml);
        return;
    }
    struct str clean = cell_text_clean(&workbook->arena, str_from(shown == NULL ? "" : shown));
    *list_push(&workbook->arena, &parse->infos) = (struct workbook_sheet_info){
        .name = str_copy(&workbook->arena, clean),
        .hidden = visible != NULL && strcmp(visible, "visible") != 0,
    };
    list_push(&workbook->arena, &parse->sheets)->part = relation == NULL ? "" : relation->part;
}

static bool read_sheet_list(struct workbook *workbook, const char *part,
                            const struct relations *relations, struct err *err)
{
    static const struct xml_events events = {.start = sheet_list_start};
    struct xlsx_state *state = workbook->state;
    struct sheet_parse parse = {.workbook = workbook, .relations = relations};
    struct xml_reader xml = {0};
    if (!xml_open(&xml, &state->package, part, &events, &parse, err)) return false;
    bool done = xml_run(&xml, err);
    xml_close(&xml);
    if (!done) return err_at(err, "list of sheets", "工作表目录");
    workbook->sheets = parse.infos.items;
    workbook->sheet_count = parse.sheets.count;
    state->sheets = parse.sheets.items;
    if (workbook->sheet_count > 0) return true;
    return err_set(err, ERR_INPUT, "the workbook has no sheet", "工作簿中没有工作表");
}

/* A zip package that is something else. */
static bool name_package(const struct package *package, struct err *err)
{
    static const struct {
        const char *part, *en, *zh;
    } kinds[] = {
        {"word/document.xml", "a Word document", " Word 文档"},
        {"ppt/presentation.xml", "a PowerPoint presentation", " PowerPoint 演示文稿"},
        {"xl/workbook.bin", "a binary workbook (xlsb); save it as xlsx",
         "二进制工作簿（xlsb），请另存为 xlsx"},
        {"content.xml", "an OpenDocument file (ods, odt); save it as xlsx",
         " OpenDocument 文件（ods、odt），请另存为 xlsx"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (package_has(package, kinds[i].part)) {
            return workbook_not_a_table(err, kinds[i].en, kinds[i].zh);
        }
    }
    if (package_has(package, "[Content_Types].xml")) {
        return err_set(err, ERR_INPUT, "damaged: the workbook's list of sheets is missing",
                       "文件已损坏：工作簿中缺少工作表目录");
    }
    return workbook_not_a_table(err, "a zip archive; unpack it first", " zip 压缩包，请先解压");
}

static void close_xlsx(struct workbook *workbook)
{
    struct xlsx_state *state = workbook->state;
    xlsx_sheet_close(state);
    package_close(&state->package);
}

bool workbook_open_xlsx(struct workbook *workbook, struct err *err)
{
    static const struct workbook_reader reader = {xlsx_sheet_start, xlsx_sheet_next,
                                                  xlsx_sheet_done, close_xlsx};
    struct arena *arena = &workbook->arena;
    struct xlsx_state *state = arena_new(arena, struct xlsx_state);
    struct relations root, relations;
    workbook->state = state;
    workbook->reader = &reader;
    workbook->kind = STR("xlsx");
    if (!package_open(&state->package, workbook->fd, workbook->size, err)) return false;
    if (!read_relations(&state->package, &root, arena, "", err)) return false;
    const struct relation *main_part = relation_of_type(&root, "officeDocument");
    const char *part = main_part == NULL ? "xl/workbook.xml" : main_part->part;
    if (str_ends(str_from(part), STR(".bin")) || str_starts(str_from(part), STR("word/"))
        || str_starts(str_from(part), STR("ppt/")) || !package_has(&state->package, part)) {
        return name_package(&state->package, err);
    }
    if (!read_relations(&state->package, &relations, arena, part, err)) return false;
    const struct relation *styles = relation_of_type(&relations, "styles");
    const struct relation *shared = relation_of_type(&relations, "sharedStrings");
    state->styles_part = styles == NULL ? NULL : styles->part;
    state->shared_part = shared == NULL ? NULL : shared->part;
    return read_sheet_list(workbook, part, &relations, err);
}
