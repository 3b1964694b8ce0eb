/**
 * {@code rootstock models}: import, export and list models, show lineage.
 */
package io.rootstock.cli.command.model;
