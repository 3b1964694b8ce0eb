package io.rootstock.inference.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that the README lists every setting with its default, and that the documentation page names every setting. */
class DocumentedSettingsTest {
    private static final String PREFIX = "rootstock.inference.";
    private static final Pattern ROW = Pattern.compile("\\| `" + PREFIX + "([a-z-]+)` \\| `?([^|`]+?)`? \\| .* \\|");

    private static Stream<Method> settings() {
        return Arrays.stream(InferenceSettings.class.getDeclaredMethods());
    }

    private static String separated(String name, String separator) {
        return name.replaceAll("([A-Z])", separator + "$1").toLowerCase(Locale.ROOT);
    }

    @Test
    void theReadmeTableListsEverySettingWithItsDefault() throws IOException {
        Map<String, String> table = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("README.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                table.put(row.group(1), row.group(2));
            }
        }
        assertThat(table.keySet())
                .containsExactlyInAnyOrderElementsOf(settings()
                        .map(setting -> separated(setting.getName(), "-"))
                        .toList());
        settings()
                .filter(setting -> setting.isAnnotationPresent(WithDefault.class))
                .forEach(setting -> {
                    String name = separated(setting.getName(), "-");
                    assertThat(table.get(name))
                            .as(name)
                            .isEqualTo(setting.getAnnotation(WithDefault.class).value());
                });
    }

    @Test
    void theInferencePageNamesEverySetting() throws IOException {
        String page = Files.readString(Path.of("../docs/architecture/inference.md"));
        String named = page.substring(page.indexOf("## Settings"), page.indexOf("llama.cpp's libraries come from npm"));
        assertThat(Pattern.compile("`([A-Z_]+)`")
                        .matcher(named)
                        .results()
                        .map(name -> name.group(1))
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(settings()
                        .map(setting -> separated(setting.getName(), "_").toUpperCase(Locale.ROOT))
                        .toList());
    }
}
