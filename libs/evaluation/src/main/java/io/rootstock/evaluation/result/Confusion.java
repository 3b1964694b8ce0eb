package io.rootstock.evaluation.result;

import io.rootstock.evaluation.task.request.Expected;
import io.rootstock.evaluation.task.score.ClassPrediction;
import io.rootstock.evaluation.task.score.RowRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Confusion matrix of a task: rows by correct and by most probable choice. */
public final class Confusion {
    /** Classes of a matrix that is shown. */
    public static final int MAX_CLASSES = 200;

    private final String task;
    private final Map<String, Integer> classes = new LinkedHashMap<>();
    private final Map<Cell, Long> counts = new HashMap<>();

    private record Cell(int label, int predicted) {}

    /** Creates the matrix of a task without rows. */
    public Confusion(String task) {
        this.task = task;
    }

    /** Name of the task. */
    public String task() {
        return task;
    }

    /**
     * Adds a record of the task. Beyond {@link #MAX_CLASSES} only the number of classes is counted, up to twice as many.
     *
     * @throws IllegalArgumentException if the record has no choices
     */
    public void add(RowRecord row) {
        if (!(row.expected() instanceof Expected.Choice choice)) {
            throw new IllegalArgumentException("the record of row " + row.row() + " has no choices");
        }
        for (String name : choice.choices()) {
            if (classes.size() < 2 * MAX_CLASSES) {
                classes.putIfAbsent(name, classes.size());
            }
        }
        if (isTooLarge()) {
            counts.clear();
            return;
        }
        ClassPrediction prediction = ClassPrediction.of(choice, row.responses());
        counts.merge(new Cell(classes.get(prediction.label()), classes.get(prediction.predicted())), 1L, Long::sum);
    }

    /** Whether there are more classes than a matrix shows. */
    public boolean isTooLarge() {
        return classes.size() > MAX_CLASSES;
    }

    /** Names of the classes, in the order of the choices. */
    public List<String> classes() {
        return List.copyOf(classes.keySet());
    }

    /** Returns the number of rows by correct and by predicted class, [classes][classes]; empty if it is too large. */
    public List<List<Long>> counts() {
        List<List<Long>> matrix = new ArrayList<>();
        for (int label = 0; !isTooLarge() && label < classes.size(); label++) {
            List<Long> row = new ArrayList<>();
            for (int predicted = 0; predicted < classes.size(); predicted++) {
                row.add(counts.getOrDefault(new Cell(label, predicted), 0L));
            }
            matrix.add(List.copyOf(row));
        }
        return List.copyOf(matrix);
    }
}
