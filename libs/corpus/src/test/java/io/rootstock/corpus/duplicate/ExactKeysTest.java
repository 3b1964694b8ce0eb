package io.rootstock.corpus.duplicate;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.corpus.Text;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExactKeysTest {
    private final ExactKeys keys = new ExactKeys();

    /** SHA-256 of "abc" begins with ba7816bf 8f01cfea 414140de 5dae2223 (FIPS 180-4). */
    @Test
    void aKeyIsTheBeginningOfTheSha256() {
        assertThat(keys.content(Text.of("abc"))).isEqualTo(new ExactKey(0xBA7816BF8F01CFEAL, 0x414140DE5DAE2223L));
    }

    @Test
    void onlyEqualTextsHaveOneKey() {
        assertThat(keys.content(Text.of("a b"))).isEqualTo(keys.content(Text.of("a b")));
        assertThat(keys.content(Text.of("a b"))).isNotEqualTo(keys.content(Text.of("a  b")));
    }

    @Test
    void aDocumentWithoutAddressHasNoKey() {
        assertThat(keys.url("")).isEmpty();
        assertThat(keys.url(" #top")).isEmpty();
        assertThat(keys.url("HTTP://a.org")).isPresent().isEqualTo(keys.url("http://a.org/"));
    }

    @Test
    void bucketsAreEqualRangesOfTheKeys() {
        assertThat(IntStream.range(0, 16).map(i -> ExactKey.bucket((long) i << 60, 16)))
                .containsExactly(IntStream.range(0, 16).boxed().toArray(Integer[]::new));
        assertThat(ExactKey.bucket(-1, 7)).isEqualTo(6);
        assertThat(ExactKey.bucket(-1, 1)).isZero();
    }
}
