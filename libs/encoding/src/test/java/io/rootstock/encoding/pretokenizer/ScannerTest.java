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
    @EnumSource
    void equalsThePublishedPatternOnEveryCodePointBetweenNeighbours(SplitPattern pattern) {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                String character = Character.toString(codePoint);
                assertEqualToRegularExpression(pattern, "a" + character + "1 " + character + "'" + character + "\n");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void loneSurrogatesBelongToSomeWord(SplitPattern pattern) {
        String text = "a\uD800b \uDC00\uD800";
        assertThat(String.join("", scanned(pattern, text))).isEqualTo(text);
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
        char[] characters = text.toCharArray();
        List<String> words = new ArrayList<>();
        for (int from = 0; from < characters.length; ) {
            int to = scanner.wordEnd(characters, from, characters.length);
            words.add(new String(characters, from, to - from));
            from = to;
        }
        return words;
    }
}
