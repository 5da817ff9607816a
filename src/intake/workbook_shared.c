#include "intake/workbook_shared.h"

#include "intake/workbook.h"

#include <string.h>

static bool too_much(struct err *err)
{
    return err_set(err, ERR_LIMIT, "more than %d MB of shared texts; split the file",
                   "共享文字超过 %d MB，请拆分文件", SHARED_BLOCKS_MAX);
}

bool shared_add(struct shared_texts *shared, struct str text, struct err *err)
{
    size_t page = shared->count / SHARED_PAGE_TEXTS;
    if (text.len > WORKBOOK_CELL_BYTES_MAX) text.len = WORKBOOK_CELL_BYTES_MAX + 1;
    if (page == SHARED_PAGES_MAX) return too_much(err);
    if (shared->pages[page] == NULL) {
        shared->pages[page] = arena_array(shared->arena, uint64_t, SHARED_PAGE_TEXTS);
    }
    if (shared->block_count == 0 || shared->block_used + text.len > SHARED_BLOCK_BYTES) {
        if (shared->block_count == SHARED_BLOCKS_MAX) return too_much(err);
        shared->blocks[shared->block_count++] = arena_alloc(shared->arena, SHARED_BLOCK_BYTES);
        shared->block_used = 0;
    }
    uint64_t block = shared->block_count - 1;
    if (text.len > 0) memcpy(shared->blocks[block] + shared->block_used, text.ptr, text.len);
    uint64_t place = block * SHARED_BLOCK_BYTES + shared->block_used;
    shared->block_used += text.len;
    shared->pages[page][shared->count++ % SHARED_PAGE_TEXTS] = place << 20 | text.len;
    return true;
}

bool shared_text(const struct shared_texts *shared, uint64_t number, struct str *text)
{
    if (shared == NULL || number >= shared->count) return false;
    uint64_t entry = shared->pages[number / SHARED_PAGE_TEXTS][number % SHARED_PAGE_TEXTS];
    uint64_t place = entry >> 20;
    const char *block = shared->blocks[place / SHARED_BLOCK_BYTES];
    *text = (struct str){block + place % SHARED_BLOCK_BYTES, entry & 0xFFFFF};
    return true;
}
