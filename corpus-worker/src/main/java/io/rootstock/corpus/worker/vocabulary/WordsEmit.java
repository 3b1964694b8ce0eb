package io.rootstock.corpus.worker.vocabulary;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.engine.EmitTask;
import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.format.UnitFileReader;
import io.rootstock.corpus.engine.stage.Layout;
import io.rootstock.corpus.worker.shard.SplitRule;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.encoding.training.WordCounter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** Counts the words of a unit's training documents; the hash of a word decides its bucket. */
final class WordsEmit implements EmitTask {
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
