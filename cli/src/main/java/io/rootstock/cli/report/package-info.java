/**
 * The report of evaluations: one HTML page without scripts and without references to other files. Texts of rows, tasks
 * and names are untrusted; they reach the page through {@link io.rootstock.cli.report.Html} only, which escapes them.
 */
package io.rootstock.cli.report;
