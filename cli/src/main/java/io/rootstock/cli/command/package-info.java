/**
 * Base classes and options of all commands. Each command is a class in a subpackage named after its noun; a command parses
 * its arguments, calls the services through {@code client} and prints the response through {@code display}: results to
 * standard output, progress to standard error. This package does not depend on its subpackages.
 */
package io.rootstock.cli.command;
