#ifndef FIGURES_ARTICLE_JSON_H
#define FIGURES_ARTICLE_JSON_H

#include "base/json.h"
#include "figures/match.h"

/* What a check of an article gives, as the keys of a JSON object that the caller has opened and
 * closes: title, published, claims, sums, repairs. Values are integers in base units, decimals in
 * quotes. `figures` are those that `matches` were made with. */
void article_json(struct json *json, struct arena *arena, const struct claims *claims,
                  const struct match *matches, const struct figure_known *figures);

/* True when a claim differs or a stated sum does not hold. */
bool article_is_wrong(const struct claims *claims, const struct match *matches);

#endif
