/**
 * The subset of Jinja used by chat templates, rendered as by Python's Jinja2 in the environment of Hugging Face's chat
 * templates: trimmed blocks, loop controls, {@code tojson}, {@code raise_exception}, {@code strftime_now}, generation
 * blocks.
 *
 * <p>Unlike in other implementations, strings track the source of each character ({@link io.rootstock.chat.jinja.value.Text})
 * through every filter, method and slice. A template may therefore inspect, split and trim a message, and a message
 * still cannot forge a special token. The package does not know messages or tokens. Templates have no access to Java
 * objects, and reflection is not used.
 */
package io.rootstock.chat.jinja;
