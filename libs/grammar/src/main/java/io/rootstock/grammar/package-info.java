/**
 * Converts constraints on generated text to grammars in llama.cpp's GBNF: JSON Schemas, regular expressions, choices.
 * The entry point is {@link io.rootstock.grammar.Grammars}. A constraint that cannot be enforced exactly is rejected
 * with its location and reason; only {@code fromJsonSchemaRelaxed} ignores keywords, and lists them. Every grammar, including a client's own, is checked for constructs that
 * would make llama.cpp hang or grow without bound. Independent of models, tokens and requests.
 */
package io.rootstock.grammar;
