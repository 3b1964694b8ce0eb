/** {@code /v1/completions}: requests, responses and events. */
package io.rootstock.inference.openai.completion;
