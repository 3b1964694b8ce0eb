package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.UnitTask;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.count.CountsJson;
import io.rootstock.corpus.engine.count.StepCounter;
import io.rootstock.corpus.engine.spi.ComponentSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes the documents that exact stages left and that are the first of their component, after the final steps. */
final class SurvivorsTask implements UnitTask {
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
