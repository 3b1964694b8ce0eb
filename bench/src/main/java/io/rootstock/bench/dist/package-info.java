/** Checks of a download's parts on other platforms. */
package io.rootstock.bench.dist;
