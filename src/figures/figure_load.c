#include "base/asset.h"
#include "base/file.h"
#include "base/list.h"
#include "base/yaml.h"
#include "figures/balance.h"
#include "figures/figure_text.h"

#include <stdlib.h>

enum { FIGURE_FILE_BYTES_MAX = 1 << 20, FIGURE_PATH_BYTES_MAX = 4096 };

/* What one of what a list lacks costs. */
struct figure_price {
    struct str list, note;
    int64_t fen;
    bool national; /* counts where no other pack states one */
};

struct figure_files {
    struct arena *arena;
    struct figures *out;
    LIST(struct figure) figures; /* lists as well, in whatever order they are read */
    LIST(struct figure_price) prices;
    struct str *groups;
    size_t group_count;
    struct str rules_file; /* the text of rules that was read last */
    struct yaml_node *rules;
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

static bool read_prices(struct figure_files *files, struct str text, const char *name,
                        struct err *err)
{
    struct yaml_node *root;
    if (!yaml_parse(files->arena, text, name, &root, err)) return false;
    struct yaml_node *list = yaml_get(root, "prices");
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        struct yaml_node *node = list->items[i];
        struct str yuan;
        struct figure_price *price = list_push(files->arena, &files->prices);
        price->national = str_find(str_from(name), STR("national/lists/")) != SIZE_MAX;
        if (!yaml_text(node, "list", name, &price->list, err)
            || !yaml_text(node, "yuan", name, &yuan, err)
            || !yaml_text_or(node, "note", name, STR_EMPTY, &price->note, err)) {
            return false;
        }
        if (!balance_decimal(yuan, 2, &price->fen)) {
            return yaml_fail(node, name, err, "a price is yuan with at most two places: \"600.50\"",
                             "单价写元，最多两位小数，如 \"600.50\"");
        }
    }
    return yaml_check_used(root, name, err);
}

/* A price of a list that is not there is a mistake. */
static bool put_prices(struct figure_files *files, struct err *err)
{
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < files->prices.count; i++) {
            const struct figure_price *price = &files->prices.items[i];
            struct figure *list = NULL;
            if (price->national != (round == 0)) continue;
            for (size_t k = 0; k < files->figures.count; k++) {
                struct figure *figure = &files->figures.items[k];
                if (str_equal(figure->key, price->list)) list = figure;
            }
            if (list == NULL || list->close_zh.len == 0) {
                return err_set(err, ERR_INPUT,
                               "prices.yaml names \"%.*s\", which is no list of what is lacking",
                               "prices.yaml 中的“%.*s”不是列出差距的清单", STR_ARG(price->list));
            }
            list->price_fen = price->fen;
            list->price_note = price->note;
        }
    }
    return true;
}

static bool read_file(struct figure_files *files, struct str text, const char *name,
                      struct err *err)
{
    struct figure figure;
    if (str_ends(str_from(name), STR("/order.yaml"))) return read_order(files, text, name, err);
    if (str_ends(str_from(name), STR("/lists/prices.yaml")))
        return read_prices(files, text, name, err);
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

/* The text of rules that a figure takes values from; one figure takes several from one text. */
static bool read_rules_file(struct figure_files *files, const char *folder, struct str name,
                            struct err *err)
{
    struct text path;
    struct str text;
    if (str_equal(name, files->rules_file)) return true;
    text_init(&path, files->arena, FIGURE_PATH_BYTES_MAX);
    text_add_f(&path, "%s/national/rules/%.*s", folder == NULL ? "policies" : folder,
               STR_ARG(name));
    if (folder != NULL) {
        if (!file_read(files->arena, path.ptr, FIGURE_FILE_BYTES_MAX, &text, err)) return false;
    } else if (!asset_find(path.ptr, &text)) {
        return err_set(err, ERR_INPUT, "there is no %s", "没有 %s", path.ptr);
    }
    if (!yaml_parse(files->arena, text, path.ptr, &files->rules, err)) return false;
    files->rules_file = name;
    return true;
}

static bool find_rule(struct figure_files *files, const char *folder, struct figure_rule *rule,
                      struct err *err)
{
    struct str rest = rule->keys, key;
    if (!read_rules_file(files, folder, rule->file, err)) return false;
    struct yaml_node *node = files->rules;
    while (node != NULL && str_split(&rest, '.', &key)) {
        node = yaml_get(node, str_cstr(files->arena, key));
    }
    if (node == NULL || node->kind != YAML_SCALAR) {
        return err_set(err, ERR_INPUT, "rules/%.*s has no value at \"%.*s\"",
                       "rules/%.*s 中没有“%.*s”的值", STR_ARG(rule->file), STR_ARG(rule->keys));
    }
    rule->value = node->text;
    return true;
}

static bool find_rules(struct figure_files *files, const char *folder, struct err *err)
{
    for (size_t i = 0; i < files->figures.count; i++) {
        struct figure *figure = &files->figures.items[i];
        for (size_t k = 0; k < figure->rule_count; k++) {
            if (find_rule(files, folder, &figure->rules[k], err)) continue;
            return err_at(err, "%.*s", "%.*s", STR_ARG(figure->file));
        }
    }
    return true;
}

/* "policies/PACK/lists/KEY.yaml": whatever stands before, its own folder is called so. */
static bool is_list_file(struct str name)
{
    size_t end = name.len;
    while (end > 0 && name.ptr[end - 1] != '/') end--;
    return str_ends(str_slice(name, 0, end), STR("/lists/")) && str_ends(name, STR(".yaml"));
}

/* "policies/PACK/figures/KEY.yaml", or a list's. */
static bool is_figure_file(struct str name)
{
    return is_list_file(name)
           || (str_find(name, STR("/figures/")) != SIZE_MAX && str_ends(name, STR(".yaml")));
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
        if (!read_folder(files, path_of(files->arena, pack, STR("figures")), err)
            || !read_folder(files, path_of(files->arena, pack, STR("lists")), err)) {
            return false;
        }
    }
    return true;
}

/* Where a group stands among those of order.yaml; lists stand behind all of them. */
static size_t rank_of(const struct figure_files *files, const struct figure *figure)
{
    size_t rank = 0;
    if (is_list_file(figure->file)) return SIZE_MAX;
    while (rank < files->group_count && !str_equal(files->groups[rank], figure->group)) rank++;
    return rank;
}

static int compare(const struct figure_files *files, const struct figure *a, const struct figure *b)
{
    size_t rank = rank_of(files, a), other = rank_of(files, b);
    if (rank != other) return rank < other ? -1 : 1;
    int order = rank == SIZE_MAX ? 0 : str_compare(a->group, b->group);
    return order != 0 ? order : str_compare(a->key, b->key);
}

/* Groups in the order stated, others behind them by name; within a group by key; then lists. */
static void sort_figures(struct figure_files *files)
{
    struct figure *items = files->figures.items;
    for (size_t i = 1; i < files->figures.count; i++) {
        struct figure figure = items[i];
        size_t at = i;
        for (; at > 0 && compare(files, &figure, &items[at - 1]) < 0; at--)
            items[at] = items[at - 1];
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
    if (!put_prices(&files, err) || !find_rules(&files, folder, err)) return false;
    sort_figures(&files);
    figures.items = files.figures.items;
    for (size_t i = 0; i < files.figures.count; i++) {
        is_list_file(figures.items[i].file) ? figures.list_count++ : figures.count++;
    }
    *out = figures;
    return true;
}
