/** Commands of {@code rootstock data}: recipes and corpora. */
package io.rootstock.cli.command.data;
