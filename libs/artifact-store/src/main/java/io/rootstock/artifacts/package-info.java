/**
 * Content-addressed artifacts: the only way in which services exchange files. An artifact's name is the SHA-256 of its
 * bytes. An artifact appears under its name completely or not at all, never changes, and is verified before it is read.
 * This package neither interprets nor deletes artifacts.
 */
package io.rootstock.artifacts;
