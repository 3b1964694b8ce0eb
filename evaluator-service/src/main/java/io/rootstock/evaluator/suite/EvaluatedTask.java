package io.rootstock.evaluator.suite;

import io.rootstock.evaluation.result.TaskSummary;
import io.rootstock.evaluation.task.OutputType;
import io.rootstock.evaluation.task.SuiteFiles;
import io.rootstock.evaluation.task.Task;
import io.rootstock.evaluation.task.core.CoreRenderer;
import io.rootstock.evaluation.task.core.CoreTask;
import io.rootstock.evaluation.task.request.PromptFormat;
import io.rootstock.evaluation.task.request.RenderedRow;
import io.rootstock.evaluation.task.request.TaskRenderer;
import io.rootstock.evaluation.task.score.RowScorer;
import io.rootstock.evaluation.task.suite.SuiteReader;
import io.rootstock.evaluator.scoring.RequestForm;
import io.rootstock.yaml.InvalidFileException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.OptionalInt;

/** A task of an evaluation: a task file or a CORE task, with the evaluation's shots, seed and limit. */
public sealed interface EvaluatedTask {
    /** Stop sequences of a request to the inference service. */
    int MAX_STOPS = 16;

    /** Characters of a stop sequence. */
    int MAX_STOP_LENGTH = 256;

    /** Name in the suite. */
    String name();

    /** Few-shot examples of each row. */
    int shots();

    /** Form of its requests. */
    RequestForm form();

    /** Whether its rows are texts for a classifier. */
    default boolean isClassified() {
        return false;
    }

    RowScorer scorer();

    /** Returns an empty summary of its records. */
    TaskSummary summary();

    /**
     * Reads the row files and renders the rows, in the order in which they are scored.
     *
     * @throws InvalidFileException if a row file or a row is malformed; also of the iterator
     */
    Iterator<RenderedRow> rows();

    /**
     * Selection of rows and few-shot examples.
     *
     * @param limit rows of the task, the first ones; 0: all
     * @param shots few-shot examples; empty: as the task says
     * @param seed seed of the examples of task files; CORE's seeds are part of it
     * @param format form of the requests
     */
    record Selection(int limit, OptionalInt shots, long seed, PromptFormat format) {
        Iterator<RenderedRow> limited(Iterator<RenderedRow> rows) {
            return limit == 0 ? rows : new FirstRows(rows, limit);
        }
    }

    /** A task file. */
    record OfFile(Task task, SuiteFiles files, Selection selection) implements EvaluatedTask {
        /**
         * @throws InvalidFileException if the inference service cannot generate with the task's stop sequences
         */
        public OfFile {
            if (task.outputType() == OutputType.GENERATE_UNTIL) {
                var until = task.generation().orElseThrow().until();
                if (until.size() > MAX_STOPS
                        || until.stream().anyMatch(stop -> stop.isEmpty() || stop.length() > MAX_STOP_LENGTH)) {
                    throw new InvalidFileException(
                            task.file(),
                            0,
                            "task " + task.name() + ": 'until' has more than " + MAX_STOPS
                                    + " texts, or one that has not 1 to " + MAX_STOP_LENGTH + " characters",
                            "write fewer or shorter texts");
                }
            }
        }

        @Override
        public String name() {
            return task.name();
        }

        @Override
        public int shots() {
            return selection.shots().orElse(task.fewShots().count());
        }

        @Override
        public RequestForm form() {
            return RequestForm.TEXTS;
        }

        @Override
        public RowScorer scorer() {
            return RowScorer.of(task);
        }

        @Override
        public TaskSummary summary() {
            return TaskSummary.of(task);
        }

        @Override
        public boolean isClassified() {
            return selection.format() == PromptFormat.CLASSIFIER;
        }

        @Override
        public Iterator<RenderedRow> rows() {
            return selection.limited(
                    new TaskRenderer(task, files, selection.shots(), selection.seed(), selection.format()).iterator());
        }
    }

    /** A CORE task, in nanochat's order of rows. */
    record OfCore(CoreTask task, SuiteFiles files, Selection selection) implements EvaluatedTask {
        /**
         * @throws InvalidFileException if the selection has another format than texts
         */
        public OfCore {
            if (selection.format() != PromptFormat.PLAIN) {
                throw new InvalidFileException(
                        SuiteReader.FILE,
                        0,
                        "task " + task.label() + " is a CORE task, whose prompts are for bases",
                        "select task files");
            }
        }

        @Override
        public String name() {
            return task.label();
        }

        @Override
        public int shots() {
            return selection.shots().orElse(task.shots());
        }

        @Override
        public RequestForm form() {
            return RequestForm.of(task.kind());
        }

        @Override
        public RowScorer scorer() {
            return RowScorer.of(task);
        }

        @Override
        public TaskSummary summary() {
            return TaskSummary.of(task);
        }

        @Override
        public Iterator<RenderedRow> rows() {
            return selection.limited(new CoreRenderer(task, files, selection.shots(), true).iterator());
        }
    }

    /** The first rows of an iterator. */
    final class FirstRows implements Iterator<RenderedRow> {
        private final Iterator<RenderedRow> rows;
        private int left;

        FirstRows(Iterator<RenderedRow> rows, int limit) {
            this.rows = rows;
            this.left = limit;
        }

        @Override
        public boolean hasNext() {
            return left > 0 && rows.hasNext();
        }

        @Override
        public RenderedRow next() {
            if (left <= 0) {
                throw new NoSuchElementException();
            }
            left--;
            return rows.next();
        }
    }
}
