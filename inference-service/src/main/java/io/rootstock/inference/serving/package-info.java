/**
 * What is served: follows the registry's aliases, loads the versions they point to by digest, and swaps them without
 * losing a request. A version that cannot be loaded never replaces one that serves; the last good versions are kept in
 * {@code inference/served.json} so that a restart needs no registry.
 */
package io.rootstock.inference.serving;
