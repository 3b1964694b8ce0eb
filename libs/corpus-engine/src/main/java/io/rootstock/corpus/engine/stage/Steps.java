package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.DocumentStep;
import io.rootstock.corpus.Outcome;
import io.rootstock.corpus.engine.count.StepCounter;
import io.rootstock.corpus.engine.count.StepCounts;
import io.rootstock.corpus.engine.spi.ComponentSpec;
import io.rootstock.corpus.engine.spi.Components;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Steps of a job, in order. */
record Steps(List<DocumentStep> steps) {
    static Steps of(ComponentSpec... specs) {
        return new Steps(Stream.of(specs).map(Components::step).toList());
    }

    /** Begins a unit. */
    Run start() {
        return new Run(
                steps, steps.stream().map(step -> new StepCounter(step.name())).toList());
    }

    /** The steps with their counts in one unit. */
    record Run(List<DocumentStep> steps, List<StepCounter> counters) {
        /** Returns the document after all steps; null if a step removed it. */
        Document apply(Document document) {
            Document current = document;
            for (int i = 0; i < steps.size(); i++) {
                switch (apply(steps.get(i), current)) {
                    case Outcome.Kept kept -> {
                        counters.get(i).kept(current, kept.document(), kept.edits());
                        current = kept.document();
                    }
                    case Outcome.Removed removed -> {
                        counters.get(i).removed(current, removed.reason());
                        return null;
                    }
                }
            }
            return current;
        }

        private static Outcome apply(DocumentStep step, Document document) {
            try {
                return step.apply(document);
            } catch (RuntimeException e) {
                throw new IllegalStateException(
                        "step " + step.name() + " failed on " + document.location() + ": " + e, e);
            }
        }

        List<StepCounts> counts() {
            return IntStream.range(0, steps.size())
                    .mapToObj(i -> counters.get(i).counts())
                    .toList();
        }
    }
}
