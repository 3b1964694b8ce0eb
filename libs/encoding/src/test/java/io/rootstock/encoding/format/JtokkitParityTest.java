package io.rootstock.encoding.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import io.rootstock.encoding.SampleText;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.bpe.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("matrix")
class JtokkitParityTest {
    @ParameterizedTest
    @EnumSource(names = {"R50K_BASE", "P50K_BASE", "CL100K_BASE", "O200K_BASE"})
    void idsAreEqual(EncodingType type) {
        Encoding jtokkit = Encodings.newLazyEncodingRegistry().getEncoding(type);
        Tokenizer tokenizer = OpenAiRanks.tokenizer(type);
        for (String text : HardTexts.all()) {
            int[] expected = jtokkit.encodeOrdinary(text).toArray();
            int[] actual = tokenizer.encode(text, SpecialTokenPolicy.AS_TEXT);
            if (!java.util.Arrays.equals(actual, expected)) {
                assertThat(actual).as("tokens of '%s'", text).isEqualTo(expected);
            }
            assertThat(new String(tokenizer.decode(actual, false), StandardCharsets.UTF_8))
                    .isEqualTo(text);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"R50K_BASE", "CL100K_BASE"})
    void longWordsAreEqual(EncodingType type) {
        Encoding jtokkit = Encodings.newLazyEncodingRegistry().getEncoding(type);
        Tokenizer tokenizer = OpenAiRanks.tokenizer(type);
        Random random = new Random(5);
        for (String letters : new String[] {"a", "ab", "abcdefgh", "etaoinshrdlu", "aAbB", "가나다라"}) {
            for (int length : new int[] {1_023, 1_024, 1_025, 3_000, 20_000}) {
                StringBuilder word = new StringBuilder();
                for (int i = 0; i < length; i++) {
                    word.append(letters.charAt(random.nextInt(letters.length())));
                }
                assertThat(tokenizer.encode(word.toString(), SpecialTokenPolicy.AS_TEXT))
                        .as("%s letters of %s", length, letters)
                        .isEqualTo(jtokkit.encodeOrdinary(word.toString()).toArray());
            }
        }
        String real = SampleText.real(200_000).replaceAll("[^a-zA-Z]", "");
        assertThat(tokenizer.encode(real, SpecialTokenPolicy.AS_TEXT))
                .isEqualTo(jtokkit.encodeOrdinary(real).toArray());
    }
}
