/**
 * Generates the pages of {@code docs/reference}: commands from picocli's model, RPCs from the contracts' descriptors,
 * settings from the sources of the configuration mappings; and the tables of modules and packages in other documents. A test
 * compares the committed files with these.
 */
package io.rootstock.bench.reference;
