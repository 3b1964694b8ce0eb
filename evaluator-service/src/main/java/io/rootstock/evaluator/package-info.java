/**
 * The evaluator: claims queued evaluations from the registry, scores their rows with a private inference service, and
 * reports progress and results. It has no RPCs.
 */
package io.rootstock.evaluator;
