#include "base/asset.h"
#include "base/file.h"
#include "base/list.h"
#include "base/yaml.h"
#include "figures/figure_text.h"

#include <stdlib.h>

enum { FIGURE_FILE_BYTES_MAX = 1 << 20, FIGURE_PATH_BYTES_MAX = 4096 };

struct figure_files {
    struct arena *arena;
    struct figures *out;
    LIST(struct figure) figures;
    struct str *groups;
    size_t group_count;
};

static bool read_order(struct figure_files *files, struct str text, const char *name,
                       struct err *err)
{
    struct yaml_node *root;
    struct figures *out = files->out;
    return yaml_parse(files->arena, text, name, &root, err)
           && yaml_texts(files->arena, root, "groups", name, &files->groups, &files->group_count,
                         err)
           && yaml_integer_or(root, "small_below", name, out->small_below, &out->small_below, err)
           && yaml_text_or(root, "small_cites", name, out->small_cites, &out->small_cites, err)
           && yaml_check_used(root, name, err);
}

static bool read_file(struct figure_files *files, struct str text, const char *name,
                      struct err *err)
{
    struct figure figure;
    if (str_ends(str_from(name), STR("/order.yaml"))) return read_order(files, text, name, err);
    if (!figure_read(&figure, files->arena, text, name, err)) return false;
    for (size_t i = 0; i < files->figures.count; i++) {
        const struct figure *other = &files->figures.items[i];
        if (!str_equal(other->key, figure.key)) continue;
        return err_set(err, ERR_INPUT, "%s: the figure \"%.*s\" stands in %.*s already",
                       "%s：指标“%.*s”已在 %.*s 中", name, STR_ARG(figure.key),
                       STR_ARG(other->file));
    }
    if (files->figures.count == FIGURES_MAX) {
        return err_set(err, ERR_LIMIT, "there are more than %d figures", "指标超过 %d 个",
                       (int)FIGURES_MAX);
    }
    *list_push(files->arena, &files->figures) = figure;
    return true;
}

/* "policies/PACK/figures/KEY.yaml". */
static bool is_figure_file(struct str name)
{
    return str_find(name, STR("/figures/")) != SIZE_MAX && str_ends(name, STR(".yaml"));
}

static bool read_assets(struct figure_files *files, struct err *err)
{
    const struct asset *assets;
    size_t count;
    asset_range("policies/", &assets, &count);
    for (size_t i = 0; i < count; i++) {
        if (!is_figure_file(str_from(assets[i].name))) continue;
        struct str text = {(const char *)assets[i].bytes, assets[i].size};
        if (!read_file(files, text, assets[i].name, err)) return false;
    }
    return true;
}

static const char *path_of(struct arena *arena, const char *folder, struct str name)
{
    struct text text;
    text_init(&text, arena, FIGURE_PATH_BYTES_MAX);
    text_add_f(&text, "%s/%.*s", folder, STR_ARG(name));
    return str_cstr(arena, text_str(&text));
}

static bool read_folder(struct figure_files *files, const char *folder, struct err *err)
{
    struct str *names, text;
    size_t count;
    if (!file_is_folder(folder)) return true;
    if (!file_list(files->arena, folder, &names, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        const char *path = path_of(files->arena, folder, names[i]);
        if (!is_figure_file(str_from(path))) continue;
        if (!file_read(files->arena, path, FIGURE_FILE_BYTES_MAX, &text, err)
            || !read_file(files, text, path, err)) {
            return false;
        }
    }
    return true;
}

static bool read_packs(struct figure_files *files, const char *folder, struct err *err)
{
    struct str *packs;
    size_t count;
    if (!file_list(files->arena, folder, &packs, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        const char *pack = path_of(files->arena, folder, packs[i]);
        if (!read_folder(files, path_of(files->arena, pack, STR("figures")), err)) return false;
    }
    return true;
}

/* Groups in the order stated, others behind them by name; within a group by key. */
static void sort_figures(struct figure_files *files)
{
    struct figure *items = files->figures.items;
    for (size_t i = 1; i < files->figures.count; i++) {
        struct figure figure = items[i];
        size_t at = i;
        for (; at > 0; at--) {
            const struct figure *before = &items[at - 1];
            size_t rank = 0, rank_before = 0;
            while (rank < files->group_count && !str_equal(files->groups[rank], figure.group))
                rank++;
            while (rank_before < files->group_count
                   && !str_equal(files->groups[rank_before], before->group))
                rank_before++;
            int order = rank != rank_before ? (rank < rank_before ? -1 : 1)
                                            : str_compare(figure.group, before->group);
            if (order == 0) order = str_compare(figure.key, before->key);
            if (order >= 0) break;
            items[at] = *before;
        }
        items[at] = figure;
    }
}

bool figures_load(struct figures *out, struct arena *arena, const char *folder, struct err *err)
{
    CHECK(out != NULL);
    CHECK(arena != NULL);
    struct figures figures = {.small_below = 0};
    struct figure_files files = {.arena = arena, .out = &figures};
    if (!(folder == NULL ? read_assets(&files, err) : read_packs(&files, folder, err))) {
        return false;
    }
    sort_figures(&files);
    figures.items = files.figures.items;
    figures.count = files.figures.count;
    *out = figures;
    return true;
}
