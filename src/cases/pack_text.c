#include "cases/pack_text.h"

#include "base/asset.h"
#include "base/file.h"
#include "base/list.h"

#include <stdlib.h>

enum { PATH_BYTES_MAX = 4096 };

struct text_list {
    LIST(struct pack_text) items;
};

static bool is_national(const struct pack_text *text)
{
    return str_is(text->pack, "national");
}

static int compare_texts(const void *a, const void *b)
{
    const struct pack_text *x = a, *y = b;
    if (is_national(x) != is_national(y)) return is_national(x) ? -1 : 1;
    int order = str_compare(x->pack, y->pack);
    return order != 0 ? order : str_compare(x->name, y->name);
}

static struct str without_ending(struct str name)
{
    return str_slice(name, 0, name.len - STR(".yaml").len);
}

static void read_built_in(struct arena *arena, const char *folder, struct text_list *list)
{
    const struct asset *assets;
    size_t count;
    asset_range("policies/", &assets, &count);
    for (size_t i = 0; i < count; i++) {
        struct str rest = str_from(assets[i].name), top, pack, below;
        if (!str_split(&rest, '/', &top) || !str_split(&rest, '/', &pack)
            || !str_split(&rest, '/', &below)) {
            continue;
        }
        if (!str_is(below, folder) || !str_ends(rest, STR(".yaml"))) continue;
        *list_push(arena, &list->items) =
            (struct pack_text){.pack = pack,
                               .name = without_ending(rest),
                               .path = assets[i].name,
                               .text = {(const char *)assets[i].bytes, assets[i].size}};
    }
}

static const char *joined(struct arena *arena, const char *folder, struct str name)
{
    struct text text;
    text_init(&text, arena, PATH_BYTES_MAX);
    text_add_f(&text, "%s/%.*s", folder, STR_ARG(name));
    return text.ptr;
}

static bool read_pack(struct arena *arena, const char *place, struct str pack,
                      struct text_list *list, struct err *err)
{
    struct str *names;
    size_t count;
    if (!file_is_folder(place)) return true;
    if (!file_list(arena, place, &names, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        if (!str_ends(names[i], STR(".yaml"))) continue;
        struct pack_text text = {
            .pack = pack, .name = without_ending(names[i]), .path = joined(arena, place, names[i])};
        if (!file_read(arena, text.path, PACK_TEXT_BYTES_MAX, &text.text, err)) return false;
        *list_push(arena, &list->items) = text;
    }
    return true;
}

bool pack_texts(struct arena *arena, const char *policies, const char *folder,
                struct pack_text **out, size_t *count, struct err *err)
{
    struct text_list list = {0};
    if (policies == NULL) {
        read_built_in(arena, folder, &list);
    } else {
        struct str *packs;
        size_t pack_count;
        if (!file_list(arena, policies, &packs, &pack_count, err)) return false;
        for (size_t i = 0; i < pack_count; i++) {
            const char *place = joined(arena, joined(arena, policies, packs[i]), str_from(folder));
            if (!read_pack(arena, place, packs[i], &list, err)) return false;
        }
    }
    if (list.items.count > 0) {
        qsort(list.items.items, list.items.count, sizeof *list.items.items, compare_texts);
    }
    *out = list.items.items;
    *count = list.items.count;
    return true;
}
