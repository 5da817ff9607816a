#ifndef INTAKE_WORKBOOK_XML_H
#define INTAKE_WORKBOOK_XML_H

#include "intake/workbook_zip.h"

#include <expat.h>

/* One XML part of a package as a stream of events. Names come without their namespace prefix. A
 * document type (the door to entity bombs) is refused, and so is nesting deeper than XML_DEPTH_MAX
 * or a tag of more than XML_TAG_BYTES_MAX bytes. */

enum { XML_DEPTH_MAX = 64, XML_TAG_BYTES_MAX = 4 * 1024 * 1024 };

struct xml_reader;

/* What is told of the part; each may be NULL. `attributes` is name, value, name, value …, NULL. */
struct xml_events {
    void (*start)(struct xml_reader *xml, const char *name, const char **attributes);
    void (*end)(struct xml_reader *xml, const char *name);
    void (*text)(struct xml_reader *xml, struct str text);
};

struct xml_reader {
    void *context; /* of the events' owner */
    const struct xml_events *events;
    struct package_part part;
    XML_Parser parser;
    uint64_t quiet_bytes; /* given to the parser since the last event */
    int depth;
    bool paused, ended;
    struct err failure; /* set by an event, or here; ERR_NONE while all is well */
};

/* Opens the part; close with xml_close, which accepts a zeroed reader. */
MUST_USE bool xml_open(struct xml_reader *xml, const struct package *package, const char *name,
                       const struct xml_events *events, void *context, struct err *err);
void xml_close(struct xml_reader *xml);

/* The same for the rest of a part that is partly read: `first` (at most XML_FIRST_BYTES_MAX) is
 * parsed before what the part still has. The reader owns the part from here on. */
enum { XML_FIRST_BYTES_MAX = 1 << 20 };
MUST_USE bool xml_open_rest(struct xml_reader *xml, struct package_part part, struct str first,
                            const struct xml_events *events, void *context, struct err *err);

/* Reads on until an event calls xml_pause or the part ends (*more is false). Errors: ERR_INPUT
 * (damaged, document type), ERR_LIMIT, and what an event set in `failure`. */
MUST_USE bool xml_run(struct xml_reader *xml, bool *more, struct err *err);

/* For events: xml_run returns after this event; xml_stop also ends the part, which is how a failure
 * or having seen enough is told. */
void xml_pause(struct xml_reader *xml);
void xml_stop(struct xml_reader *xml);

/* The value of an attribute by its name without prefix, or NULL. */
const char *xml_attribute(const char **attributes, const char *name);

#endif
