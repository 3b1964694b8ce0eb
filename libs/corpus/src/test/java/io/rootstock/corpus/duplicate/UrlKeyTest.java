package io.rootstock.corpus.duplicate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlKeyTest {
    @ParameterizedTest
    @CsvSource({
        "HTTPS://Example.ORG:443/a, //example.org/a",
        "http://example.org, //example.org/",
        "http://example.org:80/?, //example.org/",
        "http://example.org:443/, //example.org:443/",
        "http://user:secret@example.org./x, //example.org/x",
        "http://example.org/a#part, //example.org/a",
        "http://example.org?b=2&a=1, //example.org/?b=2&a=1",
        "http://example.org/?utm_source=x&id=7&FBCLID=1, //example.org/?id=7",
        "http://example.org/?gclid=1, //example.org/",
        "http://example.org/%7euser/%c3%a9?q=%2f, //example.org/~user/%C3%A9?q=%2F",
        "http://example.org/a/./b/../c/.., //example.org/a/",
        "http://example.org/../a.b/..c, //example.org/a.b/..c",
        "http://[2001:DB8::1]:8080/, //[2001:db8::1]:8080/",
        "http://example.org/100%, //example.org/100%"
    })
    void equalPagesHaveOneKey(String url, String normal) {
        assertThat(UrlKey.of(url)).map(UrlKey::normal).contains(normal);
    }

    @Test
    void differentPagesHaveDifferentKeys() {
        assertThat(UrlKey.of("http://example.org/a")).isNotEqualTo(UrlKey.of("http://example.org/A"));
        assertThat(UrlKey.of("http://example.org/a")).isNotEqualTo(UrlKey.of("http://example.org/a/"));
        assertThat(UrlKey.of("http://example.org/?a=1&b=2")).isNotEqualTo(UrlKey.of("http://example.org/?b=2&a=1"));
    }

    @Test
    void otherTextHasNoKey() {
        assertThat(UrlKey.of("")).isEmpty();
        assertThat(UrlKey.of("example.org/a")).isEmpty();
        assertThat(UrlKey.of("ftp://example.org/a")).isEmpty();
        assertThat(UrlKey.of("http:///a")).isEmpty();
    }

    @Test
    void aNormalFormIsItsOwnNormalForm() {
        String normal = UrlKey.of("http://Example.org:80/a/../b?utm_id=1&x=%7E")
                .orElseThrow()
                .normal();
        assertThat(UrlKey.of("https:" + normal).orElseThrow().normal()).isEqualTo(normal);
    }
}
