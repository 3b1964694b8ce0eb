package io.rootstock.encoding;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Text for tests: the JDK's sources, if the JDK includes them, and random text from all of Unicode. */
public final class SampleText {
    private static final String WORDS =
            "It's the DOG's 2nd day; they'LL've run 12345 km, don't you're I'd we'm 'sno 'S x's\n\n  tabs\tand   spaces \r\n";

    private SampleText() {}

    /** Returns real text of about that many characters. */
    public static String real(int characters) {
        Path archive = Path.of(System.getProperty("java.home"), "lib", "src.zip");
        StringBuilder text = new StringBuilder(WORDS);
        if (Files.exists(archive)) {
            try (ZipFile zip = new ZipFile(archive.toFile())) {
                List<? extends ZipEntry> entries = zip.stream()
                        .filter(entry -> entry.getName().startsWith("java.base/java/")
                                && entry.getName().endsWith(".java"))
                        .toList();
                for (int i = 0; i < entries.size() && text.length() < characters; i++) {
                    try (InputStream content = zip.getInputStream(entries.get(i))) {
                        text.append(new String(content.readAllBytes(), StandardCharsets.UTF_8));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        Random random = new Random(7);
        while (text.length() < characters) {
            text.append(WORDS, random.nextInt(20), 20 + random.nextInt(WORDS.length() - 20))
                    .append(' ');
        }
        return text.substring(0, characters);
    }

    /** Returns random text in which every class of characters meets every other; without lone surrogates. */
    public static String random(Random random, int codePoints) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < codePoints; i++) {
            int codePoint = switch (random.nextInt(13)) {
                case 0, 1 -> ' ';
                case 2 -> "\n\r\t\u000b\u00a0\u2003\u3000\u0085".charAt(random.nextInt(8));
                case 3 -> '\'';
                case 4, 5 -> "sdmtlrevSDMTLREV\u017F".charAt(random.nextInt(17));
                case 6 -> '0' + random.nextInt(10);
                case 7 -> "!?.,;-_<|>(){}/".charAt(random.nextInt(15));
                case 8 -> random.nextInt(0x110000);
                case 9 -> 0x1F300 + random.nextInt(0x500);
                case 10 -> 0x1D7CE + random.nextInt(50);
                case 11 -> "\u0301\u0903\u20DD\u01C5\u02B0\u4E2D\u00C9\u00E9AZ".charAt(random.nextInt(10));
                default -> 'a' + random.nextInt(26);
            };
            boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
            text.appendCodePoint(surrogate ? 'x' : codePoint);
        }
        return text.toString();
    }
}
