/**
 * Readers and steps of a job as descriptions that workers resolve: a jar provides them through
 * {@link java.util.ServiceLoader}, so that the engine depends on no reader and no step.
 */
package io.rootstock.corpus.engine.spi;
