package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.duplicate.ExactKey;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.UnitTask;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.count.StepCounter;
import io.rootstock.corpus.engine.table.UnitLines;
import java.io.IOException;
import java.util.BitSet;
import java.util.Map;

/** Writes the documents that exact stages left, without repeated lines; removes a document without any other line. */
final class StripTask implements UnitTask {
    private static final String NO_LINES = "no lines left";
    private static final String REMOVED_LINES = "repeated line removed";

    private final UnitDocuments documents;

    StripTask(TaskSpec spec) {
        documents = UnitDocuments.of(spec);
    }

    @Override
    public String run(WorkUnit unit, TaskContext context) throws IOException {
        UnitLines lines = LinesEmit.read(documents, unit, context);
        BitSet removed = removed(unit, lines, context);
        StepCounter counter = new StepCounter(Layout.LINES);
        return new SurvivorFile(documents, counter).write(Layout.STRIP, unit, context, (position, document) -> {
            UnitLines.StrippedText stripped = lines.strip(document, removed);
            if (stripped.removed() == 0) {
                counter.kept(document);
                return document;
            }
            if (!stripped.hasText()) {
                counter.removed(document, NO_LINES);
                return null;
            }
            Document changed = document.withText(stripped.text());
            counter.kept(document, changed, Map.of(REMOVED_LINES, stripped.removed()));
            return changed;
        });
    }

    private BitSet removed(WorkUnit unit, UnitLines lines, TaskContext context) throws IOException {
        int buckets = documents.exact().buckets();
        Replies replies = Replies.read(Layout.LINES, buckets, unit.index(), context);
        BitSet removed = new BitSet(lines.size());
        for (int number = 0; number < lines.size(); number++) {
            removed.set(number, replies.next(ExactKey.bucket(lines.high(number), buckets)));
        }
        return removed;
    }
}
