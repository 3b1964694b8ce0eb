package io.rootstock.corpus.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.Outcome;
import io.rootstock.corpus.RealTexts;
import io.rootstock.corpus.Text;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PiiMaskingTest {
    private static final PiiMasking ALL = PiiMasking.ofAllKinds();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Write to Jane.Doe+news@mail.example.co.kr. Thanks|Write to <EMAIL>. Thanks",
                "메일은kim@naver.com으로, 전화는010-1234-5678입니다|메일은<EMAIL>으로, 전화는<PHONE>입니다",
                "call (415) 555-2671 or +49 (0) 30 1234567|call <PHONE> or <PHONE>",
                "Tel. 030/12345678, 0171-1234567|Tel. <PHONE>, <PHONE>",
                "from 93.184.216.34:443 to 2606:2800:220:1::248|from <IP_ADDRESS>:443 to <IP_ADDRESS>",
                "card 4111 1111 1111 1111, exp 12/27|card <CREDIT_CARD>, exp 12/27",
                "DE89 3704 0044 0532 0130 00 (Konto)|<IBAN> (Konto)",
                "주민번호 901225-1234567|주민번호 <RESIDENT_NUMBER>",
                "password: 'x9Kf82LmQz71PqRt'|password: '<KEY>'",
                "01012345678@naver.com|<EMAIL>",
            })
    void replacesPersonalDataAndKeepsTheRest(String text, String masked) {
        assertThat(mask(text)).isEqualTo(masked);
    }

    @Test
    void countsEditsByKind() {
        Outcome.Kept kept = (Outcome.Kept) ALL.apply(document("a@b.org c@d.org 010-1234-5678"));
        assertThat(kept.edits()).isEqualTo(Map.of("e-mail", 2, "phone", 1));
        assertThat(kept.document().text().toString()).isEqualTo("<EMAIL> <EMAIL> <PHONE>");
    }

    @Test
    void onlyTheGivenKindsAreMasked() {
        PiiMasking phones = new PiiMasking(Map.of(PiiKind.PHONE, "[phone]"));
        Outcome.Kept kept = (Outcome.Kept) phones.apply(document("a@b.org 010-1234-5678"));
        assertThat(kept.document().text().toString()).isEqualTo("a@b.org [phone]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "version 1.2.3.4 and 10.15.7.1, v4.0.30319.42000, Chrome/120.0.6099.109, release 104.0.5112-rc1",
                "192.168.0.1, 127.0.0.1, 10.0.0.1, 0.0.0.0, 255.255.255.0, section 4.10.1.2",
                "ISBN 978-3-16-148410-0, ISBN 0-306-40615-2, ISSN 2049-3630, doi:10.1145/3442188.3445922",
                "2024-01-15T10:30:45.123+09:00, 15.01.2024, 01/15/2024, 1995-2003, 12:30:45, 20240115103045",
                "SHA 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "550e8400-e29b-41d4-a716-446655440000, 12345678-1234-1234-1234-123456789012",
                "int[] a = {1234567890, 0x7fffffff, 1_000_000}; x = 3.14159265358979; y = 1e-10",
                "std::vector<int> a::b; Foo::bar(); ad::be; 00:1A:2B:3C:4D:5E; key: value; 10:20:30:40",
                "@Override @Test(timeout = 1000) icon@2x.png git@github.com:owner/repository.git lodash@4.17.21",
                "token = tokenizer.nextTokenAfterWhitespace(); password = request.getParameter(); secret: none",
                "Boston, MA 02110-1301; 1588-0000; RFC 2119; 1,234,567.89; 100-200-300; $4111111111111111",
                "4111 1111 1111 1112, 1234 5678 9012 3456, 0000 0010 0020 0030, 0123 4567 8901 2345",
                "901325-1234567, 900230-1234567, 901225-9234567, 1700000000000, 1601020304050",
                "DE00 3704 0044 0532 0130 00, XX89370400440532013000, AB12CD34, class=\"sk-folding-cube-large-x\"",
                "eyJ0eXAi is the beginning, -----BEGIN PUBLIC KEY-----, -----BEGIN CERTIFICATE-----, ghp_short",
                "경기는 3:2로 끝났다. 2024년 1월 15일, 1,234원, 제10조 제2항, 02시 30분",
            })
    void textWithoutPersonalDataIsUnchanged(String text) {
        assertThat(mask(text)).isEqualTo(text);
    }

    @Test
    void residentNumbersSinceOctober2020NeedNoCheckDigit() {
        assertThat(mask("2101153123456")).isEqualTo("<RESIDENT_NUMBER>");
        assertThat(mask("210115-3123456")).isEqualTo("<RESIDENT_NUMBER>");
        assertThat(mask("9012251234560")).isEqualTo("9012251234560");
        assertThat(mask("9012251234563")).isEqualTo("<RESIDENT_NUMBER>");
    }

    @Test
    void privateKeysEndWithTheirEndLineOrTheirText() {
        String body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n".repeat(3);
        String key = "-----BEGIN RSA PRIVATE KEY-----\n" + body + "-----END RSA PRIVATE KEY-----";
        assertThat(mask("a\n" + key + "\nb")).isEqualTo("a\n<PRIVATE_KEY>\nb");
        assertThat(mask("{\"key\": \"" + key.replace("\n", "\\n") + "\"}")).isEqualTo("{\"key\": \"<PRIVATE_KEY>\"}");
        assertThat(mask("-----BEGIN PRIVATE KEY-----\n" + body)).isEqualTo("<PRIVATE_KEY>\n");
    }

    @Test
    void maskingIsIdempotent() {
        Random random = new Random(3);
        PlantedItem items = new PlantedItem(random);
        for (int round = 0; round < 200; round++) {
            StringBuilder text = new StringBuilder();
            for (PiiKind kind : PiiKind.values()) {
                text.append(items.before(kind)).append(items.next(kind)).append(items.after());
            }
            String once = mask(text.toString());
            assertThat(mask(once)).isEqualTo(once);
        }
    }

    @Test
    void realTextWithoutPersonalDataHasFewMatches() {
        List<String> texts = new ArrayList<>(RealTexts.documents());
        texts.addAll(RealTexts.sources().stream()
                .filter(source -> !source.contains("io.rootstock.corpus.privacy"))
                .toList());
        long bytes = 0;
        int edits = 0;
        for (String text : texts) {
            bytes += text.length();
            edits += ((Outcome.Kept) ALL.apply(document(text)))
                    .edits().values().stream().mapToInt(count -> count).sum();
        }
        assertThat(bytes).isGreaterThan(1_000_000);
        assertThat(edits).isLessThan(30);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "@",
                "a.",
                "1.",
                "a@",
                "a@b.",
                "1-",
                "1 ",
                "(1",
                "+1",
                "a:",
                "1:",
                "2001:",
                "::",
                "=",
                "a=b1",
                "_",
                "sk-",
                "xoxb-",
                "ghp_",
                "eyJ",
                "eyJaaaaaaaaaa.",
                "-----BEGIN PRIVATE KEY-----",
                "DE89 ",
                "AKIA",
                "010-",
                "4111 ",
                "password=a1",
                "password:",
                "가",
                "é@é."
            })
    void timeIsLinearInAdversarialInput(String pattern) {
        byte[] unit = pattern.getBytes(StandardCharsets.UTF_8);
        // Quadratic time would be above 10^12 comparisons.
        int size = unit.length <= 2 ? 4_000_000 : 1_000_000;
        byte[] utf8 = new byte[size / unit.length * unit.length];
        for (int at = 0; at < utf8.length; at += unit.length) {
            System.arraycopy(unit, 0, utf8, at, unit.length);
        }
        Document document = new Document("test", "", "", Text.ofValidUtf8(utf8));
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        Outcome outcome = ALL.apply(document);
        double seconds = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e9;
        assertThat(outcome).isInstanceOf(Outcome.Kept.class);
        assertThat(seconds)
                .as("CPU seconds for %d bytes of \"%s\"", size, pattern)
                .isLessThan(20);
    }

    @Test
    void replacementsThatWouldBeMaskedAndEmptySettingsAreRefused() {
        assertThatThrownBy(() -> new PiiMasking(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no kind is masked");
        assertThatThrownBy(() -> new PiiMasking(Map.of(PiiKind.EMAIL, "someone@example.com")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the replacement \"someone@example.com\" of e-mail")
                .hasMessageContaining("<EMAIL>");
        assertThatThrownBy(() -> new PiiMasking(Map.of(PiiKind.EMAIL, "x".repeat(101))))
                .hasMessageContaining("longer than 100 bytes");
    }

    private static String mask(String text) {
        return ((Outcome.Kept) ALL.apply(document(text))).document().text().toString();
    }

    private static Document document(String text) {
        return new Document("test", "", "", Text.of(text));
    }
}
