package io.rootstock.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import io.rootstock.grammar.Grammars;
import io.rootstock.grammar.error.UnsupportedConstraintException;
import io.rootstock.grammar.gbnf.GrammarRules;
import io.rootstock.grammar.regex.Automaton;
import io.rootstock.grammar.regex.RegexParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that docs/reference/openai-api.md lists the subset of JSON Schema that the code enforces. */
class DocumentedSubsetTest {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final List<String> SECTION = section();

    private static List<String> section() {
        try {
            List<String> lines = Files.readAllLines(Path.of("../../docs/reference/openai-api.md"));
            int start = lines.indexOf("## JSON Schema");
            List<String> rest = lines.subList(start + 1, lines.size());
            int end = 0;
            while (!rest.get(end).startsWith("## ")) {
                end++;
            }
            return rest.subList(0, end);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the rows (two columns each) of the table whose first column has this header. */
    private static List<String[]> table(String head) {
        int row = 0;
        while (!SECTION.get(row).startsWith("| " + head + " |")) {
            row++;
        }
        List<String[]> rows = new ArrayList<>();
        for (row += 2; SECTION.get(row).startsWith("|"); row++) {
            String[] columns = SECTION.get(row).split("\\|", -1);
            rows.add(new String[] {columns[1].strip(), columns[2].strip()});
        }
        return rows;
    }

    private static Set<String> codes(String text) {
        Set<String> codes = new LinkedHashSet<>();
        Matcher matcher = CODE.matcher(text);
        while (matcher.find()) {
            codes.add(matcher.group(1));
        }
        return codes;
    }

    private static Set<String> listed() {
        Set<String> listed = new LinkedHashSet<>();
        table("keyword").forEach(row -> listed.addAll(codes(row[0])));
        return listed;
    }

    private static Set<String> ignored() {
        int start = 0;
        while (!SECTION.get(start).startsWith("Accepted without effect: ")) {
            start++;
        }
        int end = start;
        while (!SECTION.get(end).isEmpty()) {
            end++;
        }
        return codes(String.join(" ", SECTION.subList(start, end)));
    }

    static Stream<Arguments> refusals() {
        return table("schema").stream()
                .map(row -> Arguments.of(
                        codes(row[0]).iterator().next(),
                        codes(row[1]).iterator().next()));
    }

    @Test
    void exactlyTheEnforcedKeywordsAreListed() {
        assertThat(listed()).containsExactlyInAnyOrderElementsOf(Keywords.ENFORCED);
    }

    @Test
    void exactlyTheKeywordsWithoutEffectAreListed() {
        Set<String> expected = new LinkedHashSet<>(Keywords.ANNOTATIONS);
        expected.addAll(List.of("x-", "$id", "uniqueItems"));
        assertThat(ignored()).containsExactlyInAnyOrderElementsOf(expected);
        for (String schema : List.of("{\"x-order\":1}", "{\"$id\":\"a\"}", "{\"uniqueItems\":false}")) {
            assertThat(Grammars.fromJsonSchema(schema)).as(schema).contains("root ::=");
        }
    }

    @Test
    void everyKeywordOfTheStandardIsDocumented() throws IOException {
        Set<String> documented = new LinkedHashSet<>(listed());
        documented.addAll(ignored());
        table("schema").forEach(row -> {
            Matcher matcher =
                    Pattern.compile("the keyword (\\S+) is not supported").matcher(row[1]);
            if (matcher.find()) {
                documented.add(matcher.group(1));
            }
        });
        // The meta-schemas of draft 2020-12, from the resources of the JSON Schema validator.
        Set<String> standard = new LinkedHashSet<>();
        for (String vocabulary : List.of(
                "core", "applicator", "unevaluated", "validation", "meta-data", "format-annotation", "content")) {
            try (InputStream file = JsonSchema.class.getResourceAsStream("/draft/2020-12/meta/" + vocabulary)) {
                new ObjectMapper().readTree(file).get("properties").fieldNames().forEachRemaining(standard::add);
            }
        }
        assertThat(standard).hasSizeGreaterThan(50);
        assertThat(documented).containsAll(standard);
    }

    @Test
    void exactlyTheSupportedFormatsAreListed() {
        String row = table("keyword").stream()
                .filter(columns -> columns[0].equals("`format`"))
                .findFirst()
                .orElseThrow()[1];
        assertThat(String.join(", ", codes(row))).isEqualTo(Formats.names());
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void documentedRejectionsHaveTheDocumentedMessage(String schema, String message) {
        assertThatThrownBy(() -> Grammars.fromJsonSchema(schema))
                .isInstanceOf(UnsupportedConstraintException.class)
                .hasMessage(message);
    }

    @Test
    void documentedLimitsEqualTheCode() {
        Map<String, String> limits = new LinkedHashMap<>();
        table("limit").forEach(row -> limits.put(row[0], row[1]));
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("characters of a schema", "" + SchemaReader.MAX_SCHEMA_LENGTH);
        expected.put("nesting depth of schemas", "" + SchemaRules.MAX_DEPTH);
        expected.put("alternatives, including products of `anyOf` inside `allOf`", "" + SchemaRules.MAX_ALTERNATIVES);
        expected.put("values of an `enum`", "" + ScalarRules.MAX_VALUES);
        expected.put("characters of a `pattern`", "" + RegexParser.MAX_PATTERN_LENGTH);
        expected.put("repetition counts in a `pattern`", "" + RegexParser.MAX_COUNT);
        expected.put("states of the automaton of a string schema", "" + Automaton.MAX_STATES);
        expected.put("rules of the grammar", "" + GrammarRules.MAX_RULES);
        expected.put("characters of the grammar", "" + GrammarRules.MAX_LENGTH);
        expected.put("nesting depth of values without a schema", "" + JsonRules.MAX_VALUE_DEPTH);
        expected.put(
                "digits of integers without bounds",
                "" + NumberTexts.MAX.toString().length());
        assertThat(limits).isEqualTo(expected);
    }
}
