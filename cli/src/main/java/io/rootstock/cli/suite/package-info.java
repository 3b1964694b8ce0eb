/**
 * Suites on this machine: their files with digests, a check of their rows, and their transfer to and from an
 * installation.
 */
package io.rootstock.cli.suite;
