/** Measures what joining the gradients of several processes costs. */
package io.rootstock.bench.ranks;
