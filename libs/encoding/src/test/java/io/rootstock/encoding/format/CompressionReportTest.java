package io.rootstock.encoding.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.api.EncodingType;
import io.rootstock.encoding.TextCodec;
import io.rootstock.encoding.training.CompressionReport;
import io.rootstock.encoding.training.CompressionReport.Row;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompressionReportTest {
    @Test
    void sumsBytesAndTokensOfEachSource() {
        Map<String, TextCodec> tokenizers = new LinkedHashMap<>();
        tokenizers.put("r50k", OpenAiRanks.tokenizer(EncodingType.R50K_BASE));
        tokenizers.put("cl100k", OpenAiRanks.tokenizer(EncodingType.CL100K_BASE));
        CompressionReport.Builder builder = new CompressionReport.Builder(tokenizers);
        builder.add("greetings", "hello world".getBytes(StandardCharsets.UTF_8));
        builder.add("greetings", "안녕하세요".getBytes(StandardCharsets.UTF_8));
        builder.add("nothing", new byte[0]);
        CompressionReport report = builder.build();
        assertThat(report.rows())
                .containsExactly(
                        new Row("greetings", "r50k", 26, 16),
                        new Row("greetings", "cl100k", 26, 7),
                        new Row("nothing", "r50k", 0, 0),
                        new Row("nothing", "cl100k", 0, 0));
        assertThat(report.rows().get(1).bytesPerToken()).isEqualTo(26.0 / 7);
        assertThat(report.rows().get(2).bytesPerToken()).isZero();
    }
}
