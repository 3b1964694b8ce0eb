/** {@code rootstock prune}: frees disk space. */
package io.rootstock.cli.command.storage;
