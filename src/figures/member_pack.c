#include "figures/member_pack.h"

#include "base/list.h"

enum { MEMBER_BYTES_MAX = 30 };

static size_t put(unsigned char *out, uint64_t number)
{
    size_t length = 0;
    for (; number >= 0x80; number >>= 7) out[length++] = (unsigned char)((number & 0x7F) | 0x80);
    out[length++] = (unsigned char)number;
    return length;
}

static bool take(struct str *rest, uint64_t *number)
{
    *number = 0;
    for (unsigned shift = 0; rest->len > 0 && shift < 64; shift += 7) {
        unsigned char byte = (unsigned char)*rest->ptr;
        *rest = str_slice(*rest, 1, rest->len);
        *number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) return true;
    }
    return false;
}

struct str members_pack(struct arena *arena, const struct publication_member *items, size_t count)
{
    unsigned char *bytes = arena_alloc_array(arena, count, MEMBER_BYTES_MAX);
    size_t length = 0;
    int64_t before = 0;
    for (size_t i = 0; i < count; i++) {
        CHECK(items[i].record >= before);
        uint64_t value = ((uint64_t)items[i].value << 1) ^ (uint64_t)(items[i].value >> 63);
        length += put(bytes + length, (uint64_t)(items[i].record - before));
        length += put(bytes + length, (uint64_t)items[i].person);
        length += put(bytes + length, items[i].has_value ? value + 1 : 0);
        before = items[i].record;
    }
    return (struct str){(const char *)bytes, length};
}

bool members_unpack(struct arena *arena, struct str bytes, struct member_list *out, struct err *err)
{
    int64_t before = 0;
    struct str rest = bytes;
    while (rest.len > 0) {
        uint64_t step, person, value;
        if (!take(&rest, &step) || !take(&rest, &person) || !take(&rest, &value)
            || step > (uint64_t)INT64_MAX - (uint64_t)before) {
            return err_set(err, ERR_STORE, "the records of a publication are damaged",
                           "已发布指标的明细已损坏");
        }
        before += (int64_t)step;
        bool has_value = value > 0;
        if (has_value) value--;
        *list_push(arena, out) =
            (struct publication_member){.record = before,
                                        .person = (int64_t)person,
                                        .value = (int64_t)(value >> 1) ^ -(int64_t)(value & 1),
                                        .has_value = has_value};
    }
    return true;
}
