package io.rootstock.bench.encoding;

import com.knuddels.jtokkit.api.EncodingType;
import io.rootstock.encoding.bpe.ByteLevelBpe;
import io.rootstock.encoding.bpe.Vocabulary;
import io.rootstock.encoding.format.TiktokenFile;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** OpenAI's encodings, with the rank files of jtokkit's jar. */
enum OpenAiEncoding {
    R50K(EncodingType.R50K_BASE, SplitPattern.GPT2),
    P50K(EncodingType.P50K_BASE, SplitPattern.GPT2),
    CL100K(EncodingType.CL100K_BASE, SplitPattern.CL100K),
    O200K(EncodingType.O200K_BASE, SplitPattern.O200K);

    private final EncodingType type;
    private final SplitPattern pattern;

    OpenAiEncoding(EncodingType type, SplitPattern pattern) {
        this.type = type;
        this.pattern = pattern;
    }

    /** Name in jtokkit. */
    EncodingType type() {
        return type;
    }

    SplitPattern pattern() {
        return pattern;
    }

    Vocabulary vocabulary() throws IOException {
        String name = "/com/knuddels/jtokkit/" + type.getName() + ".tiktoken";
        try (InputStream input = EncodingType.class.getResourceAsStream(name)) {
            if (input == null) {
                throw new IllegalStateException("jtokkit's jar has no " + name);
            }
            return TiktokenFile.read(new BufferedReader(new InputStreamReader(input, StandardCharsets.US_ASCII)), name);
        }
    }

    /** Returns a codec with empty caches. */
    ByteLevelBpe codec(Vocabulary vocabulary) {
        return new ByteLevelBpe(vocabulary, pattern, true, false, List.of());
    }
}
