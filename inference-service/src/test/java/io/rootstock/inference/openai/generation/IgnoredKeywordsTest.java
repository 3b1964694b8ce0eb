package io.rootstock.inference.openai.generation;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.v1.IgnoredKeyword;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IgnoredKeywordsTest {
    private static IgnoredKeyword keyword(String field, String pointer) {
        return IgnoredKeyword.newBuilder().setField(field).setPointer(pointer).build();
    }

    private static String warning(List<IgnoredKeyword> ignored) {
        return IgnoredKeywords.warning(ignored, new FieldNames()::of).orElseThrow();
    }

    @Test
    void theWarningNamesTheFieldsOfTheRequest() {
        assertThat(warning(List.of(
                        keyword("tools.tools[1].parameters_schema", "/properties/a/format"),
                        keyword("tools.tools[2].parameters_schema", "/uniqueItems"))))
                .isEqualTo("ignored schema keywords: tools[1].function.parameters#/properties/a/format,"
                        + " tools[2].function.parameters#/uniqueItems");
        assertThat(IgnoredKeywords.warning(List.of(), new FieldNames()::of)).isEmpty();
    }

    @Test
    void aPropertysNameCannotAddHeaders() {
        assertThat(warning(List.of(keyword("f", "/properties/a b\r\nSet-Cookie: é,%/not"))))
                .isEqualTo("ignored schema keywords: f#/properties/a%20b%0D%0ASet-Cookie:%20%C3%A9%2C%25/not");
    }

    @Test
    void theWarningIsBounded() {
        List<IgnoredKeyword> many = IntStream.range(0, 50)
                .mapToObj(i -> keyword("f", "/properties/" + "x".repeat(1000) + i + "/format"))
                .toList();
        assertThat(warning(many)).hasSizeLessThan(3000).endsWith("...; at most 20 are listed");
    }
}
