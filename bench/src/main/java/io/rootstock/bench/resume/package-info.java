/**
 * Exactness of resuming: compares an undisturbed run with a repeatedly stopped and resumed run, checkpoint by
 * checkpoint.
 */
package io.rootstock.bench.resume;
