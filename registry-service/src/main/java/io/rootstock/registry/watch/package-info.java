/** Notifies watchers of changes in the database. A notification has no content: watchers read the database. */
package io.rootstock.registry.watch;
