/**
 * {@code rootstock jobs}: list, show, watch, compare, control and delete jobs.
 */
package io.rootstock.cli.command.job;
