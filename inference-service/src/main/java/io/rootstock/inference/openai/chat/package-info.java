/** {@code /v1/chat/completions}: requests, responses and events. */
package io.rootstock.inference.openai.chat;
