/**
 * Content-addressed artifacts: the only way in which the services hand each other files. An artifact's name is the
 * SHA-256 of its bytes; it appears under that name complete or not at all, never changes, and is hashed again before
 * anybody reads it. Nothing here knows what an artifact means, and nothing here deletes one.
 */
package io.rootstock.artifacts;
