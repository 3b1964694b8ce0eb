/** {@code rootstock gates}: rules that a version must pass before an alias points to it. */
package io.rootstock.cli.command.gate;
