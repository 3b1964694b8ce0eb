/**
 * A run's event log: one JSON line an event, sequence numbers without gaps, written by the service and by the worker in
 * turn under a lock, readable by anyone at any time. A line that a crash tore off is cut away by the next writer; a
 * reader never sees it.
 */
package io.rootstock.trainer.events;
