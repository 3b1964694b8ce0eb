/**
 * One class for each command, named as on the command line. A command parses its arguments, calls the services through
 * {@code client}, and shows the answer through {@code display}; results go to standard output, progress to standard
 * error.
 */
package io.rootstock.cli.command;
