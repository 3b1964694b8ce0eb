/**
 * The part of Jinja that chat templates are written in, rendered as Python's Jinja2 renders it in the environment that
 * Hugging Face gives to chat templates: trimmed blocks, loop controls, {@code tojson}, {@code raise_exception}, {@code
 * strftime_now}, generation blocks.
 *
 * <p>What it has beyond any library is the reason that it exists: its strings remember which of their characters came
 * from outside ({@link io.rootstock.chat.jinja.Text}), through every filter, method and slice. A template may therefore
 * look at a message, split it and trim it as it likes, and still no message can forge a special token. Nothing here
 * knows what a message or a token is. No reflection, no access to Java objects from templates.
 */
package io.rootstock.chat.jinja;
