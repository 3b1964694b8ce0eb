package io.rootstock.bench.emergence;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Rows of the induction tasks. A sequence is a random order of distinct words; each of its words from the second on gives
 * a row: the word after its predecessors in a second copy of the sequence, after the same words in another order, and at
 * its first occurrence. In the other order, another word precedes it.
 */
final class InductionRows {
    /** Words of a sequence. */
    static final int WORDS = 12;
    /** Rows of a sequence. */
    static final int POSITIONS = WORDS - 1;

    private static final long SEED = 1234;
    /** Frequent English words, so that a vocabulary of a few thousand tokens has most of them as one token. */
    private static final List<String> LIST = List.of(
            ("air arm bank bed bell bird blood boat body book box boy bread brother child church city cloud coat cold"
                            + " corn cup dark day dead deep dog door dream earth east eye face fall father field fire"
                            + " fish foot friend garden girl glass gold good grass green hair hand hat head heart hill"
                            + " home horse hour house iron king lady lake land leaf letter light line lip man master"
                            + " money moon morning mother mouth name night north paper place rain river road room salt"
                            + " sea ship sleep snow son stone street sun table tree voice wall water white wind window"
                            + " winter woman wood word work world year")
                    .split(" ", -1));

    private InductionRows() {}

    /** Sequence of a row, from 0. */
    static int sequence(int row) {
        return row / POSITIONS;
    }

    /** Position of a row's word in its sequence, from 1. */
    static int position(int row) {
        return row % POSITIONS + 1;
    }

    /** Returns the rows of as many sequences, the first ones of an endless list. */
    static List<Map<String, String>> rows(int sequences) {
        Random random = new Random(SEED);
        List<Map<String, String>> rows = new ArrayList<>();
        for (int i = 0; i < sequences; i++) {
            List<String> words = new ArrayList<>(LIST);
            Collections.shuffle(words, random);
            List<String> sequence = List.copyOf(words.subList(0, WORDS));
            String reordered = String.join(" ", reordered(sequence, random));
            String copy = String.join(" ", sequence);
            for (int position = 1; position < WORDS; position++) {
                String before = String.join(" ", sequence.subList(0, position));
                Map<String, String> row = new LinkedHashMap<>();
                row.put("repeated", copy + " " + before);
                row.put("reordered", reordered + " " + before);
                row.put("first", before);
                row.put("word", sequence.get(position));
                rows.add(row);
            }
        }
        return rows;
    }

    /** Returns the words in an order in which none follows its predecessor. */
    private static List<String> reordered(List<String> sequence, Random random) {
        List<String> words = new ArrayList<>(sequence);
        do {
            Collections.shuffle(words, random);
        } while (hasPair(sequence, words));
        return words;
    }

    private static boolean hasPair(List<String> sequence, List<String> words) {
        for (int i = 1; i < sequence.size(); i++) {
            if (words.indexOf(sequence.get(i)) == words.indexOf(sequence.get(i - 1)) + 1) {
                return true;
            }
        }
        return false;
    }

    /** Writes the rows as JSON lines. */
    static Path write(int sequences, Path file) throws IOException {
        JsonMapper json = new JsonMapper();
        List<String> lines = new ArrayList<>();
        for (Map<String, String> row : rows(sequences)) {
            lines.add(json.writeValueAsString(row));
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        return Files.write(file, lines);
    }
}
