/** Wakes those who follow what is in the database. What they then read comes from the database and nowhere else. */
package io.rootstock.registry.watch;
