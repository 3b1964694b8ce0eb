/**
 * Units: the parts of the input files that are read independently of each other, in a fixed order.
 *
 * <p>A plan depends on the files and the settings only, never on the number of workers. A unit holds whole records, so
 * that its documents are a function of its bytes. This package finds and cuts files; it decodes no record.
 */
package io.rootstock.corpus.unit;
