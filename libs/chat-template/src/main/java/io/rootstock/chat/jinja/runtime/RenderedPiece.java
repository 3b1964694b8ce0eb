package io.rootstock.chat.jinja.runtime;

import io.rootstock.chat.jinja.value.Text;

/**
 * A part of a rendered text.
 *
 * @param piece its characters and where they came from
 * @param generation whether a generation block of the template wrote it
 */
public record RenderedPiece(Text.Piece piece, boolean generation) {}
