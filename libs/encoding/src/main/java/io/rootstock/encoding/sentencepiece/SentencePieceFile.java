package io.rootstock.encoding.sentencepiece;

import io.rootstock.checkpoint.sentencepiece.InvalidSentencePieceException;
import io.rootstock.checkpoint.sentencepiece.Piece;
import io.rootstock.checkpoint.sentencepiece.SentencePieceModel;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.bpe.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Tokenizers of SentencePiece's {@code .model} files.
 *
 * @see <a href="https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto">the file's schema</a>
 */
public final class SentencePieceFile {
    private static final String UNKNOWN_TEXT = " \u2047 ";

    private SentencePieceFile() {}

    /**
     * Reads a model; texts are encoded and decoded as SentencePiece does.
     *
     * @throws InvalidSentencePieceException if the file is damaged, or the model has a property that is not supported;
     *     with the field's path and the remedy
     */
    public static PieceTokenizer read(Path file) throws IOException {
        SentencePieceModel model = SentencePieceModel.read(file);
        Normalization.Prefix prefix = model.addPrefix() ? Normalization.Prefix.TEXT : Normalization.Prefix.NONE;
        boolean collapses = model.collapseBlanks();
        return tokenizer(
                file,
                model,
                new Normalization(prefix, collapses),
                new PieceTokenizer.Decoding(
                        collapses ? Integer.MAX_VALUE : model.addPrefix() ? 1 : 0, true, UNKNOWN_TEXT),
                List.of());
    }

    /**
     * Reads the tokenizer of a language model, as transformers' LlamaTokenizer: special tokens divide a text, and a blank is
     * added before each part.
     *
     * @param specialTokens tokens that are searched in text, in id order
     */
    public static PieceTokenizer read(Path file, List<SpecialToken> specialTokens) throws IOException {
        SentencePieceModel model = SentencePieceModel.read(file);
        Normalization.Prefix prefix = model.addPrefix() ? Normalization.Prefix.EVERY_PART : Normalization.Prefix.NONE;
        return tokenizer(
                file,
                model,
                new Normalization(prefix, model.collapseBlanks()),
                new PieceTokenizer.Decoding(model.addPrefix() ? 1 : 0, false, ""),
                specialTokens);
    }

    private static PieceTokenizer tokenizer(
            Path file,
            SentencePieceModel model,
            Normalization normalization,
            PieceTokenizer.Decoding decoding,
            List<SpecialToken> specialTokens) {
        List<Piece> pieces = model.pieces();
        int unknown = -1;
        for (int id = 0; id < pieces.size(); id++) {
            if (pieces.get(id).type() == Piece.Type.UNKNOWN) {
                unknown = id;
            }
        }
        try {
            Vocabulary vocabulary = Vocabulary.ofCharacters(
                    pieces.stream().map(Pieces::searchable).toList(), ranks(pieces));
            return new PieceTokenizer(
                    new Pieces(pieces, vocabulary, model.byteFallback() ? Pieces.byteIds(pieces) : null, unknown),
                    normalization,
                    PieceTokenizer.Words.ACROSS_MARKS,
                    decoding,
                    true,
                    specialTokens);
        } catch (IllegalArgumentException e) {
            throw new InvalidSentencePieceException(file + ": " + e.getMessage(), e);
        }
    }

    /** Returns ranks of which the lowest is the highest score; equal scores have one rank. */
    private static int[] ranks(List<Piece> pieces) {
        double[] scores =
                pieces.stream().mapToDouble(Piece::score).distinct().sorted().toArray();
        return pieces.stream()
                .mapToInt(piece -> scores.length - 1 - Arrays.binarySearch(scores, piece.score()))
                .toArray();
    }
}
