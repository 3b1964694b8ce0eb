/**
 * The routes of the OpenAI-compatible HTTP API, and its smaller endpoints. Requests are converted field by field to those of
 * the gRPC contract; the packages {@code completion} and {@code pooling} of the service validate and answer them.
 */
package io.rootstock.inference.openai;
