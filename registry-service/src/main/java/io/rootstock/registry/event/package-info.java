/** Reads the trainer's events without a database, for the journal of jobs and for migrations. */
package io.rootstock.registry.event;
