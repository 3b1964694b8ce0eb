/**
 * Tool use: describes the functions to the model, forces a call if one is required, and finds calls in answers.
 *
 * <p>A model's own chat template is used if it supports tools; all other templates get one common format in the system
 * prompt. The entry point is {@link io.rootstock.toolcalls.ToolUse}: it converts messages to a {@code Conversation} and
 * text to calls. Independent of protocols and engines.
 */
package io.rootstock.toolcalls;
