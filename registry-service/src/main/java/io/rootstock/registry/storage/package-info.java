/**
 * Garbage collection of the artifact store: finds the artifacts that no resource of any service reaches, and removes
 * those older than a grace period.
 */
package io.rootstock.registry.storage;
