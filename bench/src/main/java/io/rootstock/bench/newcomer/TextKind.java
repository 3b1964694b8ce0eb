package io.rootstock.bench.newcomer;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.bench.BenchmarkData;
import io.rootstock.bench.base.LabelledRow;
import io.rootstock.bench.base.QualityTask;
import io.rootstock.bench.base.Splits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Kinds of text: one base is trained for all tasks of a kind. */
enum TextKind {
    ENGLISH,
    KOREAN;

    private static final int TRAIN_ROWS = 3000;
    private static final int VALIDATION_ROWS = 500;
    private static final int TEST_ROWS = 2000;
    private static final int CLASS_TRAIN_ROWS = 20;
    private static final int CLASS_VALIDATION_ROWS = 5;
    private static final int CLASS_TEST_ROWS = 10;

    /** Tasks of this kind. */
    List<QualityTask> tasks() {
        return switch (this) {
            case ENGLISH -> List.of(QualityTask.SST2, QualityTask.CLINC150, QualityTask.SMS);
            case KOREAN -> List.of(QualityTask.NSMC);
        };
    }

    private List<String> proseFiles() {
        return switch (this) {
            case ENGLISH ->
                List.of(
                        "books/war-and-peace.txt",
                        "books/moby-dick.txt",
                        "books/sherlock-holmes.txt",
                        "tinyshakespeare.txt");
            case KOREAN -> List.of("evaluation/korean/chatbot.csv");
        };
    }

    /** Rows of a task: at most 3,000 for training, so that most of the time is spent on the base. */
    static Splits rows(QualityTask task, boolean quick) throws IOException {
        if (quick) {
            return task.quickRows();
        }
        return switch (task) {
            case CLINC150 -> task.whole().ofEachClass(CLASS_TRAIN_ROWS, CLASS_VALIDATION_ROWS, CLASS_TEST_ROWS);
            case SST2, SMS, NSMC -> task.whole().atMost(TRAIN_ROWS, VALIDATION_ROWS, TEST_ROWS);
        };
    }

    /** Writes the prose as one file. */
    Path prose(Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String name : proseFiles()) {
            try (Stream<String> text = Files.lines(BenchmarkData.file(name))) {
                text.forEach(lines::add);
            }
        }
        return Files.write(folder.resolve(name() + "-prose.txt"), lines);
    }

    /** Writes the texts of training rows without labels, as JSON Lines. */
    Path unlabelled(Path folder, Set<QualityTask> chosen, boolean quick) throws IOException {
        JsonMapper json = new JsonMapper();
        List<String> lines = new ArrayList<>();
        for (QualityTask task : tasks()) {
            if (chosen.contains(task)) {
                for (LabelledRow row : rows(task, quick).train()) {
                    lines.add(json.writeValueAsString(Map.of("text", row.text())));
                }
            }
        }
        return Files.write(folder.resolve(name() + "-rows.jsonl"), lines);
    }
}
