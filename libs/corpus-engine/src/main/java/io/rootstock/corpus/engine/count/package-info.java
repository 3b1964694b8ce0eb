/** Counts and samples of steps, in receipts and reports. Sums do not depend on the order of the units. */
package io.rootstock.corpus.engine.count;
