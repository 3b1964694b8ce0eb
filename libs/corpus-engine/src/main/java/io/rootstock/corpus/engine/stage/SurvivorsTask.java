package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.UnitTask;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.count.StepCounter;
import java.io.IOException;

/** Writes the documents that exact stages left and that are the first of their component. */
final class SurvivorsTask implements UnitTask {
    private static final String SIMILAR = "similar to an earlier document";

    private final UnitDocuments documents;
    private final boolean near;

    SurvivorsTask(TaskSpec spec) {
        documents = UnitDocuments.of(spec);
        near = Boolean.parseBoolean(spec.parameter(Layout.NEAR));
    }

    @Override
    public String run(WorkUnit unit, TaskContext context) throws IOException {
        if (!near) {
            return new SurvivorFile(documents).write(Layout.OUTPUT, unit, context, (position, document) -> document);
        }
        Roots roots = new Roots(context);
        StepCounter counter = new StepCounter(Layout.NEAR);
        return new SurvivorFile(documents, counter).write(Layout.OUTPUT, unit, context, (position, document) -> {
            int number = Math.toIntExact(unit.firstDocument() + position);
            int root = roots.root(number);
            if (root != number) {
                counter.removed(document, SIMILAR, Integer.toString(root));
                return null;
            }
            counter.kept(document);
            return document;
        });
    }
}
