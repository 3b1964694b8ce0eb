package io.rootstock.corpus.worker.token;

import com.knuddels.jtokkit.api.EncodingType;
import io.rootstock.encoding.TextCodec;
import io.rootstock.encoding.bpe.ByteLevelBpe;
import io.rootstock.encoding.bpe.Vocabulary;
import io.rootstock.encoding.format.TiktokenFile;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** OpenAI's encodings as tokenizers to compare with, from the rank files in jtokkit's jar. Each process reads them once. */
public final class OpenAiEncodings {
    /** Codecs by name, in order of age: r50k (GPT-2, GPT-3), cl100k (GPT-4), o200k (GPT-4o). */
    public static final Map<String, TextCodec> ALL = read();

    private OpenAiEncodings() {}

    private static Map<String, TextCodec> read() {
        Map<String, TextCodec> codecs = new LinkedHashMap<>();
        codecs.put("r50k", codec(EncodingType.R50K_BASE, SplitPattern.GPT2));
        codecs.put("cl100k", codec(EncodingType.CL100K_BASE, SplitPattern.CL100K));
        codecs.put("o200k", codec(EncodingType.O200K_BASE, SplitPattern.O200K));
        return Collections.unmodifiableMap(codecs);
    }

    private static TextCodec codec(EncodingType type, SplitPattern pattern) {
        String name = "/com/knuddels/jtokkit/" + type.getName() + ".tiktoken";
        try (InputStream input = EncodingType.class.getResourceAsStream(name)) {
            if (input == null) {
                throw new IllegalStateException("the jar of jtokkit has no " + name + "; add it to the class path");
            }
            Vocabulary vocabulary = TiktokenFile.read(
                    new BufferedReader(new InputStreamReader(input, StandardCharsets.US_ASCII)), name);
            return new ByteLevelBpe(vocabulary, pattern, true, false, List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
