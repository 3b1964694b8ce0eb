/**
 * A run's event log: one event per line as JSON, sequence numbers without gaps. The service and the worker append under
 * a lock; any process may read at any time. A line that a crash truncated is removed by the next writer and never
 * returned by a reader.
 */
package io.rootstock.trainer.events;
