#include "base/leb128.h"

void leb128_put(struct text *text, uint64_t number)
{
    CHECK(number <= UINT64_MAX >> 1);
    for (; number >= 0x80; number >>= 7) {
        text_add_byte(text, (char)(unsigned char)((number & 0x7F) | 0x80));
    }
    text_add_byte(text, (char)(unsigned char)number);
}

bool leb128_take(struct str *rest, uint64_t *number)
{
    *number = 0;
    for (unsigned shift = 0; rest->len > 0 && shift < 63; shift += 7) {
        unsigned char byte = (unsigned char)*rest->ptr;
        *rest = str_slice(*rest, 1, rest->len);
        *number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) return true;
    }
    return false;
}
