package io.rootstock.corpus.worker.shard;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.engine.format.UnitFileReader;
import io.rootstock.corpus.engine.job.CorpusManifest.OutputUnit;
import io.rootstock.corpus.engine.job.TokenizerSample;
import io.rootstock.corpus.worker.token.OpenAiEncodings;
import io.rootstock.encoding.TextCodec;
import io.rootstock.encoding.training.CompressionReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares a tokenizer with OpenAI's encodings on the first documents of a source, until they have {@value #BYTES} bytes.
 *
 * @param name name of the tokenizer in reports
 * @param tokenizer the tokenizer
 */
record CompressionSample(String name, TextCodec tokenizer) {
    static final int BYTES = 1 << 20;

    /** Returns the tokens with each tokenizer; none for a source without documents. */
    List<TokenizerSample> of(Path workspace, List<OutputUnit> units) throws IOException {
        Map<String, TextCodec> codecs = new LinkedHashMap<>();
        codecs.put(name, tokenizer);
        codecs.putAll(OpenAiEncodings.ALL);
        CompressionReport.Builder report = new CompressionReport.Builder(codecs);
        long bytes = 0;
        for (OutputUnit unit : units) {
            if (bytes >= BYTES) {
                break;
            }
            try (UnitFileReader reader = new UnitFileReader(workspace.resolve(unit.path()))) {
                Document document = reader.next();
                while (document != null && bytes < BYTES) {
                    byte[] text = document.text().utf8();
                    report.add("", text);
                    bytes += text.length;
                    document = reader.next();
                }
            }
        }
        return report.build().rows().stream()
                .map(row -> new TokenizerSample(row.tokenizer(), row.bytes(), row.tokens()))
                .toList();
    }
}
