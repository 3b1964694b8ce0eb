package io.rootstock.evaluation.contamination;

import java.lang.Character.UnicodeScript;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The n-grams of a task's rows. Text that more than {@link #COMMON_ROWS} rows share belongs to the task's template, not to a
 * row, and training rows may have it without containing a row: a beginning or end that all rows have in common is left out,
 * and so is each n-gram that overlaps one of more than {@link #COMMON_ROWS} rows. N-grams of characters that are ASCII throughout are
 * left out as well: they are addresses and numbers, or about five words, which other texts have by chance.
 */
public final class TaskTexts {
    /** Rows with an equal n-gram above which it is common: the number of Brown et al. 2020, appendix C. */
    static final int COMMON_ROWS = 10;

    /** Changes with the normalization or the choice of n-grams. */
    private static final String METHOD = "contamination 2";

    private static final int ASCII = 0x80;

    private static final Set<UnicodeScript> UNSEPARATED = EnumSet.of(
            UnicodeScript.HAN,
            UnicodeScript.HANGUL,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.BOPOMOFO,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR,
            UnicodeScript.TIBETAN);

    private final String task;
    private final String digest;
    private final NgramLengths lengths;
    private final List<RowNgrams> rows;

    private TaskTexts(String task, String digest, NgramLengths lengths, List<RowNgrams> rows) {
        this.task = task;
        this.digest = digest;
        this.lengths = lengths;
        this.rows = rows;
    }

    /** Returns the n-grams of a task's rows, with the standard lengths. */
    public static TaskTexts of(String task, List<RowText> texts) {
        return of(task, texts, NgramLengths.DEFAULT);
    }

    /** Returns the n-grams of a task's rows. */
    public static TaskTexts of(String task, List<RowText> texts, NgramLengths lengths) {
        MessageDigest hash = sha256();
        hash.update(METHOD.getBytes(StandardCharsets.UTF_8));
        if (!lengths.equals(NgramLengths.DEFAULT)) {
            hash.update(lengths.toString().getBytes(StandardCharsets.UTF_8));
        }
        List<String> normal = new ArrayList<>(texts.size());
        for (RowText text : texts) {
            String words = words(text.text());
            normal.add(words);
            hash.update(("\n" + text.row() + " " + words).getBytes(StandardCharsets.UTF_8));
        }
        boolean several = texts.size() > COMMON_ROWS;
        List<String> own = several ? withoutCommonEnds(normal) : normal;
        NgramCounts counts = new NgramCounts(COMMON_ROWS);
        List<RowNgrams> rows = new ArrayList<>(texts.size());
        for (int i = 0; i < own.size(); i++) {
            RowNgrams row = row(texts.get(i).row(), own.get(i), lengths);
            rows.add(row);
            if (several && row.size() > 0) {
                int number = i;
                RollingHashes hashes = new RollingHashes(row.size());
                RowNgrams.units(row.unit(), row.text(), hashes, () -> {
                    if (hashes.has(0)) {
                        counts.add(hashes.hash(0), number);
                    }
                });
            }
        }
        rows.replaceAll(row -> row.size() == 0 ? row : withPositions(row, counts));
        return new TaskTexts(task, HexFormat.of().formatHex(hash.digest()), lengths, rows);
    }

    /** Name of the task. */
    public String task() {
        return task;
    }

    /** SHA-256 of the texts and the method, hexadecimal: equal digests have equal n-grams. */
    public String digest() {
        return digest;
    }

    /** Lengths of the n-grams. */
    NgramLengths lengths() {
        return lengths;
    }

    /** Number of rows that can be searched for. */
    public int checkedRows() {
        return (int) rows.stream().filter(RowNgrams::isChecked).count();
    }

    /** Number of rows with too little text of their own. */
    public int uncheckedRows() {
        return rows.size() - checkedRows();
    }

    /** Number of n-grams. */
    public long ngrams() {
        return rows.stream().mapToLong(row -> row.positions().length).sum();
    }

    List<RowNgrams> rows() {
        return rows;
    }

    /** Returns the words of a text, separated by spaces. */
    static String words(String text) {
        StringBuilder words = new StringBuilder(text.length());
        TextNormalizer normalizer = new TextNormalizer(
                (letters, length) -> words.append(words.isEmpty() ? "" : " ").append(letters, 0, length));
        char[] characters = text.toCharArray();
        normalizer.add(characters, 0, characters.length);
        normalizer.end();
        return words.toString();
    }

    /** Removes the words at the beginning and the end that all rows with a text have in common. */
    static List<String> withoutCommonEnds(List<String> rows) {
        String beginning = null;
        for (String row : rows) {
            if (!row.isEmpty()) {
                String text = row + " ";
                beginning = beginning == null ? text : beginning;
                while (!text.startsWith(beginning)) {
                    beginning = beginning.substring(0, beginning.lastIndexOf(' ', beginning.length() - 2) + 1);
                }
            }
        }
        int cut = beginning == null ? 0 : beginning.length();
        List<String> rests = rows.stream()
                .map(row -> row.isEmpty() ? row : (row + " ").substring(cut).strip())
                .toList();
        String end = null;
        for (String rest : rests) {
            if (!rest.isEmpty()) {
                String text = " " + rest;
                end = end == null ? text : end;
                while (!text.endsWith(end)) {
                    int next = end.indexOf(' ', 1);
                    end = next < 0 ? "" : end.substring(next);
                }
            }
        }
        int length = end == null ? 0 : end.length();
        return rests.stream()
                .map(rest -> rest.isEmpty()
                        ? rest
                        : (" " + rest).substring(0, rest.length() + 1 - length).strip())
                .toList();
    }

    private static RowNgrams row(int row, String words, NgramLengths lengths) {
        TextUnit unit = unit(words);
        String text = switch (unit) {
            case WORD -> words;
            case CHARACTER -> words.replace(" ", "");
        };
        int units = (int)
                switch (unit) {
                    case WORD ->
                        text.isEmpty()
                                ? 0
                                : text.chars().filter(each -> each == ' ').count() + 1;
                    case CHARACTER -> text.codePointCount(0, text.length());
                };
        int size = lengths.ngram(unit, units);
        return new RowNgrams(row, unit, size, size == 0 ? "" : text, new int[0]);
    }

    /** Characters if most letters are of scripts without separated words, or Hangul. */
    static TextUnit unit(String words) {
        long[] counts = new long[2];
        words.codePoints().filter(Character::isLetter).forEach(letter -> {
            counts[0]++;
            counts[1] += UNSEPARATED.contains(UnicodeScript.of(letter)) ? 1 : 0;
        });
        return 2 * counts[1] > counts[0] ? TextUnit.CHARACTER : TextUnit.WORD;
    }

    private static RowNgrams withPositions(RowNgrams row, NgramCounts counts) {
        List<Integer> common = new ArrayList<>();
        int[] last = {0};
        RollingHashes hashes = new RollingHashes(row.size());
        RowNgrams.units(row.unit(), row.text(), hashes, () -> {
            if (hashes.has(0)) {
                last[0] = (int) hashes.count() - row.size();
                if (counts.isCommon(hashes.hash(0))) {
                    common.add(last[0]);
                }
            }
        });
        int[] positions = new int[last[0] + 1];
        int[] characters =
                row.unit() == TextUnit.CHARACTER ? row.text().codePoints().toArray() : new int[0];
        int other = 0;
        int count = 0;
        int next = 0;
        for (int position = 0; position <= last[0]; position++) {
            while (next < common.size() && common.get(next) <= position - row.size()) {
                next++;
            }
            boolean overlaps = next < common.size() && common.get(next) < position + row.size();
            while (other < characters.length && (other < position || characters[other] < ASCII)) {
                other++;
            }
            boolean ascii = row.unit() == TextUnit.CHARACTER && other >= position + row.size();
            if (!overlaps && !ascii) {
                positions[count++] = position;
            }
        }
        return new RowNgrams(row.row(), row.unit(), row.size(), row.text(), Arrays.copyOf(positions, count));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
