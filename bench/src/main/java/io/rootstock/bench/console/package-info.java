/** The web console in a browser: its pages, long lists, and a page that stays open. */
package io.rootstock.bench.console;
