/**
 * Shapes of labelled rows: finds the shape of a file from its first rows, and reads rows of that shape as documents,
 * labelled texts, conversations with tools, and preference pairs.
 *
 * <p>Reading is a function of one row. Nothing here knows tokens, splits or files.
 */
package io.rootstock.tokenizer.row;
