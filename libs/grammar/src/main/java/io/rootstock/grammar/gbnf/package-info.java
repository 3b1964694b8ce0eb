/** Grammars in llama.cpp's GBNF: their rules, their parser, and the check of what llama.cpp can execute. */
package io.rootstock.grammar.gbnf;
