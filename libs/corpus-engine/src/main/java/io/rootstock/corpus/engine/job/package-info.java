/** The corpus job: its specification, the order of its stages on an engine, its manifest and its report. */
package io.rootstock.corpus.engine.job;
