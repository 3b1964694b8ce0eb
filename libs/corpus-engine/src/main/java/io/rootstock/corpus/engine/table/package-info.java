/** Hash tables of keys, band hashes and lines, with their memory for each entry. */
package io.rootstock.corpus.engine.table;
