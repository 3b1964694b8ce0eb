/**
 * Calls of functions: shows the functions to the model, makes the model call one where it must, and finds calls in what
 * it says.
 *
 * <p>A model's own chat template is used where it knows tools; for all other templates there is one stated form in the
 * system prompt. Nothing here knows gRPC streams, HTTP or the engine: it turns messages into a {@code Conversation} and
 * text into calls.
 */
package io.rootstock.inference.tools;
