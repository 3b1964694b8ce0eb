/** CPython's random numbers, so that sampled examples equal those of Python programs. */
package io.rootstock.evaluation.task.random;
