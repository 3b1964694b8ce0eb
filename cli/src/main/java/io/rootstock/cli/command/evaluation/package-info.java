/** {@code rootstock eval}: evaluations of versions on suites, and metrics of files. */
package io.rootstock.cli.command.evaluation;
