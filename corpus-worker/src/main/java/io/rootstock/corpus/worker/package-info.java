/**
 * Runs recipes: {@link io.rootstock.corpus.worker.RecipeRun} plans the units of a recipe and runs its job on an engine,
 * {@link io.rootstock.corpus.worker.CorpusWorker} is the process that does so on one machine.
 */
package io.rootstock.corpus.worker;
