#include "link/expect.h"

#include <math.h>

static uint32_t share_ppm(double part, double whole)
{
    if (whole <= 0) return 0;
    double ppm = 1e6 * part / whole + 0.5;
    if (ppm < 0) return 0;
    return ppm > 1e6 ? 1000000 : (uint32_t)ppm;
}

static double probability(int32_t weight_millibits)
{
    return 1 / (1 + exp2(-weight_millibits / 1000.0));
}

static void finish(struct link_expected *expected)
{
    double pairs = (double)expected->pairs, wrong = pairs - expected->matches;
    double matches = expected->matches + expected->missed;
    expected->precision_ppm = share_ppm(expected->matches, pairs);
    expected->false_discovery_ppm = share_ppm(wrong, pairs);
    expected->recall_ppm = share_ppm(expected->matches, matches);
    expected->false_negative_ppm = share_ppm(expected->missed, matches);
}

/* From the lightest up, so that small probabilities are added before large ones; what is counted
 * before a threshold is missed by it. */
void link_expect(const uint64_t *counts, const int32_t *thresholds, size_t threshold_count,
                 struct link_expected *out)
{
    CHECK(counts != NULL);
    uint64_t pairs = 0, all_pairs = 0;
    double matches = 0;
    size_t next = 0;
    for (size_t w = 0; w < LINK_WEIGHTS; w++) {
        int32_t weight = (int32_t)w - LINK_WEIGHT_MAX;
        for (; next < threshold_count && thresholds[next] <= weight; next++) {
            out[next] = (struct link_expected){.pairs = pairs, .missed = matches};
        }
        if (counts[w] == 0) continue;
        pairs += counts[w];
        matches += (double)counts[w] * probability(weight);
    }
    all_pairs = pairs;
    for (size_t i = 0; i < threshold_count; i++) {
        CHECK(i == 0 || thresholds[i - 1] <= thresholds[i]);
        if (i >= next) out[i] = (struct link_expected){.pairs = pairs, .missed = matches};
        out[i].threshold_millibits = thresholds[i];
        out[i].pairs = all_pairs - out[i].pairs;
        out[i].matches = matches - out[i].missed;
        finish(&out[i]);
    }
}
