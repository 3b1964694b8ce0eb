/** The engine of one process: threads, a work directory, and bucket arrays in files. */
package io.rootstock.corpus.engine.local;
