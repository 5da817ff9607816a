#include "base/asset.h"

#include <string.h>

/* Made by tools/embed.py. */
extern const struct asset baoxue_assets[];
extern const size_t baoxue_asset_count;

/* The first asset whose name is not before `name`. */
static size_t lower_bound(const char *name)
{
    size_t low = 0, high = baoxue_asset_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(baoxue_assets[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool asset_find(const char *name, struct str *content)
{
    size_t at = lower_bound(name);
    if (at == baoxue_asset_count || strcmp(baoxue_assets[at].name, name) != 0) return false;
    *content = (struct str){(const char *)baoxue_assets[at].bytes, baoxue_assets[at].size};
    return true;
}

void asset_range(const char *prefix, const struct asset **first, size_t *count)
{
    size_t at = lower_bound(prefix), length = strlen(prefix), end = at;
    while (end < baoxue_asset_count && strncmp(baoxue_assets[end].name, prefix, length) == 0) end++;
    *first = baoxue_assets + at;
    *count = end - at;
}
