#ifndef INTAKE_WORKBOOK_XML_H
#define INTAKE_WORKBOOK_XML_H

#include "intake/workbook_zip.h"

#include <expat.h>

/* A small XML part of a package (lists of sheets, relations, styles) as events. For large ones see
 * workbook_scan.h. Names come without their namespace prefix. A
 * document type (the door to entity bombs) is refused, and so is nesting deeper than XML_DEPTH_MAX
 * or a tag of more than XML_TAG_BYTES_MAX bytes. */

enum { XML_DEPTH_MAX = 64, XML_TAG_BYTES_MAX = 4 * 1024 * 1024 };

struct xml_reader;

/* What is told of the part; each may be NULL. `attributes` is name, value, name, value …, NULL. */
struct xml_events {
    void (*start)(struct xml_reader *xml, const char *name, const char **attributes);
    void (*end)(struct xml_reader *xml, const char *name);
};

struct xml_reader {
    void *context; /* of the events' owner */
    const struct xml_events *events;
    struct package_part part;
    XML_Parser parser;
    uint64_t quiet_bytes; /* given to the parser since the last event */
    int depth;
    bool ended;
    struct err failure; /* set by an event, or here; ERR_NONE while all is well */
};

/* Opens the part; close with xml_close, which accepts a zeroed reader. */
MUST_USE bool xml_open(struct xml_reader *xml, const struct package *package, const char *name,
                       const struct xml_events *events, void *context, struct err *err);
void xml_close(struct xml_reader *xml);

/* Reads the part to its end or until an event calls xml_stop. Errors: ERR_INPUT (damaged, document
 * type), ERR_LIMIT, and what an event set in `failure`. */
MUST_USE bool xml_run(struct xml_reader *xml, struct err *err);

/* For events that have set `failure` or have seen enough. */
void xml_stop(struct xml_reader *xml);

/* The value of an attribute by its name without prefix, or NULL. */
const char *xml_attribute(const char **attributes, const char *name);

#endif
