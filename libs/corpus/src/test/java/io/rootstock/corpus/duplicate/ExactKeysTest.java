package io.rootstock.corpus.duplicate;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.corpus.Text;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        assertThat(keys.url("HTTP://a.org")).isEqualTo(keys.url("http://a.org/"));
    }

    @Test
    void bucketsAreEqualRangesOfTheKeys() {
        assertThat(IntStream.range(0, 16).map(i -> ExactKey.bucket((long) i << 60, 16)))
                .containsExactly(IntStream.range(0, 16).boxed().toArray(Integer[]::new));
        assertThat(ExactKey.bucket(-1, 7)).isEqualTo(6);
        assertThat(ExactKey.bucket(-1, 1)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP://Example.COM, http://example.com/",
        "http://example.com:80/a, http://example.com/a",
        "https://example.com:443, https://example.com/",
        "https://example.com:80/, https://example.com:80/",
        "http://example.com:/, http://example.com/",
        "http://User@Example.com/, http://User@example.com/",
        "http://example.com/a#section, http://example.com/a",
        "http://example.com/%7euser/%2f, http://example.com/~user/%2F",
        "http://example.com/a/./b/../c, http://example.com/a/c",
        "http://example.com/a/.., http://example.com/",
        "http://example.com/../../a, http://example.com/a",
        "http://example.com?b=2&a=1, http://example.com/?b=2&a=1",
        "http://example.com/A?Q=%c3%a4#x, http://example.com/A?Q=%C3%A4",
        "http://example.com/100%, http://example.com/100%",
        "http://example.com/?q=http://b.org/, http://example.com/?q=http://b.org/",
        "' notes.txt ', notes.txt",
        "mailto:A@B.org, mailto:A@B.org"
    })
    void addressesAreNormalised(String url, String expected) {
        assertThat(NormalizedUrl.of(url)).isEqualTo(expected);
        assertThat(NormalizedUrl.of(expected)).isEqualTo(expected);
    }
}
