package io.rootstock.inference.serving;

import io.rootstock.inference.canary.CanaryFigures;
import io.rootstock.registry.v1.CanaryAnalysisSpec;
import io.rootstock.registry.v1.CanaryServingState;

/**
 * A canary that the registry analyses.
 *
 * @param alias models/{m}/aliases/{a}
 * @param version models/{m}/versions/{n} of the canary
 * @param error reason for which it receives no requests; empty if it does
 */
record AnalysedCanary(
        String alias,
        String version,
        CanaryAnalysisSpec spec,
        CanaryServingState state,
        String error,
        CanaryFigures figures) {}
