/**
 * The {@code rootstock} command line. Here lives what starts a command and what every command shares: where its output
 * goes and how a failure reads. It knows the services only through their contracts in {@code proto}.
 */
package io.rootstock.cli;
