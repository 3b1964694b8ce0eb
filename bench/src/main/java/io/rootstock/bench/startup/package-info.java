/** Starts the inference service over and over, in each of its forms, and measures how soon it answers and what it takes. */
package io.rootstock.bench.startup;
