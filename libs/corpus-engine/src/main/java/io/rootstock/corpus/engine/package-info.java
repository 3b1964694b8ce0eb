/**
 * The seam between stages of the data stage and the engines that run them: two verbs over units, {@code each} and
 * {@code exchange}. Text never crosses the seam: tasks read and write files of a workspace, and the engine carries unit
 * names, small receipts and one opaque byte array for each pair of unit and bucket.
 *
 * <p>Tasks, receipts and their execution are here, so that all engines share them. An engine only schedules.
 */
package io.rootstock.corpus.engine;
