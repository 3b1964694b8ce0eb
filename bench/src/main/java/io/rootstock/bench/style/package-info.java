/**
 * Checks of wording and structure: listed phrases, Javadoc that says nothing, cycles between packages, long files. Every
 * check returns places; {@link io.rootstock.bench.style.Style} prints them and their numbers.
 */
package io.rootstock.bench.style;
