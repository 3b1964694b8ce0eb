package io.rootstock.corpus.unicode;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.Outcome;
import io.rootstock.corpus.Text;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnicodeRepairTest {
    @Test
    void cleanTextIsReturnedAsItIs() {
        for (String sentence : CleanText.SENTENCES) {
            Document document = document(Normalizer.normalize(sentence, Form.NFC));
            assertThat(UnicodeRepair.ALL.apply(document)).isEqualTo(new Outcome.Kept(document));
        }
    }

    @Test
    void editsAreCountedByKind() {
        Outcome outcome = UnicodeRepair.ALL.apply(
                document("\uFEFFa\r\nb\rc\u2028d\u0007\u0085\u200Be\u00ADf cafÃ© e\u0301 n\u0303\uFFFF\u2060"));
        assertThat(outcome)
                .isEqualTo(new Outcome.Kept(
                        document("a\nb\nc\ndef café é ñ"),
                        Map.of(
                                "line ending", 3,
                                "control character", 3,
                                "zero-width character", 4,
                                "mojibake", 1,
                                "normalisation", 2)));
    }

    @Test
    void eachRepairIsASetting() {
        String text = "\uFEFFa\r\n\u0007 cafÃ© e\u0301";
        UnicodeRepair none = new UnicodeRepair(false, false, false, false, false);
        assertThat(none.apply(document(text))).isEqualTo(new Outcome.Kept(document(text)));
        assertThat(text(new UnicodeRepair(true, false, false, false, false), text))
                .isEqualTo("\uFEFFa\r\n\u0007 café e\u0301");
        assertThat(text(new UnicodeRepair(false, true, false, false, false), text))
                .isEqualTo("\uFEFFa\n\u0007 cafÃ© e\u0301");
        assertThat(text(new UnicodeRepair(false, false, true, false, false), text))
                .isEqualTo("\uFEFFa\r\n cafÃ© e\u0301");
        assertThat(text(new UnicodeRepair(false, false, false, true, false), text))
                .isEqualTo("a\r\n\u0007 cafÃ© e\u0301");
        assertThat(text(new UnicodeRepair(false, false, false, false, true), text))
                .isEqualTo("\uFEFFa\r\n\u0007 cafÃ© é");
    }

    @Test
    void joinersAndWordMarksOfOtherScriptsAreKept() {
        for (String text : new String[] {"می\u200Cخواهم", "👩\u200D🔬", "สวัสดี\u200Bครับ", "ជំរាប\u200Bសួរ"}) {
            assertThat(UnicodeRepair.ALL.apply(document(text))).isEqualTo(new Outcome.Kept(document(text)));
        }
        assertThat(text(UnicodeRepair.ALL, "ก\u200Bx")).isEqualTo("กx");
    }

    @Test
    void textWithoutVisibleCharactersIsRemoved() {
        assertThat(UnicodeRepair.ALL.apply(document("\u0000\u200B \r\n")))
                .isEqualTo(new Outcome.Removed("no visible characters"));
    }

    @Test
    void normalisationEqualsThatOfTheJdk() {
        Random random = new Random(8);
        for (int round = 0; round < 100_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(6); i >= 0; i--) {
                int c = switch (random.nextInt(6)) {
                    case 0 -> 0x300 + random.nextInt(0x70);
                    case 1 -> 0x1100 + random.nextInt(0x100);
                    case 2 -> 0xAC00 + random.nextInt(11172);
                    case 3 -> random.nextInt(0x30000);
                    case 4 -> 0x900 + random.nextInt(0x600);
                    default -> 'a' + random.nextInt(26);
                };
                text.appendCodePoint(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 'x' : c);
            }
            byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
            byte[] normal = NormalForm.toNfc(utf8, new HashMap<>());
            assertThat(new String(normal, StandardCharsets.UTF_8)).isEqualTo(Normalizer.normalize(text, Form.NFC));
        }
    }

    @Test
    void theQuickCheckIsRightForEveryPairOfAStarterAndACharacter() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                continue;
            }
            String character = Character.toString(c);
            if (NormalForm.isSafe(character.getBytes(StandardCharsets.UTF_8))) {
                assertThat(Normalizer.isNormalized(character, Form.NFC)).isTrue();
                assertThat(Normalizer.isNormalized("a" + character + "e", Form.NFC))
                        .isTrue();
                String parts = Normalizer.normalize(character, Form.NFD);
                assertThat(Normalizer.normalize(parts, Form.NFC)).isEqualTo(character);
            }
        }
        for (String sentence : new String[] {"모든 인간은", "人人生而自由", "Все люди", "Würde", "すへて"}) {
            assertThat(NormalForm.isSafe(sentence.getBytes(StandardCharsets.UTF_8)))
                    .isTrue();
        }
    }

    private static String text(UnicodeRepair repair, String text) {
        return ((Outcome.Kept) repair.apply(document(text))).document().text().toString();
    }

    private static Document document(String text) {
        return new Document("a:1", "", "", Text.of(text));
    }
}
