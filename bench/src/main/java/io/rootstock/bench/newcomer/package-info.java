/** Classifiers of a first user: a tokenizer and a base trained in minutes, and fine-tuning with the defaults. */
package io.rootstock.bench.newcomer;
