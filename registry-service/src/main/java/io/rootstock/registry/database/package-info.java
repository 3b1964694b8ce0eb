/**
 * The registry's database: an embedded PostgreSQL server, or an external server named by a setting; connections
 * and transactions. This package is independent of models and jobs.
 */
package io.rootstock.registry.database;
