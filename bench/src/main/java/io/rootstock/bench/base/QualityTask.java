package io.rootstock.bench.base;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.bench.BenchmarkData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** Classification tasks, with so few training rows that a method of a task trains in at most 30 CPU minutes. */
public enum QualityTask {
    /** SST-2: sentiment of English sentences; 1,000 training rows, the published validation and test rows. */
    SST2 {
        @Override
        public Splits whole() throws IOException {
            return new Splits(sentences("train"), sentences("dev"), sentences("test"));
        }

        @Override
        Splits rows() throws IOException {
            return whole().atMost(1000, 872, 1821);
        }
    },
    /** SMS spam: all 5,574 messages, divided 70/10/20; 13 % are spam. */
    SMS {
        @Override
        public Splits whole() throws IOException {
            List<LabelledRow> all = Files.readAllLines(BenchmarkData.file("sms-spam.tsv")).stream()
                    .map(line -> line.split("\t", 2))
                    .map(parts -> new LabelledRow(parts[1], parts[0]))
                    .toList();
            return Splits.divided(all, 0.7, 0.1);
        }

        @Override
        Splits rows() throws IOException {
            return whole();
        }
    },
    /** CLINC150: 150 intents of short requests; 10 training, 3 validation and 10 test rows of each. */
    CLINC150 {
        @Override
        public Splits whole() throws IOException {
            JsonNode data = new JsonMapper()
                    .readTree(BenchmarkData.file("evaluation/intents/clinc150.json")
                            .toFile());
            return new Splits(requests(data, "train"), requests(data, "val"), requests(data, "test"));
        }

        @Override
        Splits rows() throws IOException {
            return whole().ofEachClass(10, 3, 10);
        }
    },
    /** NSMC: sentiment of Korean film reviews, whose published test rows are split here; 600 rows train, 1,000 test. */
    NSMC {
        @Override
        public Splits whole() throws IOException {
            List<LabelledRow> all = Files.readAllLines(BenchmarkData.file("evaluation/korean/nsmc-test.tsv")).stream()
                    .skip(1)
                    .map(line -> line.split("\t", -1))
                    .filter(parts -> parts.length == 3 && !parts[1].isBlank())
                    .map(parts -> new LabelledRow(parts[1], parts[2]))
                    .toList();
            return Splits.divided(all, 0.6, 0.2);
        }

        @Override
        Splits rows() throws IOException {
            return whole().atMost(600, 300, 1000);
        }
    };

    private static final int QUICK_TRAIN = 200;
    private static final int QUICK_HELD_OUT = 100;

    /** Returns all published rows. */
    public abstract Splits whole() throws IOException;

    /** Returns the benchmark's rows. */
    abstract Splits rows() throws IOException;

    /** Returns a few rows for a smoke test; its accuracies are not meaningful. */
    public Splits quickRows() throws IOException {
        return this == CLINC150
                ? whole().ofEachClass(2, 1, 1)
                : rows().atMost(QUICK_TRAIN, QUICK_HELD_OUT, QUICK_HELD_OUT);
    }

    private static List<LabelledRow> sentences(String split) throws IOException {
        return Files.readAllLines(BenchmarkData.file("evaluation/sentiment/sst2-" + split + ".tsv")).stream()
                .map(line -> new LabelledRow(
                        line.substring(0, line.lastIndexOf('\t')), line.substring(line.lastIndexOf('\t') + 1)))
                .toList();
    }

    private static List<LabelledRow> requests(JsonNode data, String split) {
        List<LabelledRow> rows = new ArrayList<>();
        data.get(split)
                .forEach(row ->
                        rows.add(new LabelledRow(row.get(0).asText(), row.get(1).asText())));
        return rows;
    }
}
