package io.rootstock.encoding.format;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.knuddels.jtokkit.api.EncodingType;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares with Hugging Face's tokenizers, which read the files that {@link TokenizerWriter} writes. */
class HuggingFaceParityTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"LLAMA3, CL100K_BASE, true, false", "QWEN2, CL100K_BASE, false, true"})
    void idsAreEqual(SplitPattern pattern, EncodingType ranks, boolean ignoreMerges, boolean composed)
            throws IOException {
        expectEqualIds(pattern, ranks, ignoreMerges, composed, HardTexts.fewest());
    }

    @Tag("matrix")
    @ParameterizedTest
    @CsvSource({
        "GPT2, R50K_BASE, false, false",
        "SMOLLM, R50K_BASE, false, false",
        "CL100K, CL100K_BASE, true, false",
        "LLAMA3, CL100K_BASE, true, false",
        "QWEN2, CL100K_BASE, false, true",
        "TEKKEN, O200K_BASE, true, false",
        "O200K, O200K_BASE, false, false"
    })
    void idsOfEveryPatternAreEqualInEveryBlock(
            SplitPattern pattern, EncodingType ranks, boolean ignoreMerges, boolean composed) throws IOException {
        expectEqualIds(pattern, ranks, ignoreMerges, composed, HardTexts.few());
    }

    private void expectEqualIds(
            SplitPattern pattern, EncodingType ranks, boolean ignoreMerges, boolean composed, List<String> texts)
            throws IOException {
        Tokenizer tokenizer = OpenAiRanks.tokenizer(OpenAiRanks.vocabulary(ranks), pattern, ignoreMerges, composed);
        TokenizerWriter.write(tokenizer, folder);
        TokenizerJson read = TokenizerJson.read(folder.resolve("tokenizer.json"));
        int skipped = 0;
        try (HuggingFaceTokenizer huggingFace = HuggingFaceTokenizer.builder()
                .optTokenizerPath(folder.resolve("tokenizer.json"))
                .optAddSpecialTokens(false)
                .optTruncation(false)
                .optPadding(false)
                .build()) {
            for (String text : texts) {
                if (composed && text.codePoints().anyMatch(HuggingFaceParityTest::isNewerMark)) {
                    skipped++;
                    continue;
                }
                int[] expected = Arrays.stream(
                                huggingFace.encode(text, false, false).getIds())
                        .mapToInt(Math::toIntExact)
                        .toArray();
                int[] actual = tokenizer.encode(text, SpecialTokenPolicy.AS_SPECIAL);
                assertThat(read.encode(text, false)).isEqualTo(actual);
                if (!Arrays.equals(actual, expected)) {
                    assertThat(actual).as("tokens of '%s'", text).isEqualTo(expected);
                }
            }
        }
        assertThat(skipped).isLessThan(texts.size() / 20);
    }

    /** Hugging Face's NFC has the combining classes of an older version of Unicode: these marks are not known to it. */
    private static boolean isNewerMark(int codePoint) {
        int type = Character.getType(codePoint);
        boolean mark = type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
        return (mark && codePoint >= 0x10D24)
                || (mark && codePoint >= 0x890 && codePoint <= 0x8FF)
                || (mark && codePoint >= 0x1AB0 && codePoint <= 0x1AFF)
                || (codePoint >= 0x1DF6 && codePoint <= 0x1DFA)
                || List.of(0x7FD, 0x9FE, 0xC3C, 0xD3B, 0xD3C, 0xEBA, 0x1715, 0xA82C, 0x16D67)
                        .contains(codePoint);
    }
}
