/**
 * The steps that recipes can name: their parameters with defaults and bounds, and the creation of a step from its
 * parameters. Workers find the steps through {@link java.util.ServiceLoader}.
 */
package io.rootstock.corpus.worker.step;
