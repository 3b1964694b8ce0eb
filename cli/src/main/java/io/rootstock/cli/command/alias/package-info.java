/** {@code rootstock models}: move aliases, run canaries, show history. */
package io.rootstock.cli.command.alias;
