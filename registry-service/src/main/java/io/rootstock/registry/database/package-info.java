/**
 * The registry's PostgreSQL: its own binaries run as an embedded server in the data folder, or an external server named
 * by one setting; connections, transactions and migrations. Nothing here knows what a model or a job is.
 */
package io.rootstock.registry.database;
