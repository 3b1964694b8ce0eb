/** The measurement of several sides in alternating turns, which every comparison with a peer uses. */
package io.rootstock.bench.rounds;
