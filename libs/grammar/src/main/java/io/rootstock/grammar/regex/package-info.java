/** Regular expressions: parsed to a syntax tree over code point sets and compiled to deterministic automata. */
package io.rootstock.grammar.regex;
