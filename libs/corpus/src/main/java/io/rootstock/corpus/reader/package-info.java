/**
 * Document readers: the documents of a unit, in order, in memory bounded by the longest permitted record.
 *
 * <p>A record that cannot be read is refused alone with its location and a reason; if the next record cannot be found,
 * the rest of the unit is reported as unreadable. A reader changes no text beyond what its format demands (decoding,
 * line breaks, extraction from HTML).
 */
package io.rootstock.corpus.reader;
