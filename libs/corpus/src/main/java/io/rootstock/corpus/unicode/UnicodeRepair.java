package io.rootstock.corpus.unicode;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.DocumentStep;
import io.rootstock.corpus.Outcome;
import io.rootstock.corpus.Text;
import io.rootstock.corpus.bytes.Utf8;
import java.util.Map;
import java.util.TreeMap;

/**
 * Repairs the characters of a document, in the order of the parameters, and counts the edits by kind.
 *
 * @param mojibake whether UTF-8 that was read as windows-1252 or ISO-8859-1, once or twice, is decoded; see {@link
 *     Mojibake}
 * @param lineEndings whether {@code \r\n}, {@code \r}, U+2028 and U+2029 become {@code \n}
 * @param controls whether control characters except tab and line feed, and non-characters, are removed
 * @param zeroWidth whether byte order marks, soft hyphens, word joiners and zero-width spaces are removed; zero-width
 *     joiners and non-joiners are kept, and zero-width spaces between letters of scripts that mark words with them (Thai,
 *     Lao, Khmer, Myanmar, Tibetan)
 * @param nfc whether the text is brought to Unicode normalisation form C
 */
public record UnicodeRepair(boolean mojibake, boolean lineEndings, boolean controls, boolean zeroWidth, boolean nfc)
        implements DocumentStep {
    public static final UnicodeRepair ALL = new UnicodeRepair(true, true, true, true, true);

    @Override
    public String name() {
        return "unicode-repair";
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public Outcome apply(Document document) {
        Map<String, Integer> edits = new TreeMap<>();
        byte[] text = document.text().utf8();
        if (mojibake && Mojibake.isPossible(text)) {
            text = repairMojibake(text, edits);
        }
        if (lineEndings || controls || zeroWidth) {
            text = new CharacterFilter(lineEndings, controls, zeroWidth).apply(text, edits);
        }
        if (nfc) {
            text = NormalForm.toNfc(text, edits);
        }
        if (edits.isEmpty()) {
            return new Outcome.Kept(document);
        }
        if (Utf8.isBlank(text, 0, text.length)) {
            return new Outcome.Removed("no visible characters");
        }
        return new Outcome.Kept(document.withText(Text.ofValidUtf8(text)), edits);
    }

    private static byte[] repairMojibake(byte[] text, Map<String, Integer> edits) {
        Mojibake.Repair repair = Mojibake.repair(Text.ofValidUtf8(text).toString());
        if (repair.runs() == 0) {
            return text;
        }
        edits.put("mojibake", repair.runs());
        return Text.of(repair.text()).utf8();
    }
}
