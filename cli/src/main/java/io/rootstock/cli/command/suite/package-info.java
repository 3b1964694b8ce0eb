/** {@code rootstock suites}: evaluation tasks with their data. */
package io.rootstock.cli.command.suite;
