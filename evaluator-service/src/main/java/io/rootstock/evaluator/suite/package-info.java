/** Suites of claimed evaluations: their files on this machine, and their selected tasks with rendered rows. */
package io.rootstock.evaluator.suite;
