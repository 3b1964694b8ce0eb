package io.rootstock.encoding.format;

import com.knuddels.jtokkit.api.EncodingType;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.bpe.Vocabulary;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** OpenAI's ranks, which jtokkit's jar has as rank files. */
final class OpenAiRanks {
    private OpenAiRanks() {}

    static Vocabulary vocabulary(EncodingType type) {
        String name = "/com/knuddels/jtokkit/" + type.getName() + ".tiktoken";
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(EncodingType.class.getResourceAsStream(name), StandardCharsets.US_ASCII))) {
            return TiktokenFile.read(lines, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SplitPattern pattern(EncodingType type) {
        return switch (type) {
            case R50K_BASE, P50K_BASE, P50K_EDIT -> SplitPattern.GPT2;
            case CL100K_BASE -> SplitPattern.CL100K;
            case O200K_BASE -> SplitPattern.O200K;
        };
    }

    static Tokenizer tokenizer(EncodingType type) {
        return tokenizer(vocabulary(type), pattern(type), true, false);
    }

    /** A tokenizer whose only special token is the first unused id. */
    static Tokenizer tokenizer(Vocabulary vocabulary, SplitPattern pattern, boolean ignoreMerges, boolean composed) {
        SpecialTokenRule.Token end = new SpecialTokenRule.Token(vocabulary.size(), "<|endoftext|>");
        return new Tokenizer(
                vocabulary,
                pattern,
                ignoreMerges,
                composed,
                List.of(new SpecialToken(end.text(), end.id(), true)),
                new SpecialTokenRule(false, false, Optional.empty(), end, List.of(), end),
                "");
    }
}
