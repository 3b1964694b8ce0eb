package io.rootstock.tokenizer.row;

import io.rootstock.tokenizer.v1.FieldNames;

/**
 * A shape with the names of its fields.
 *
 * @param fields names of the roles of the shape's kind; empty names are the standard ones
 */
public record RowForm(Shape shape, FieldNames fields) {}
