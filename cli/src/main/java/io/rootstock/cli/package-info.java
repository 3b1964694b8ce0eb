/**
 * The {@code rootstock} command line: the main class, the root command and error reporting. It calls the services only
 * through the contracts in {@code proto}. Packages form no cycle.
 */
package io.rootstock.cli;
