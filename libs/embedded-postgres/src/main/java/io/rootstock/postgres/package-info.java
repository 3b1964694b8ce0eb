/** A PostgreSQL server from bundled binaries that a service starts, monitors, adopts after a crash, and stops. */
package io.rootstock.postgres;
