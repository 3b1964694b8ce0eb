/**
 * Spans of requests, named after OpenTelemetry's conventions for generative AI. Off unless an endpoint is set; while
 * off, only OpenTelemetry's interfaces are loaded. Spans contain neither prompts nor answers.
 */
package io.rootstock.inference.tracing;
