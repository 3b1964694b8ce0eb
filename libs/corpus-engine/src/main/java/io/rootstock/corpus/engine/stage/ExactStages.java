package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.duplicate.ExactKey;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.format.KeyFile;
import io.rootstock.corpus.engine.format.KeyFile.Kind;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The exact stages that ran before a task, and their results.
 *
 * @param stages names of the stages, in order
 * @param buckets number of buckets of their exchanges
 */
record ExactStages(List<String> stages, int buckets) {
    /** Mark of a document that stays. */
    static final byte STAYS = -1;

    static ExactStages of(TaskSpec spec) {
        String names = spec.parameter(Layout.EXACT);
        return new ExactStages(
                Stream.of(names.split(",")).filter(name -> !name.isEmpty()).toList(),
                Integer.parseInt(spec.parameter(Layout.BUCKETS)));
    }

    static Kind kind(String stage) {
        return switch (stage) {
            case Layout.URLS -> Kind.URL;
            case Layout.CONTENTS -> Kind.CONTENT;
            default -> throw new IllegalArgumentException("unknown exact stage " + stage);
        };
    }

    /**
     * Returns for each document of a unit the index of the stage that removes it, or {@link #STAYS}. A stage's result has a
     * bit for each document that was left before it and has a key, by bucket, in order.
     */
    byte[] removals(int unit, KeyFile keys, TaskContext context) throws IOException {
        byte[] removedBy = new byte[keys.documents()];
        Arrays.fill(removedBy, STAYS);
        for (int stage = 0; stage < stages.size(); stage++) {
            Kind kind = kind(stages.get(stage));
            Replies replies = Replies.read(stages.get(stage), buckets, unit, context);
            for (int document = 0; document < removedBy.length; document++) {
                if (removedBy[document] == STAYS
                        && keys.has(document, kind)
                        && replies.next(ExactKey.bucket(keys.high(document, kind), buckets))) {
                    removedBy[document] = (byte) stage;
                }
            }
        }
        return removedBy;
    }
}
