/**
 * Models, their immutable versions, and the aliases that point to them: names, validation and database access. A
 * committed version never changes; an alias moves atomically and keeps its history. This package is independent of
 * jobs.
 */
package io.rootstock.registry.model;
