package io.rootstock.encoding.bpe;

import io.rootstock.encoding.pretokenizer.Scanner;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Textbook implementation of BPE: recounts all pairs for every merge, with words as lists. */
public final class ReferenceBpe {
    private ReferenceBpe() {}

    public static List<Merge> train(
            List<String> documents, SplitPattern pattern, int vocabularySize, long minimumFrequency) {
        Map<List<Integer>, Long> words = new LinkedHashMap<>();
        for (String document : documents) {
            words(document, pattern).forEach(word -> words.merge(word, 1L, Long::sum));
        }
        Map<String, Integer> idsBySpelling = new HashMap<>();
        List<String> spellings = new ArrayList<>();
        for (int id = 0; id < 256; id++) {
            spellings.add(ByteAlphabet.spell(new byte[] {(byte) ByteAlphabet.byteOf(id)}));
            idsBySpelling.put(spellings.getLast(), id);
        }
        List<Merge> merges = new ArrayList<>();
        while (spellings.size() < vocabularySize) {
            Map<Long, Long> counts = new HashMap<>();
            words.forEach((word, count) -> {
                for (int i = 0; i + 1 < word.size(); i++) {
                    counts.merge((long) word.get(i) << 32 | word.get(i + 1), count, Long::sum);
                }
            });
            long best = -1;
            long bestCount = 0;
            for (Map.Entry<Long, Long> entry : counts.entrySet()) {
                if (entry.getValue() > bestCount || (entry.getValue() == bestCount && entry.getKey() < best)) {
                    best = entry.getKey();
                    bestCount = entry.getValue();
                }
            }
            if (bestCount < minimumFrequency || bestCount == 0) {
                break;
            }
            int left = (int) (best >> 32);
            int right = (int) best;
            String spelling = spellings.get(left) + spellings.get(right);
            int result = idsBySpelling.computeIfAbsent(spelling, key -> {
                spellings.add(key);
                return spellings.size() - 1;
            });
            Merge merge = new Merge(left, right, result);
            if (!merges.contains(merge)) {
                merges.add(merge);
            }
            Map<List<Integer>, Long> rewritten = new LinkedHashMap<>();
            words.forEach((word, count) -> rewritten.merge(apply(word, merge), count, Long::sum));
            words.clear();
            words.putAll(rewritten);
        }
        return merges;
    }

    /** Applies the merges one after another to the whole word. */
    public static List<Integer> encode(String text, SplitPattern pattern, List<Merge> merges) {
        List<Integer> ids = new ArrayList<>();
        Map<Long, Integer> ranks = new HashMap<>();
        for (int rank = 0; rank < merges.size(); rank++) {
            ranks.put((long) merges.get(rank).left() << 32 | merges.get(rank).right(), rank);
        }
        for (List<Integer> word : words(text, pattern)) {
            List<Integer> current = word;
            while (true) {
                int best = Integer.MAX_VALUE;
                int at = -1;
                for (int i = 0; i + 1 < current.size(); i++) {
                    int rank = ranks.getOrDefault((long) current.get(i) << 32 | current.get(i + 1), Integer.MAX_VALUE);
                    if (rank < best) {
                        best = rank;
                        at = i;
                    }
                }
                if (at < 0) {
                    break;
                }
                List<Integer> next = new ArrayList<>(current.subList(0, at));
                next.add(merges.get(best).result());
                next.addAll(current.subList(at + 2, current.size()));
                current = next;
            }
            ids.addAll(current);
        }
        return ids;
    }

    private static List<Integer> apply(List<Integer> word, Merge merge) {
        List<Integer> result = new ArrayList<>();
        for (int i = 0; i < word.size(); i++) {
            if (i + 1 < word.size() && word.get(i) == merge.left() && word.get(i + 1) == merge.right()) {
                result.add(merge.result());
                i++;
            } else {
                result.add(word.get(i));
            }
        }
        return result;
    }

    private static List<List<Integer>> words(String text, SplitPattern pattern) {
        Scanner scanner = pattern.scanner();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<List<Integer>> words = new ArrayList<>();
        for (int from = 0; from < bytes.length; ) {
            int to = scanner.wordEnd(bytes, from, bytes.length);
            List<Integer> word = new ArrayList<>();
            for (int i = from; i < to; i++) {
                word.add(ByteAlphabet.idOf(Byte.toUnsignedInt(bytes[i])));
            }
            words.add(word);
            from = to;
        }
        return words;
    }
}
