package io.rootstock.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.inference.v1.SamplingDefaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The contracts' comments and the web console state the limits and defaults that the services apply. */
class ContractDefaultsTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Path CONTRACTS = ROOT.resolve("proto/src/main/proto/rootstock");
    private static final Pattern PAGE_SIZE = Pattern.compile("// ([^\n]*)\n *int32 page_size = ");

    @Test
    void pageSizesAreAsInTheContracts() throws IOException {
        List<String> comments = new ArrayList<>();
        try (Stream<Path> files = Files.walk(CONTRACTS)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".proto"))
                    // Lists of files have a page size of their own, as in OpenAI's API.
                    .filter(each -> !each.endsWith("registry/v1/file.proto"))
                    .toList()) {
                PAGE_SIZE.matcher(Files.readString(file)).results().forEach(found -> comments.add(found.group(1)));
            }
        }
        assertThat(comments)
                .hasSizeGreaterThan(20)
                .containsOnly("1 to %d. 0: %d.".formatted(PageToken.MAX_PAGE_SIZE, PageToken.DEFAULT_PAGE_SIZE));
        assertThat(Files.readString(ROOT.resolve("console/src/api/lists.ts")))
                .contains("const MAX_PAGE = " + PageToken.MAX_PAGE_SIZE + ";");
    }

    @Test
    void defaultsOfSamplingAreAsInTheContract() throws IOException {
        String contract = Files.readString(CONTRACTS.resolve("inference/v1/completion.proto"));
        Map.of(
                        "temperature", SamplingDefaults.TEMPERATURE,
                        "top_k", SamplingDefaults.TOP_K,
                        "top_p", SamplingDefaults.TOP_P,
                        "min_p", SamplingDefaults.MIN_P,
                        "repeat_penalty", SamplingDefaults.REPEAT_PENALTY)
                .forEach((field, value) -> assertThat(stated(contract, field)).isEqualTo(value.toString()));
        assertThat(contract)
                .contains("0: " + SamplingDefaults.MAX_TOKENS + ", or the rest of the context if that is less.\n"
                        + "  int32 max_tokens = 1;");
    }

    @Test
    void theConsoleBeginsWithTheDefaultsOfSampling() throws IOException {
        assertThat(Files.readString(ROOT.resolve("console/src/pages/playground/SamplingOptions.tsx")))
                .contains("useUrlState('max', '" + SamplingDefaults.MAX_TOKENS + "')")
                .contains("useUrlState('temperature', '" + SamplingDefaults.TEMPERATURE + "')")
                .contains("useUrlState('top_p', '" + SamplingDefaults.TOP_P + "')")
                .contains("useUrlState('top_k', '" + SamplingDefaults.TOP_K + "')");
    }

    /** The default in the comment of an optional field. */
    private static String stated(String contract, String field) {
        Matcher comment = Pattern.compile("Default:\\s+(?:// )?([0-9.]+)\\.\n *optional \\w+ " + field + " = ")
                .matcher(contract);
        assertThat(comment.find()).as(field).isTrue();
        return comment.group(1);
    }
}
