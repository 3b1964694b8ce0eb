/**
 * What constrains generated text, as grammars in llama.cpp's GBNF: JSON Schemas, regular expressions, choices. {@link
 * io.rootstock.inference.constraint.Grammars} is the way in. What cannot be enforced exactly is refused with its place
 * and reason, never loosened; every grammar, a client's own too, is checked for what would make the library hang or grow
 * without bound. Nothing here knows models, tokens or requests.
 */
package io.rootstock.inference.constraint;
