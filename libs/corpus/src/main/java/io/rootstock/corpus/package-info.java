/**
 * Documents of a corpus, and the steps that keep, change or remove them.
 *
 * <p>A step is a pure function of one document: it keeps no state between documents, reads no clock and no random
 * number, and may be called by many threads. Steps that compare documents (duplicates) are stages of the engine.
 */
package io.rootstock.corpus;
