/** JSON Schemas: reads, merges and checks their keywords, and converts them to the rules of a grammar. */
package io.rootstock.grammar.schema;
