/** Evaluates the syntax tree of a template: scopes, attributes, filters, tests, and the functions of every template. */
package io.rootstock.chat.jinja.runtime;
