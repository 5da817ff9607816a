#ifndef ACCESS_KEY_FILE_H
#define ACCESS_KEY_FILE_H

#include "access/codec.h"

/* A new key file on its way to the place of the old one. For rotation; codec_open makes the first
 * one. */

struct key_file_next {
    const char *temporary, *path; /* in the arena */
    unsigned char secret[CODEC_SECRET_BYTES];
};

/* Writes a fresh secret beside "WORKSPACE.key" under a name nobody can guess. ERR_IO. */
MUST_USE bool key_file_prepare(struct arena *arena, const char *workspace,
                               struct key_file_next *next, struct err *err);

/* Puts it in the place of the old one, which is gone then. ERR_IO. */
MUST_USE bool key_file_put(struct key_file_next *next, struct err *err);

/* Takes away what was not put in place, and wipes the secret from memory. */
void key_file_forget(struct key_file_next *next);

#endif
