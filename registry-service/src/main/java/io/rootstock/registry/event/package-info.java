/** Reads the trainer's events without a database for the journal of jobs. */
package io.rootstock.registry.event;
