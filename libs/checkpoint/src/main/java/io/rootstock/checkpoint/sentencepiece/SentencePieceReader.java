package io.rootstock.checkpoint.sentencepiece;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads SentencePiece's {@code .model} files with BPE models whose text is not changed by a normalization rule.
 *
 * @see <a href="https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto">the file's schema</a>
 */
final class SentencePieceReader {
    private static final int BPE = 2;
    private static final int MAX_BYTES = 1 << 28;

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

    private SentencePieceReader(Path file) {
        this.file = file;
    }

    /** Reads a model; see {@link SentencePieceModel#read}. */
    static SentencePieceModel read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new InvalidSentencePieceException(
                    file + " has " + Files.size(file) + " bytes; models have at most " + MAX_BYTES);
        }
        SentencePieceReader model = new SentencePieceReader(file);
        try {
            model.readModel(Files.readAllBytes(file));
            return model.checked();
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

    private SentencePieceModel checked() {
        require(bpe, "trainer_spec.model_type", "is not BPE; train with --model_type=bpe");
        require(
                !hasCharacterMap,
                "normalizer_spec.precompiled_charsmap",
                "changes characters; train with --normalization_rule_name=identity");
        require(!hasDenormalizer, "denormalizer_spec.precompiled_charsmap", "changes characters; remove it");
        require(escapeBlanks, "normalizer_spec.escape_whitespaces", "is false; true is supported");
        require(!blankAsSuffix, "trainer_spec.treat_whitespace_as_suffix", "is true; false is supported");
        for (int id = 0; id < pieces.size(); id++) {
            require(
                    pieces.get(id).type() != Piece.Type.UNUSED,
                    "pieces[" + id + "].type",
                    "is UNUSED, which is not supported");
        }
        return new SentencePieceModel(pieces, byteFallback, addPrefix, collapseBlanks);
    }

    private void require(boolean condition, String path, String otherwise) {
        if (!condition) {
            throw new InvalidSentencePieceException(file + ": " + path + " " + otherwise);
        }
    }
}
