package io.rootstock.checkpoint.sentencepiece;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A SentencePiece BPE model whose text is not changed by a normalization rule.
 *
 * @param pieces pieces in id order
 * @param byteFallback whether characters without a piece are encoded as their bytes, else as the unknown piece
 * @param addPrefix whether a blank is added before a text
 * @param collapseBlanks whether blanks at both ends are removed, and runs of blanks become one
 */
public record SentencePieceModel(List<Piece> pieces, boolean byteFallback, boolean addPrefix, boolean collapseBlanks) {
    public SentencePieceModel {
        pieces = List.copyOf(pieces);
    }

    /**
     * Reads a {@code .model} file.
     *
     * @throws InvalidSentencePieceException if the file is damaged, or the model has a property that is not supported;
     *     with the field's path and the remedy
     */
    public static SentencePieceModel read(Path file) throws IOException {
        return SentencePieceReader.read(file);
    }
}
