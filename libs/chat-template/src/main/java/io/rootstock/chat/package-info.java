/**
 * Renders a conversation with the Jinja chat template of a tokenizer.
 *
 * <p>The tokenizer service renders training examples with it and the inference service renders requests with it, so
 * both see the same text. The result says which parts the template wrote and which the user wrote: only the former may
 * hold special tokens. Nothing here knows token ids.
 */
package io.rootstock.chat;
