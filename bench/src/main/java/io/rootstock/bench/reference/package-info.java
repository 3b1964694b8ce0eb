/**
 * Generates the pages of {@code docs/reference}: commands from picocli's model, RPCs from the contracts' descriptors,
 * settings from the sources of the configuration mappings. A test compares the committed pages with these.
 */
package io.rootstock.bench.reference;
