package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.engine.Task.UnitTask;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.count.CountsJson;
import io.rootstock.corpus.engine.count.StepCounter;
import io.rootstock.corpus.engine.count.StepCounts;
import io.rootstock.corpus.engine.count.UnitCounts;
import io.rootstock.corpus.engine.format.UnitFileWriter;
import io.rootstock.corpus.engine.spi.ComponentSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes the documents of a unit that exact stages leave and a filter keeps, and counts the documents of each stage.
 *
 * @param documents documents of the stage before
 * @param exact counters of the exact stages
 * @param filters counters of the filter; empty if it keeps all
 */
record SurvivorFile(UnitDocuments documents, List<StepCounter> exact, List<StepCounter> filters) {
    private static final String DUPLICATE = "duplicate of an earlier document";

    SurvivorFile(UnitDocuments documents, StepCounter... filters) {
        this(
                documents,
                documents.exact().stages().stream().map(StepCounter::new).toList(),
                List.of(filters));
    }

    /** Keeps, changes or removes a document, and counts it. */
    @FunctionalInterface
    interface Filter {
        /** Returns the document to write; null to remove it. */
        Document apply(int position, Document document) throws IOException;
    }

    /** Writes the file of a stage and returns the content of its receipt. */
    String write(String stage, WorkUnit unit, TaskContext context, Filter filter) throws IOException {
        UnitCounts[] counts = new UnitCounts[1];
        context.write(Layout.documents(stage, unit.index()), stream -> {
            try (UnitFileWriter writer = new UnitFileWriter(stream)) {
                documents.forEach(unit.index(), context, (position, document, removedBy) -> {
                    Document kept = isLeft(document, removedBy) ? filter.apply(position, document) : null;
                    if (kept != null) {
                        writer.add(kept);
                    }
                });
                writer.finish();
                List<StepCounts> steps = Stream.concat(exact.stream(), filters.stream())
                        .map(StepCounter::counts)
                        .toList();
                counts[0] = new UnitCounts(writer.documents(), writer.textBytes(), steps);
            }
        });
        return CountsJson.write(counts[0]);
    }

    private boolean isLeft(Document document, int removedBy) {
        for (int i = 0; i < exact.size(); i++) {
            if (i == removedBy) {
                exact.get(i).removed(document, DUPLICATE);
                return false;
            }
            exact.get(i).kept(document);
        }
        return true;
    }

    /** Writes the documents that exact stages left and that are the first of their component, after the final steps. */
    static final class SurvivorsTask implements UnitTask {
        private static final String SIMILAR = "similar to an earlier document";

        private final UnitDocuments documents;
        private final boolean near;
        private final Steps steps;

        SurvivorsTask(TaskSpec spec) {
            documents = UnitDocuments.of(spec);
            near = Boolean.parseBoolean(spec.parameter(Layout.NEAR));
            steps = Steps.of(CountsJson.read(spec.parameter(Layout.STEPS), ComponentSpec[].class));
        }

        @Override
        public String run(WorkUnit unit, TaskContext context) throws IOException {
            Steps.Run run = steps.start();
            if (!near) {
                return survivors(run.counters())
                        .write(Layout.OUTPUT, unit, context, (position, document) -> run.apply(document));
            }
            Roots roots = new Roots(context);
            StepCounter counter = new StepCounter(Layout.NEAR);
            List<StepCounter> counters = new ArrayList<>(List.of(counter));
            counters.addAll(run.counters());
            return survivors(counters).write(Layout.OUTPUT, unit, context, (position, document) -> {
                int number = Math.toIntExact(unit.firstDocument() + position);
                int root = roots.root(number);
                if (root != number) {
                    counter.removed(document, SIMILAR, Integer.toString(root));
                    return null;
                }
                counter.kept(document);
                return run.apply(document);
            });
        }

        private SurvivorFile survivors(List<StepCounter> filters) {
            return new SurvivorFile(documents, filters.toArray(StepCounter[]::new));
        }
    }
}
