/** Commands for the user's shell: {@code rootstock completion}, and the candidates that its scripts ask for. */
package io.rootstock.cli.command.shell;
