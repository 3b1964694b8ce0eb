/**
 * Starts the inference service over and over, in each of its forms, and measures how soon it answers and what it takes.
 * A registry that only says where one alias points lives in the benchmark's own process.
 */
package io.rootstock.bench.startup;
