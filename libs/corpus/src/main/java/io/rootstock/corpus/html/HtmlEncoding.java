package io.rootstock.corpus.html;

import io.rootstock.corpus.bytes.Utf8;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mozilla.universalchardet.UniversalDetector;

/**
 * Decodes web pages as browsers do (https://html.spec.whatwg.org/multipage/parsing.html#encoding-sniffing-algorithm):
 * byte order mark, charset of the HTTP header, {@code meta} element in the first 1,024 bytes, else detection.
 *
 * <p>One deviation: valid UTF-8 with characters outside of ASCII is read as UTF-8 where windows-1252 or ISO-8859-1 is
 * declared, because text of those encodings is practically never valid UTF-8. Invalid sequences become U+FFFD.
 */
public final class HtmlEncoding {
    private static final int PRESCAN = 1024;
    private static final Pattern META =
            Pattern.compile("(?i)<meta[^>]{0,200}?charset\\s*=\\s*[\"']?\\s*([a-z0-9_:.+-]{2,40})");
    private static final Pattern XML =
            Pattern.compile("(?i)^\\s*<\\?xml[^>]{0,100}?encoding\\s*=\\s*[\"']([a-z0-9_:.+-]{2,40})");

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    private HtmlEncoding() {}

    /**
     * Decodes a page.
     *
     * @param declared charset of the HTTP header, null if it has none
     */
    public static String decode(byte[] page, int length, String declared) {
        int mark = markLength(page, length);
        Charset charset = mark > 0 ? ofMark(page) : charset(page, length, declared);
        return new String(page, mark, length - mark, charset);
    }

    private static int markLength(byte[] page, int length) {
        if (length >= 3 && page[0] == (byte) 0xEF && page[1] == (byte) 0xBB && page[2] == (byte) 0xBF) {
            return 3;
        }
        boolean bigEndian = length >= 2 && page[0] == (byte) 0xFE && page[1] == (byte) 0xFF;
        boolean utf16 = bigEndian || (length >= 2 && page[0] == (byte) 0xFF && page[1] == (byte) 0xFE);
        return utf16 ? 2 : 0;
    }

    private static Charset ofMark(byte[] page) {
        return switch (page[0]) {
            case (byte) 0xEF -> StandardCharsets.UTF_8;
            case (byte) 0xFE -> StandardCharsets.UTF_16BE;
            default -> StandardCharsets.UTF_16LE;
        };
    }

    private static Charset charset(byte[] page, int length, String declared) {
        if (Utf8.skipAscii(page, 0, length) == length) {
            Optional<Charset> charset = label(declared).filter(found -> !isAsciiCompatible(found));
            return charset.orElse(StandardCharsets.UTF_8);
        }
        int whole = length - truncatedTail(page, length);
        boolean utf8 = Utf8.firstInvalid(page, 0, whole) < 0 && Utf8.skipAscii(page, 0, whole) < whole;
        Optional<Charset> stated = label(declared).or(() -> ofMeta(page, length));
        if (stated.isPresent() && !(utf8 && stated.get().equals(WINDOWS_1252))) {
            return stated.get();
        }
        return utf8 ? StandardCharsets.UTF_8 : detect(page, length);
    }

    private static boolean isAsciiCompatible(Charset charset) {
        return !charset.name().startsWith("UTF-16") && !charset.name().startsWith("ISO-2022");
    }

    /** Number of bytes of an incomplete last character, which a crawler that cuts pages leaves. */
    private static int truncatedTail(byte[] page, int length) {
        int back = 0;
        while (back < 3 && back < length && Utf8.isContinuation(page[length - 1 - back])) {
            back++;
        }
        if (back >= length) {
            return 0;
        }
        int first = page[length - 1 - back] & 0xFF;
        int wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 1;
        return wanted > back + 1 ? back + 1 : 0;
    }

    private static Optional<Charset> ofMeta(byte[] page, int length) {
        String head = new String(page, 0, Math.min(length, PRESCAN), StandardCharsets.ISO_8859_1);
        Matcher meta = META.matcher(head);
        Matcher xml = XML.matcher(head);
        Optional<Charset> found =
                meta.find() ? label(meta.group(1)) : xml.find() ? label(xml.group(1)) : Optional.empty();
        return found.map(charset -> isAsciiCompatible(charset) ? charset : StandardCharsets.UTF_8);
    }

    /**
     * Returns the encoding of a label, as in https://encoding.spec.whatwg.org/#names-and-labels: names of subsets mean
     * the encodings that contain them.
     */
    static Optional<Charset> label(String label) {
        if (label == null) {
            return Optional.empty();
        }
        String name = label.strip().toLowerCase(Locale.ROOT).replaceAll("^[\"']+|[\"']+$", "");
        try {
            return Optional.of(
                    switch (name) {
                        case "utf8", "unicode-1-1-utf-8", "x-unicode20utf8" -> StandardCharsets.UTF_8;
                        case "iso-8859-1",
                                "iso8859-1",
                                "iso_8859-1",
                                "latin1",
                                "latin-1",
                                "l1",
                                "us-ascii",
                                "ascii",
                                "cp1252",
                                "x-cp1252",
                                "ansi",
                                "windows-1252" -> WINDOWS_1252;
                        case "iso-8859-9", "latin5", "iso8859-9" -> Charset.forName("windows-1254");
                        case "iso-8859-11", "tis-620" -> Charset.forName("windows-874");
                        case "gb2312", "gb_2312-80", "gbk", "x-gbk", "csgb2312", "chinese" ->
                            Charset.forName("GB18030");
                        case "euc-kr", "ks_c_5601-1987", "ksc5601", "korean", "cseuckr", "windows-949" ->
                            Charset.forName("x-windows-949");
                        case "shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "csshiftjis" ->
                            Charset.forName("windows-31j");
                        case "big5", "big5-hkscs", "cn-big5", "x-x-big5", "csbig5" -> Charset.forName("Big5-HKSCS");
                        case "utf-16", "utf-16le", "unicode" -> StandardCharsets.UTF_16LE;
                        default -> Charset.forName(name);
                    });
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        }
    }

    private static Charset detect(byte[] page, int length) {
        UniversalDetector detector = new UniversalDetector();
        detector.handleData(page, 0, length);
        detector.dataEnd();
        return label(detector.getDetectedCharset()).orElse(WINDOWS_1252);
    }
}
