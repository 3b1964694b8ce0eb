package io.rootstock.corpus.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HtmlEncodingTest {
    @Test
    void aByteOrderMarkIsStrongerThanTheHeader() {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        page.writeBytes(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
        page.writeBytes("Käse".getBytes(StandardCharsets.UTF_8));
        assertThat(decode(page.toByteArray(), "euc-kr")).isEqualTo("Käse");
        assertThat(decode("\uFEFFKäse".getBytes(StandardCharsets.UTF_16LE), null))
                .isEqualTo("Käse");
        assertThat(decode("\uFEFFKäse".getBytes(StandardCharsets.UTF_16BE), "utf-8"))
                .isEqualTo("Käse");
    }

    @Test
    void theHeaderIsStrongerThanTheMetaElement() {
        String page = "<meta charset=shift_jis>한국어";
        assertThat(decode(page.getBytes(Charset.forName("EUC-KR")), "\"EUC-KR\""))
                .isEqualTo(page);
    }

    @Test
    void metaElementsAreRead() {
        String html = "<html><head><meta http-equiv='Content-Type' content='text/html; charset=windows-1251'>Привет";
        assertThat(decode(html.getBytes(Charset.forName("windows-1251")), null)).isEqualTo(html);
        String xml = "<?xml version='1.0' encoding='iso-8859-2'?><p>žluťoučký";
        assertThat(decode(xml.getBytes(Charset.forName("ISO-8859-2")), null)).isEqualTo(xml);
        String utf16 = "<meta charset=utf-16>Käse";
        assertThat(decode(utf16.getBytes(StandardCharsets.UTF_8), null)).isEqualTo(utf16);
    }

    @Test
    void validUtf8IsReadAsUtf8WhereLatin1IsDeclared() {
        assertThat(decode("Käse".getBytes(StandardCharsets.UTF_8), "ISO-8859-1"))
                .isEqualTo("Käse");
        assertThat(decode("Käse “x”".getBytes(Charset.forName("windows-1252")), "ISO-8859-1"))
                .isEqualTo("Käse “x”");
    }

    @Test
    void encodingsThatAreNotDeclaredAreDetected() {
        String korean = "<p>이 문장은 한국어로 쓰여 있으며, 문자 집합을 알리지 않습니다. 그래도 읽을 수 있습니다.";
        assertThat(decode(korean.getBytes(Charset.forName("EUC-KR")), null)).isEqualTo(korean);
        assertThat(decode(korean.getBytes(StandardCharsets.UTF_8), null)).isEqualTo(korean);
        assertThat(decode("caf\u00e9".getBytes(StandardCharsets.ISO_8859_1), "unknown-charset"))
                .isEqualTo("café");
    }

    @Test
    void aCharacterThatWasCutAtTheEndDoesNotChangeTheEncoding() {
        byte[] page = "Käse, Brötchen 한".getBytes(StandardCharsets.UTF_8);
        assertThat(decode(Arrays.copyOf(page, page.length - 1), null)).isEqualTo("Käse, Brötchen \uFFFD");
    }

    private static String decode(byte[] page, String charset) {
        return HtmlEncoding.decode(page, page.length, charset);
    }
}
