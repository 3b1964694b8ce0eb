/**
 * The OpenAI-compatible HTTP API. Converts requests field by field to those of the gRPC contract, which
 * {@code generate} validates and answers, and converts pieces and errors to OpenAI's JSON, whole or as server-sent
 * events. Does not validate options, find models or decode, and never blocks an event loop.
 */
package io.rootstock.inference.openai;
