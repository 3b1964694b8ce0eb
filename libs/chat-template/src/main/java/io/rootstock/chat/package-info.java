/**
 * Renders a conversation with the Jinja chat template of a tokenizer.
 *
 * <p>Used by the tokenizer service for training rows and by the inference service for requests, so that both see the
 * same text. The result separates text of the template from text of users: only the former may contain special tokens.
 * The package does not know token ids.
 */
package io.rootstock.chat;
