/**
 * How exactly a training goes on after a stop: the same run left alone and stopped again and again, compared checkpoint by
 * checkpoint.
 */
package io.rootstock.bench.resume;
