/**
 * {@code rootstock models}: import, export and list models, move aliases, show lineage and history.
 */
package io.rootstock.cli.command.model;
