/**
 * The registry's PostgreSQL: an embedded server from bundled binaries, or an external server named by a setting; also
 * connections, transactions and migrations. This package is independent of models and jobs.
 */
package io.rootstock.registry.database;
