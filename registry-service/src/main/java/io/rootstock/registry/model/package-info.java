/**
 * Models, their immutable versions, and the aliases that point to them: names, rows and rules. A version never changes
 * once it is committed; an alias moves atomically and keeps its history. Jobs are not known here.
 */
package io.rootstock.registry.model;
