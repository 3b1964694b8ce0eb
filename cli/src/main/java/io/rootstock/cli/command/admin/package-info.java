/** Commands on the whole installation: {@code rootstock admin} and {@code rootstock prune}. */
package io.rootstock.cli.command.admin;
