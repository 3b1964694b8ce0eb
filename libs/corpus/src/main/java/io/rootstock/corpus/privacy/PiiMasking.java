package io.rootstock.corpus.privacy;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.DocumentStep;
import io.rootstock.corpus.Outcome;
import io.rootstock.corpus.Text;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Replaces personal data and secrets by a fixed text for each kind.
 *
 * @param replacements kinds to mask with their replacements; other kinds stay
 */
public record PiiMasking(Map<PiiKind, String> replacements) implements DocumentStep {
    private static final int MAX_REPLACEMENT_LENGTH = 100;

    public PiiMasking {
        if (replacements.isEmpty()) {
            throw new IllegalArgumentException("no kind is masked; name at least one, such as e-mail");
        }
        replacements = Collections.unmodifiableMap(new EnumMap<>(replacements));
        PiiScanner all = new PiiScanner(EnumSet.allOf(PiiKind.class));
        replacements.forEach((kind, replacement) -> requireReplacement(all, kind, replacement));
    }

    /** Masks all kinds with their placeholders. */
    public static PiiMasking ofAllKinds() {
        Map<PiiKind, String> replacements = new EnumMap<>(PiiKind.class);
        for (PiiKind kind : PiiKind.values()) {
            replacements.put(kind, kind.placeholder());
        }
        return new PiiMasking(replacements);
    }

    private static void requireReplacement(PiiScanner scanner, PiiKind kind, String replacement) {
        byte[] utf8 = replacement.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > MAX_REPLACEMENT_LENGTH
                || !new String(utf8, StandardCharsets.UTF_8).equals(replacement)
                || scanner.scan(utf8).count() > 0) {
            throw new IllegalArgumentException("the replacement \"" + replacement + "\" of " + kind.label()
                    + " is longer than " + MAX_REPLACEMENT_LENGTH
                    + " bytes, has an unpaired surrogate, or would be masked itself; set one such as "
                    + kind.placeholder());
        }
    }

    @Override
    public String name() {
        return "pii-masking";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Outcome apply(Document document) {
        byte[] utf8 = document.text().utf8();
        PiiMatches matches = new PiiScanner(kinds()).scan(utf8);
        if (matches.count() == 0) {
            return new Outcome.Kept(document);
        }
        Map<PiiKind, byte[]> bytes = new EnumMap<>(PiiKind.class);
        replacements.forEach((kind, text) -> bytes.put(kind, text.getBytes(StandardCharsets.UTF_8)));
        Map<PiiKind, Integer> counts = new EnumMap<>(PiiKind.class);
        long length = utf8.length;
        for (int index = 0; index < matches.count(); index++) {
            PiiKind kind = matches.kind(index);
            counts.merge(kind, 1, Integer::sum);
            length += bytes.get(kind).length - (matches.end(index) - matches.start(index));
        }
        byte[] masked = new byte[Math.toIntExact(length)];
        int from = 0;
        int to = 0;
        for (int index = 0; index < matches.count(); index++) {
            int unchanged = matches.start(index) - from;
            System.arraycopy(utf8, from, masked, to, unchanged);
            byte[] replacement = bytes.get(matches.kind(index));
            System.arraycopy(replacement, 0, masked, to + unchanged, replacement.length);
            to += unchanged + replacement.length;
            from = matches.end(index);
        }
        System.arraycopy(utf8, from, masked, to, utf8.length - from);
        Map<String, Integer> edits = new LinkedHashMap<>();
        counts.forEach((kind, count) -> edits.put(kind.label(), count));
        return new Outcome.Kept(document.withText(Text.ofValidUtf8(masked)), Collections.unmodifiableMap(edits));
    }

    private Set<PiiKind> kinds() {
        return replacements.keySet();
    }
}
