/**
 * Describes the command line to GraalVM's native-image builder: the classes that are read by reflection. Loaded by the builder
 * only; the command line itself does not use this package.
 */
package io.rootstock.cli.image;
