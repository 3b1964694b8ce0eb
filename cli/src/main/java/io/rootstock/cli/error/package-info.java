/**
 * Errors shown to the user: failures of the command line itself and failed gRPC calls. A message names what failed and the
 * value; a hint says what to do.
 */
package io.rootstock.cli.error;
