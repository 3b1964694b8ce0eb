/** Commands on the whole installation: {@code rootstock admin}. */
package io.rootstock.cli.command.admin;
