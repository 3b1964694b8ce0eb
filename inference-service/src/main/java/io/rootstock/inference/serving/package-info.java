/**
 * Follows the registry's aliases, loads their versions by digest, and swaps them without losing a request. A version
 * that cannot be loaded never replaces a version that serves; {@code inference/served.json} stores the last working
 * versions, so that a restart does not need the registry.
 */
package io.rootstock.inference.serving;
