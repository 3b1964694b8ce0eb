/** Lexer and recursive-descent parsers of templates, and the syntax tree that they produce. */
package io.rootstock.chat.jinja.parser;
