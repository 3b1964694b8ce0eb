package io.rootstock.corpus.language;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** A detector with a fastText model such as lid.176.bin or lid.176.ftz; languages are the labels of the model. */
public final class FastTextDetector implements LanguageDetector {
    private final FastTextModel model;
    private final String identity;
    private final SortedSet<String> languages;

    private FastTextDetector(FastTextModel model, String digest) {
        this.model = model;
        identity = "fasttext:sha256:" + digest;
        languages = Collections.unmodifiableSortedSet(new TreeSet<>(model.labels()));
    }

    /** Reads a model file, with {@link FastTextModel#DEFAULT_MAX_MATRIX_BYTES} for a matrix. */
    public static FastTextDetector read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.toString(), in, FastTextModel.DEFAULT_MAX_MATRIX_BYTES);
        }
    }

    /**
     * Reads a model.
     *
     * @param name file name, for messages
     * @param bytes the file; not closed
     * @param maxMatrixBytes largest memory of a matrix, decoded
     * @throws InvalidModelException if the file is not such a model, is damaged, or needs more memory
     */
    public static FastTextDetector read(String name, InputStream bytes, long maxMatrixBytes) throws IOException {
        DigestInputStream digested = new DigestInputStream(bytes, sha256());
        FastTextModel model = FastTextModel.read(name, new BufferedInputStream(digested, 1 << 16), maxMatrixBytes);
        return new FastTextDetector(
                model, HexFormat.of().formatHex(digested.getMessageDigest().digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public SortedSet<String> languages() {
        return languages;
    }

    @Override
    public Optional<DetectedLanguage> detect(byte[] utf8, int from, int to) {
        List<FastTextModel.Prediction> predictions = model.predict(utf8, from, to, 1);
        return predictions.stream()
                .findFirst()
                .map(prediction -> new DetectedLanguage(prediction.label(), Math.min(1, prediction.probability())));
    }
}
