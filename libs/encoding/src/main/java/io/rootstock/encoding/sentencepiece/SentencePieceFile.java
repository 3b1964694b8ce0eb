package io.rootstock.encoding.sentencepiece;

import io.rootstock.encoding.bpe.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads SentencePiece's {@code .model} files with BPE models whose text is not changed by a normalization rule.
 *
 * @see <a href="https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto">the file's schema</a>
 */
public final class SentencePieceFile {
    private static final int BPE = 2;
    private static final String UNKNOWN_TEXT = " \u2047 ";
    private static final int MAXIMUM_BYTES = 1 << 28;

    private final Path file;
    private final List<Piece> pieces = new ArrayList<>();
    private boolean bpe;
    private boolean byteFallback;
    private boolean addPrefix = true;
    private boolean collapseBlanks = true;
    private boolean escapeBlanks = true;
    private boolean blankAsSuffix;
    private boolean hasCharacterMap;
    private boolean hasDenormalizer;

    private SentencePieceFile(Path file) {
        this.file = file;
    }

    /**
     * Reads a model.
     *
     * @throws InvalidSentencePieceException if the file is damaged, or the model has a property that is not supported;
     *     with the field's path and the remedy
     */
    public static PieceTokenizer read(Path file) throws IOException {
        if (Files.size(file) > MAXIMUM_BYTES) {
            throw new InvalidSentencePieceException(
                    file + " has " + Files.size(file) + " bytes; models have at most " + MAXIMUM_BYTES);
        }
        SentencePieceFile model = new SentencePieceFile(file);
        try {
            model.readModel(Files.readAllBytes(file));
            return model.tokenizer();
        } catch (IllegalArgumentException e) {
            throw new InvalidSentencePieceException(file + ": " + e.getMessage(), e);
        }
    }

    private void readModel(byte[] message) {
        ProtobufReader reader = new ProtobufReader(message);
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case 1 -> readPiece(reader.bytes());
                case 2 -> readTrainer(reader.bytes());
                case 3 -> readNormalizer(reader.bytes());
                case 5 -> hasDenormalizer = hasCharacterMap(reader.bytes());
                default -> reader.skip();
            }
        }
        if (pieces.isEmpty()) {
            throw new InvalidSentencePieceException(file + " has no pieces; it is not a SentencePiece model");
        }
    }

    private void readPiece(byte[] message) {
        String text = "";
        float score = 0;
        int type = 1;
        ProtobufReader reader = new ProtobufReader(message);
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case 1 -> text = reader.text();
                case 2 -> score = reader.decimal();
                case 3 -> type = (int) reader.number();
                default -> reader.skip();
            }
        }
        if (text.isEmpty() || type < 1 || type > Piece.Type.COUNT) {
            throw new InvalidSentencePieceException(
                    file + ": pieces[" + pieces.size() + "] has the text '" + text + "' and the type " + type);
        }
        pieces.add(new Piece(text, score, Piece.Type.ofNumber(type)));
    }

    private void readTrainer(byte[] message) {
        ProtobufReader reader = new ProtobufReader(message);
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case 3 -> bpe = reader.number() == BPE;
                case 24 -> blankAsSuffix = reader.bool();
                case 35 -> byteFallback = reader.bool();
                default -> reader.skip();
            }
        }
    }

    private void readNormalizer(byte[] message) {
        ProtobufReader reader = new ProtobufReader(message);
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case 2 -> hasCharacterMap = reader.bytes().length > 0;
                case 3 -> addPrefix = reader.bool();
                case 4 -> collapseBlanks = reader.bool();
                case 5 -> escapeBlanks = reader.bool();
                default -> reader.skip();
            }
        }
    }

    private static boolean hasCharacterMap(byte[] message) {
        boolean found = false;
        ProtobufReader reader = new ProtobufReader(message);
        for (int field = reader.next(); field != 0; field = reader.next()) {
            if (field == 2) {
                found |= reader.bytes().length > 0;
            } else {
                reader.skip();
            }
        }
        return found;
    }

    private PieceTokenizer tokenizer() {
        require(bpe, "trainer_spec.model_type", "is not BPE; train with --model_type=bpe");
        require(
                !hasCharacterMap,
                "normalizer_spec.precompiled_charsmap",
                "changes characters; train with --normalization_rule_name=identity");
        require(!hasDenormalizer, "denormalizer_spec.precompiled_charsmap", "changes characters; remove it");
        require(escapeBlanks, "normalizer_spec.escape_whitespaces", "is false; true is supported");
        require(!blankAsSuffix, "trainer_spec.treat_whitespace_as_suffix", "is true; false is supported");
        int unknown = -1;
        for (int id = 0; id < pieces.size(); id++) {
            Piece piece = pieces.get(id);
            String path = "pieces[" + id + "]";
            require(piece.type() != Piece.Type.UNUSED, path + ".type", "is UNUSED, which is not supported");
            if (piece.type() == Piece.Type.UNKNOWN) {
                unknown = id;
            }
        }
        Normalization.Prefix prefix = addPrefix ? Normalization.Prefix.TEXT : Normalization.Prefix.NONE;
        Vocabulary vocabulary =
                Vocabulary.ofCharacters(pieces.stream().map(Pieces::searchable).toList(), ranks());
        return new PieceTokenizer(
                new Pieces(pieces, vocabulary, byteFallback ? Pieces.byteIds(pieces) : null, unknown),
                new Normalization(prefix, collapseBlanks),
                PieceTokenizer.Words.ACROSS_MARKS,
                new PieceTokenizer.Decoding(collapseBlanks ? Integer.MAX_VALUE : addPrefix ? 1 : 0, true, UNKNOWN_TEXT),
                true,
                List.of());
    }

    /** Returns ranks of which the lowest is the highest score; equal scores have one rank. */
    private int[] ranks() {
        double[] scores =
                pieces.stream().mapToDouble(Piece::score).distinct().sorted().toArray();
        return pieces.stream()
                .mapToInt(piece -> scores.length - 1 - Arrays.binarySearch(scores, piece.score()))
                .toArray();
    }

    private void require(boolean condition, String path, String otherwise) {
        if (!condition) {
            throw new InvalidSentencePieceException(file + ": " + path + " " + otherwise);
        }
    }
}
