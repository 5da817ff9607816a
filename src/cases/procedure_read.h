#ifndef CASES_PROCEDURE_READ_H
#define CASES_PROCEDURE_READ_H

#include "base/yaml.h"
#include "cases/procedure.h"

/* Reads one procedure from its text; `name` is the file's. ERR_INPUT with line and column. */
MUST_USE bool procedure_read(struct procedure *out, struct arena *arena, struct yaml_node *root,
                             const char *name, struct err *err);

#endif
