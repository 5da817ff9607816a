#ifndef INTAKE_WORKBOOK_ZIP_H
#define INTAKE_WORKBOOK_ZIP_H

#include "base/err.h"
#include "base/str.h"

#include <zip.h>

/* The parts of a zip package, read as streams. A part that grows beyond
 * WORKBOOK_UNZIPPED_BYTES_MAX, or beyond PACKAGE_RATIO_MAX times its packed size (once larger than
 * PACKAGE_FREE_BYTES), is refused as a zip bomb; so is a package of more than PACKAGE_PARTS_MAX
 * parts. Errors: ERR_INPUT for damage, a password or a missing part, ERR_LIMIT for bombs. */

enum { PACKAGE_PARTS_MAX = 20000, PACKAGE_RATIO_MAX = 300 };
#define PACKAGE_FREE_BYTES ((uint64_t)64 << 20)

struct package {
    zip_t *zip;
};

/* A part that is open for reading, once, from its start. */
struct package_part {
    zip_file_t *file;
    uint64_t packed; /* bytes in the file */
    uint64_t size;   /* bytes unpacked as the file says, which may be a lie */
    uint64_t read;   /* bytes unpacked so far */
};

/* `fd` stays the caller's and must stay open. */
MUST_USE bool package_open(struct package *package, int fd, uint64_t size, struct err *err);
void package_close(struct package *package);

/* Whether the package has a part of this name; case does not matter, "\" counts as "/". */
bool package_has(const struct package *package, const char *name);

/* Errors also: no such part. */
MUST_USE bool package_part_open(const struct package *package, const char *name,
                                struct package_part *part, struct err *err);
void package_part_close(struct package_part *part); /* a zeroed one too */

/* Unpacks up to `size` bytes; *got 0 at the end. */
MUST_USE bool package_part_read(struct package_part *part, void *buffer, size_t size, size_t *got,
                                struct err *err);

#endif
