package io.rootstock.corpus.worker.shard;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.engine.Stage;
import io.rootstock.corpus.engine.Task;
import io.rootstock.corpus.engine.Task.UnitTask;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskProvider;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.count.CountsJson;
import io.rootstock.corpus.engine.format.UnitFileReader;
import io.rootstock.corpus.engine.stage.Layout;
import io.rootstock.corpus.worker.shard.UnitShards.SplitCounts;
import io.rootstock.corpus.worker.token.LoadedTokenizers;
import io.rootstock.corpus.worker.token.PreparedTokenizer;
import io.rootstock.encoding.bpe.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Creates the task of splits and shards. */
public final class ShardTasks implements TaskProvider {
    @Override
    public Optional<Task> create(TaskSpec spec) {
        if (!spec.name().equals(ShardTask.NAME)) {
            return Optional.empty();
        }
        if (spec.version() != ShardTask.VERSION) {
            throw new IllegalArgumentException("task " + spec.name() + " has version " + ShardTask.VERSION
                    + " here, and the job states " + spec.version() + "; use one version of the jar on all workers");
        }
        return Optional.of(new ShardTask(spec));
    }

    /** Divides the documents of a unit into splits and, with a tokenizer, writes their shards. A shard has rows of one unit. */
    static final class ShardTask implements UnitTask {
        static final String NAME = "corpus.shards";

        /** Version of the code; changes whenever some shard or count changes. */
        static final int VERSION = 1;

        private static final String TOKENIZER = "tokenizer";

        private final SplitRule rule;
        private final String tokenizerDigest;

        ShardTask(TaskSpec spec) {
            rule = SplitRule.of(spec);
            tokenizerDigest = spec.parameter(TOKENIZER);
        }

        /** Describes the stage: {@code shards}, or {@code splits} where documents are only counted. */
        static Stage stage(SplitRule rule, Optional<PreparedTokenizer> tokenizer) {
            Map<String, String> parameters = new HashMap<>(rule.parameters());
            parameters.put(TOKENIZER, tokenizer.map(PreparedTokenizer::digest).orElse(""));
            return new Stage(tokenizer.isPresent() ? "shards" : "splits", TaskSpec.of(NAME, VERSION, parameters));
        }

        @Override
        public String run(WorkUnit unit, TaskContext context) throws IOException {
            Optional<Tokenizer> tokenizer = tokenizerDigest.isEmpty()
                    ? Optional.empty()
                    : Optional.of(LoadedTokenizers.load(context.file(PreparedTokenizer.COPY), tokenizerDigest));
            Map<Split, SplitShards> splits = new EnumMap<>(Split.class);
            for (Split split : Split.values()) {
                splits.put(split, new SplitShards(unit.index(), split, tokenizer, context));
            }
            try (UnitFileReader reader =
                    new UnitFileReader(context.file(Layout.documents(Layout.OUTPUT, unit.index())))) {
                for (Document document = reader.next(); document != null; document = reader.next()) {
                    context.checkCancelled();
                    splits.get(rule.of(document)).add(document);
                }
            }
            List<SplitCounts> counts = new ArrayList<>();
            for (SplitShards split : splits.values()) {
                split.finish().ifPresent(counts::add);
            }
            return CountsJson.write(new UnitShards(counts));
        }
    }
}
