/** Resource names of the contracts: their grammar, as records that parse and format them. */
package io.rootstock.names;
