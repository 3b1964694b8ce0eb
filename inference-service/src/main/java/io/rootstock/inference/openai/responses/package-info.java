/** OpenAI's {@code /v1/responses}. */
package io.rootstock.inference.openai.responses;
