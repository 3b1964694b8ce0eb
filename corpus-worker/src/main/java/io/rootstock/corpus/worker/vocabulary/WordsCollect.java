package io.rootstock.corpus.worker.vocabulary;

import io.rootstock.corpus.engine.BucketInput;
import io.rootstock.corpus.engine.CollectTask;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.encoding.training.WordRun;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.stream.IntStream;

/** Sums the counts of all units for the words of a bucket. Memory: its distinct words, and one unit's array. */
final class WordsCollect implements CollectTask {
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
