/**
 * Backups of an installation: the database at one time and the artifacts that it refers to, in another artifact store; their
 * restoration into an empty installation; and the verification of both. Depends on the database and the references of
 * garbage collection.
 */
package io.rootstock.registry.backup;
