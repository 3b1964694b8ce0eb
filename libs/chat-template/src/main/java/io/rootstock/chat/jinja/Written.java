package io.rootstock.chat.jinja;

/**
 * A part of a rendered text.
 *
 * @param piece its characters and where they came from
 * @param generation whether a generation block of the template wrote it
 */
public record Written(Text.Piece piece, boolean generation) {}
