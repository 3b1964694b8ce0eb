/**
 * {@code rootstock jobs}: list, watch, pause, resume and cancel training jobs.
 */
package io.rootstock.cli.command.job;
