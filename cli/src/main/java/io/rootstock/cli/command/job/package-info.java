/**
 * {@code rootstock jobs}: list, show, watch, compare, control and delete training jobs.
 */
package io.rootstock.cli.command.job;
