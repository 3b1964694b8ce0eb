/** The error of a constraint that cannot be enforced. */
package io.rootstock.grammar.error;
