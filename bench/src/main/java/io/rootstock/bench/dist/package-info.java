/** What a download must be able to do on a platform. */
package io.rootstock.bench.dist;
