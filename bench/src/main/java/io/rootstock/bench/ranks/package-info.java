/** Measures the cost of summing the gradients of several processes. */
package io.rootstock.bench.ranks;
