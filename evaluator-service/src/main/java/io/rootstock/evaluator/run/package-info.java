/** One evaluation from its suite to its results: checks the rows, starts the engine, scores row by row, and reports. */
package io.rootstock.evaluator.run;
