package io.rootstock.encoding.pretokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.encoding.SampleText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScannerTest {
    private static final Map<SplitPattern, Pattern> COMPILED = Arrays.stream(SplitPattern.values())
            .collect(Collectors.toMap(
                    pattern -> pattern,
                    pattern -> Pattern.compile(pattern.pattern(), Pattern.UNICODE_CHARACTER_CLASS)));

    @Test
    void gpt2WordsKeepTheirLeadingBlank() {
        assertThat(scanned(SplitPattern.GPT2, "It's 42!  \n x")).containsExactly("It", "'s", " 42", "!", "  \n", " x");
    }

    @Test
    void llama3GroupsDigitsByThreeAndKeepsLineBreaksWithPunctuation() {
        assertThat(scanned(SplitPattern.LLAMA3, "IT'S 12345!!\n"))
                .containsExactly("IT", "'S", " ", "123", "45", "!!\n");
    }

    @Test
    void tekkenBeginsAWordWhereLowerCaseTurnsToUpperCase() {
        assertThat(scanned(SplitPattern.TEKKEN, "IT'S parseHTTPServer 42//\n"))
                .containsExactly("IT", "'S", " parse", "HTTPServer", " ", "4", "2", "//\n");
    }

    @ParameterizedTest
    @EnumSource
    void equalsThePublishedPatternOnRealText(SplitPattern pattern) throws IOException {
        assertEqualToRegularExpression(pattern, SampleText.real(1_000_000));
        Path books = Path.of("../../shared/data/books");
        if (Files.isDirectory(books)) {
            try (Stream<Path> files = Files.list(books)) {
                for (Path book : files.toList()) {
                    assertEqualToRegularExpression(pattern, Files.readString(book, StandardCharsets.UTF_8));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void equalsThePublishedPatternOnRandomText(SplitPattern pattern) {
        Random random = new Random(42);
        for (int round = 0; round < 20_000; round++) {
            assertEqualToRegularExpression(pattern, SampleText.random(random, random.nextInt(30)));
        }
    }

    @ParameterizedTest
    @EnumSource(names = "O200K")
    void equalsThePublishedPatternOnEveryCodePointBetweenNeighbours(SplitPattern pattern) {
        expectEqualOnEveryCodePoint(pattern);
    }

    @Tag("matrix")
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "O200K")
    void everyOtherPatternEqualsThePublishedOneOnEveryCodePoint(SplitPattern pattern) {
        expectEqualOnEveryCodePoint(pattern);
    }

    private static void expectEqualOnEveryCodePoint(SplitPattern pattern) {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                String character = Character.toString(codePoint);
                assertEqualToRegularExpression(pattern, "a" + character + "1 " + character + "'" + character + "\n");
            }
        }
    }

    @Test
    void o200kKeepsContractionsWithTheirWord() {
        assertThat(scanned(SplitPattern.O200K, "DON'T we'll\u017f parseHTTPServer 12345//\n"))
                .containsExactly("DON'T", " we'll", "\u017f", " parse", "HTTPServer", " ", "123", "45", "//\n");
    }

    @ParameterizedTest
    @EnumSource
    void invalidBytesBelongToSomeWord(SplitPattern pattern) {
        Scanner scanner = pattern.scanner();
        Random random = new Random(9);
        byte[] bytes = new byte[64];
        for (int round = 0; round < 50_000; round++) {
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length; i += 2) {
                bytes[i] = (byte) "\u00ed\u00a0\u00e0\u00f4\u00f8 a\u00c0\n".charAt(random.nextInt(9));
            }
            int end = 1 + random.nextInt(bytes.length - 1);
            byte[] alone = Arrays.copyOf(bytes, end);
            for (int from = 0; from < end; ) {
                int to = scanner.wordEnd(bytes, from, end);
                assertThat(to).isBetween(from + 1, end).isEqualTo(scanner.wordEnd(alone, from, end));
                from = to;
            }
        }
    }

    private static void assertEqualToRegularExpression(SplitPattern pattern, String text) {
        List<String> expected = new ArrayList<>();
        Matcher matcher = COMPILED.get(pattern).matcher(text);
        while (matcher.find()) {
            expected.add(matcher.group());
        }
        List<String> actual = scanned(pattern, text);
        if (!actual.equals(expected)) {
            assertThat(actual).as("words of '%s'", text).isEqualTo(expected);
        }
    }

    private static List<String> scanned(SplitPattern pattern, String text) {
        Scanner scanner = pattern.scanner();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<String> words = new ArrayList<>();
        for (int from = 0; from < bytes.length; ) {
            int to = scanner.wordEnd(bytes, from, bytes.length);
            words.add(new String(bytes, from, to - from, StandardCharsets.UTF_8));
            from = to;
        }
        return words;
    }
}
