/**
 * Spans of requests, named as OpenTelemetry's conventions for generative AI name them. Off unless an endpoint is set; while
 * off, nothing of OpenTelemetry but its interfaces is loaded. Neither prompts nor answers are ever in a span.
 */
package io.rootstock.inference.tracing;
