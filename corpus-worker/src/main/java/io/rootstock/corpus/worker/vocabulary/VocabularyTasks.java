package io.rootstock.corpus.worker.vocabulary;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.engine.BucketInput;
import io.rootstock.corpus.engine.Task;
import io.rootstock.corpus.engine.Task.CollectTask;
import io.rootstock.corpus.engine.Task.EmitTask;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskProvider;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.format.UnitFileReader;
import io.rootstock.corpus.engine.stage.Layout;
import io.rootstock.corpus.worker.shard.SplitRule;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.encoding.training.WordCounter;
import io.rootstock.encoding.training.WordRun;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Creates the tasks that count words. */
public final class VocabularyTasks implements TaskProvider {
    static final String EMIT = "corpus.words.emit";
    static final String COLLECT = "corpus.words.collect";

    /** Version of the code; changes whenever some count changes. */
    static final int VERSION = 1;

    @Override
    public Optional<Task> create(TaskSpec spec) {
        Task task = switch (spec.name()) {
            case EMIT -> new WordsEmit(spec);
            case COLLECT -> new WordsCollect();
            default -> null;
        };
        if (task != null && spec.version() != VERSION) {
            throw new IllegalArgumentException("task " + spec.name() + " has version " + VERSION
                    + " here, and the job states " + spec.version() + "; use one version of the jar on all workers");
        }
        return Optional.ofNullable(task);
    }

    /** Counts the words of a unit's training documents; the hash of a word decides its bucket. */
    static final class WordsEmit implements EmitTask {
        static final String PRE_TOKENIZER = "pre-tokenizer";

        private final SplitRule rule;
        private final SplitPattern pattern;

        WordsEmit(TaskSpec spec) {
            rule = SplitRule.of(spec);
            pattern = SplitPattern.valueOf(spec.parameter(PRE_TOKENIZER));
        }

        @Override
        public byte[][] emit(WorkUnit unit, int buckets, TaskContext context) throws IOException {
            List<ByteArrayOutputStream> arrays =
                    Stream.generate(ByteArrayOutputStream::new).limit(buckets).toList();
            try (WordCounter counter = new WordCounter(pattern, 1, WordCounter.MAX_WORDS);
                    UnitFileReader reader =
                            new UnitFileReader(context.file(Layout.documents(Layout.OUTPUT, unit.index())))) {
                for (Document document = reader.next(); document != null; document = reader.next()) {
                    context.checkCancelled();
                    if (rule.isForTraining(document)) {
                        counter.add(document.text().utf8());
                    }
                }
                counter.write(arrays);
            }
            return arrays.stream().map(ByteArrayOutputStream::toByteArray).toArray(byte[][]::new);
        }
    }

    /** Sums the counts of all units for the words of a bucket. Memory: its distinct words, and one unit's array. */
    static final class WordsCollect implements CollectTask {
        static String path(int bucket) {
            return "%s/%06d.run".formatted(VocabularyJob.WORDS, bucket);
        }

        @Override
        public String collect(BucketInput bucket, TaskContext context) throws IOException {
            Iterator<InputStream> runs = IntStream.range(0, bucket.units())
                    .<InputStream>mapToObj(unit -> {
                        context.checkCancelled();
                        return new ByteArrayInputStream(array(bucket, unit));
                    })
                    .iterator();
            context.write(path(bucket.bucket()), stream -> WordRun.sum(runs, stream));
            return "{}";
        }

        private static byte[] array(BucketInput bucket, int unit) {
            try {
                return bucket.array(unit);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
