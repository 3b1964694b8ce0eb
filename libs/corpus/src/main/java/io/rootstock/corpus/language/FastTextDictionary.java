package io.rootstock.corpus.language;

import java.io.IOException;
import java.util.Arrays;

/** Words, labels and buckets of a fastText model, and the rows of the character n-grams of each known word. */
final class FastTextDictionary {
    final WordTable words;
    final Buckets buckets;

    /** Rows of all words one after another: the word's own, then those of its n-grams. */
    final int[] subwords;

    /** Beginning of each word's rows; one more entry has the end. */
    final int[] subwordStarts;

    private FastTextDictionary(WordTable words, Buckets buckets, int[] subwordStarts) {
        this.words = words;
        this.buckets = buckets;
        this.subwords = new int[0];
        this.subwordStarts = subwordStarts;
    }

    private FastTextDictionary(FastTextDictionary plain, int[] subwords, int[] subwordStarts) {
        words = plain.words;
        buckets = plain.buckets;
        this.subwords = subwords;
        this.subwordStarts = subwordStarts;
    }

    static FastTextDictionary read(ModelInput in, ModelSettings settings) throws IOException {
        WordTable words = WordTable.read(in);
        Buckets buckets = Buckets.read(in, settings.buckets(), words);
        FastTextDictionary plain = new FastTextDictionary(words, buckets, new int[0]);
        return settings.maxCharacters() == 0 ? plain : plain.withSubwords(in, settings);
    }

    private FastTextDictionary withSubwords(ModelInput in, ModelSettings settings) throws IOException {
        InputRows reader = new InputRows(this, settings);
        int[] starts = new int[words.words + 1];
        int[] all = new int[1 << 16];
        int count = 0;
        for (int word = 0; word < words.words; word++) {
            byte[] utf8 = words.entries[word];
            reader.count = 0;
            if (!Arrays.equals(utf8, WordTable.END_OF_TEXT)) {
                reader.addCharacterNGrams(utf8, 0, utf8.length);
            }
            long needed = count + 1L + reader.count;
            if (needed > Integer.MAX_VALUE - 8) {
                throw in.invalid("its words have more than 2^31 character n-grams; use the quantized model (.ftz)");
            }
            if (needed > all.length) {
                all = Arrays.copyOf(all, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, all.length * 2L)));
            }
            all[count++] = word;
            System.arraycopy(reader.rows, 0, all, count, reader.count);
            count += reader.count;
            starts[word + 1] = count;
        }
        return new FastTextDictionary(this, Arrays.copyOf(all, count), starts);
    }
}
