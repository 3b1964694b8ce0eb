package io.rootstock.bench.sms;

import io.rootstock.bench.BenchmarkData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The balanced collection, 747 messages of each class, split 70/10/20 by a seed.
 *
 * @param unlabelled texts for pre-training: the training rows and the ham outside of the balanced rows, without the
 *     collection's copies of held-out messages
 */
record Split(List<Message> train, List<Message> validation, List<Message> test, List<String> unlabelled) {
    private static final int CLASS_ROWS = 747;
    private static final double TRAIN_SHARE = 0.7;
    private static final double VALIDATION_SHARE = 0.1;

    /** Reads the complete collection, in file order. */
    static List<Message> collection() throws IOException {
        return Files.readAllLines(BenchmarkData.file("sms-spam.tsv")).stream()
                .map(line -> line.split("\t", 2))
                .map(parts -> new Message(parts[0], parts[1]))
                .toList();
    }

    static Split of(List<Message> collection, long seed) {
        List<Message> shuffled = new ArrayList<>(collection);
        Collections.shuffle(shuffled, new Random(seed));
        Map<Boolean, List<Message>> bySpam = shuffled.stream().collect(Collectors.partitioningBy(Message::spam));
        List<Message> ham = bySpam.get(false);
        List<Message> balanced = new ArrayList<>(ham.subList(0, CLASS_ROWS));
        balanced.addAll(bySpam.get(true));
        Collections.shuffle(balanced, new Random(seed));
        int train = (int) (TRAIN_SHARE * balanced.size());
        int validation = train + (int) (VALIDATION_SHARE * balanced.size());
        Set<String> heldOut = balanced.subList(train, balanced.size()).stream()
                .map(Message::text)
                .collect(Collectors.toSet());
        List<String> unlabelled = Stream.concat(
                        balanced.subList(0, train).stream(), ham.subList(CLASS_ROWS, ham.size()).stream())
                .map(Message::text)
                .filter(text -> !heldOut.contains(text))
                .toList();
        return new Split(
                balanced.subList(0, train),
                balanced.subList(train, validation),
                balanced.subList(validation, balanced.size()),
                unlabelled);
    }
}
